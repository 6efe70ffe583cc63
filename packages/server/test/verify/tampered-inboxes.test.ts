import { describe, expect, test } from 'vitest';
import { CALL, CALL2 } from '../support/calls.ts';
import { MISSED, UNSEEN, spoiled } from './life.ts';

describe('an inbox that was changed', () => {
  test.each([
    [
      `DELETE FROM inbox WHERE owner = 'bob' AND cursor = 4`,
      [
        'the inbox of bob: ends at 3, and its head is 4',
        `${UNSEEN}: its record does not lie in the inbox of bob`,
        `the inbox of alice, item 4: its message record:${UNSEEN} does not lie in the inbox of bob at 4`,
        'the conversation of bob with alice: ends at 4, and its last item lies at 3',
      ],
    ],
    [
      `DELETE FROM inbox WHERE owner = 'bob' AND cursor = 2`,
      [
        'the inbox of bob: has 3 items from 1 to 4',
        `${CALL}: its record does not lie in the inbox of bob`,
        `the inbox of alice, item 2: its message record:${CALL} does not lie in the inbox of bob at 2`,
        'the conversation of bob with alice: has 1 unread, and counted anew 0',
      ],
    ],
    [
      `UPDATE inboxes SET first = 2 WHERE owner = 'bob'`,
      ['the inbox of bob: begins at 1, and those before 2 were removed'],
    ],
    [
      `INSERT INTO inboxes (owner, head, acknowledged) VALUES ('carol', 3, 0)`,
      ['the inbox of carol: is empty, and not removed are those from 1 to 3'],
    ],
    [
      `UPDATE inboxes SET acknowledged = 99 WHERE owner = 'bob'`,
      [
        'the inbox of bob: is acknowledged up to 99, beyond its head 4',
        'the conversation of alice with bob: is delivered up to 1, and bob has had it up to 2',
      ],
    ],
  ])('[VFY2] %s', async (statement, flaws) => {
    expect(await spoiled(statement)).toEqual(flaws);
  });
});

describe('a message that was changed', () => {
  // What is read of the text by those who wrote it, and by those whom it was for, is gone with it.
  const notHad = [
    'the conversation of alice with bob: is delivered up to 1, and bob has had it up to 0',
    'the conversation of alice with bob: is read by the peer up to 1, and bob has read it up to 0',
  ];
  test.each([
    [
      `DELETE FROM messages WHERE id NOT LIKE 'record:%'`,
      [
        'the inbox of alice, item 1: its message is gone',
        'the inbox of bob, item 1: its message is gone',
        ...notHad,
      ],
    ],
    [
      `UPDATE messages SET sender = 'zz' WHERE id NOT LIKE 'record:%'`,
      [
        'the inbox of alice, item 1: its message <id> is from zz to bob',
        'the inbox of alice, item 1: its message <id> does not lie in the inbox of zz at 1',
        'the inbox of bob, item 1: its message <id> is not found between zz and bob',
        'the inbox of bob, item 1: no conversation with zz is kept',
        'the inbox of bob, item 1: its message <id> does not lie in the inbox of zz at 1',
        'the conversation of alice with bob: has 2 unread, and counted anew 3',
        ...notHad,
        'message <id> from zz to bob: event 5 of it has from "alice", the message itself "zz"',
        'message <id> from zz to bob: event 5 of it has key "from alice\\nbob", not "from zz\\nbob"',
      ],
    ],
    [
      `UPDATE messages SET id = 'same'`,
      [
        `${CALL}: its record does not lie in the inbox of alice`,
        `${CALL}: its record does not lie in the inbox of bob`,
        `${MISSED}: its record does not lie in the inbox of bob`,
        `${MISSED}: its record does not lie in the inbox of alice`,
        `${UNSEEN}: its record does not lie in the inbox of bob`,
        `${UNSEEN}: its record does not lie in the inbox of alice`,
        'message same: there are 4 with this id',
      ],
    ],
    [
      'UPDATE messages SET recipient_cursor = 2 WHERE recipient_cursor = 1',
      [
        'the inbox of alice, item 1: its message <id> does not lie in the inbox of bob at 2',
        'the inbox of bob, item 1: its message <id> has place 2 there',
        ...notHad,
        'the conversation of bob with alice: has 2 unread, and counted anew 1',
      ],
    ],
    [
      'UPDATE messages SET sender_cursor = 0 WHERE sender_cursor = 1',
      ['the inbox of alice, item 1: its message <id> has place 0 there', ...notHad],
    ],
    [
      `UPDATE messages SET user_a = 'zz' WHERE sender_cursor = 1`,
      [
        'the inbox of alice, item 1: its message <id> is not found between alice and bob',
        'the inbox of bob, item 1: its message <id> is not found between alice and bob',
        ...notHad,
      ],
    ],
    [
      `INSERT INTO messages (id, sender, recipient, sender_cursor, recipient_cursor, user_a, user_b, at, body)
        SELECT 'left over', sender, recipient, 0, 0, user_a, user_b, at, body
        FROM messages WHERE n = 1`,
      ['message left over: is kept, and lies in no inbox'],
    ],
    [
      `UPDATE messages SET body = json_set(body, '$.text', 'bye') WHERE sender_cursor = 1`,
      [
        'message <id> from alice to bob: event 5 of it has body {"kind":"text","text":"hello"}, the message itself {"kind":"text","text":"bye"}',
      ],
    ],
  ])('[VFY2] %s', async (statement, flaws) => {
    expect(await spoiled(statement)).toEqual(flaws);
  });
});

describe('a conversation that was changed', () => {
  const ofAlice = 'the conversation of alice with bob';
  const ofBob = 'the conversation of bob with alice';
  test.each([
    [
      `UPDATE conversations SET read = 9 WHERE owner = 'bob'`,
      [`${ofBob}: is read up to 9, beyond the head 4`],
    ],
    [
      // Bob has read it, says Alice's mark.
      `UPDATE conversations SET read = 0 WHERE owner = 'bob'`,
      [`${ofAlice}: is read by the peer up to 1, and bob has read it up to 0`],
    ],
    [
      `UPDATE conversations SET delivered = 2 WHERE owner = 'alice'`,
      [`${ofAlice}: is delivered up to 2, and bob has had it up to 1`],
    ],
    [
      `UPDATE conversations SET delivered = 0, peer_read = 0 WHERE owner = 'alice'`,
      [`${ofAlice}: is delivered up to 0, and bob has had it up to 1`],
    ],
    [
      `UPDATE conversations SET peer_read = 2 WHERE owner = 'alice'`,
      [
        `${ofAlice}: is read by the peer up to 2, and bob has read it up to 1`,
        `${ofAlice}: is read by the peer up to 2, and delivered up to 1`,
      ],
    ],
    [
      `UPDATE conversations SET delivered = 9, peer_read = 9 WHERE owner = 'alice'`,
      [
        `${ofAlice}: is delivered up to 9, beyond the head 4`,
        `${ofAlice}: is read by the peer up to 9, beyond the head 4`,
      ],
    ],
    [
      `UPDATE conversations SET last = 3 WHERE owner = 'alice'`,
      [
        'the inbox of alice, item 4: the conversation with bob ends at 3',
        `${ofAlice}: ends at 3, and its last item lies at 4`,
      ],
    ],
    [
      `DELETE FROM conversations WHERE owner = 'alice'`,
      [1, 2, 3, 4].map(
        (cursor) => `the inbox of alice, item ${cursor}: no conversation with bob is kept`,
      ),
    ],
    [
      `INSERT INTO conversations (owner, peer, last, revision) VALUES ('alice', 'carol', 2, 0)`,
      ['the conversation of alice with carol: ends at 2, and its last item lies at 0'],
    ],
    [
      `UPDATE inboxes SET revision = 0 WHERE owner = 'bob'`,
      [`${ofBob}: has revision 3, and the newest is 0`],
    ],
  ])('[VFY5] %s', async (statement, flaws) => {
    expect(await spoiled(statement)).toEqual(flaws);
  });
});

describe('an outbox that was changed', () => {
  const to = 'https-backend-example-com-';
  test.each([
    [
      `DELETE FROM events WHERE type = 'record.created'`,
      [
        `delivery 7 to ${to}, of ${CALL}: its event 7 is gone`,
        `delivery 10 to ${to}, of ${MISSED}: its event 10 is gone`,
        `delivery 13 to ${to}, of ${UNSEEN}: its event 13 is gone`,
      ],
    ],
    [
      `DELETE FROM events WHERE sequence = 3 AND key = '${CALL}'`,
      [`delivery 3 to ${to}, of ${CALL}: its event 3 is gone`],
    ],
    [
      `INSERT INTO deliveries (endpoint, event, lane, form, state, attempts, due_at, claimed)
        VALUES ('x', 999, '${CALL}', 'event', 'waiting', 0, 1, 0)`,
      [`delivery 15 to x, of ${CALL}: its event 999 is gone`],
    ],
    [
      `UPDATE deliveries SET due_at = NULL WHERE lane = '${CALL2}'`,
      [`delivery 14 to ${to}, of ${CALL2}: waits behind nothing`],
    ],
    [
      `UPDATE events SET data = json_set(data, '$.media', 'video') WHERE sequence = 2 AND key = '${CALL}'`,
      [`${CALL}: its event 2 has media "video", its log "audio"`],
    ],
    [
      `UPDATE events SET sequence = 2 WHERE sequence = 3 AND key = '${CALL}'`,
      [
        `${CALL}: its events are numbered 1, 2, 2, 4, 5, 6`,
        `${CALL}: its event 2 has sequence 3, its log 2`,
      ],
    ],
    [
      `UPDATE events SET type = 'call.held' WHERE sequence = 3 AND key = '${CALL}'`,
      [`${CALL}: its event 3, call.held at 1767225600020, is not in its log`],
    ],
    [
      `UPDATE events SET at = 3 WHERE sequence = 3 AND key = '${CALL}'`,
      [`${CALL}: its event 3, call.accepted at 3, is not in its log`],
    ],
    [
      `UPDATE events SET sequence = 2, data = json_set(data, '$.sequence', 2) WHERE key = '${CALL2}'`,
      [`${CALL2}: its events are numbered 2`],
    ],
    [
      `UPDATE events SET key = 'call-of-nobody' WHERE key = '${CALL2}'`,
      ['call-of-nobody: event <id> is kept of it, and no call'],
    ],
    [
      `UPDATE events SET data = json_set(data, '$.to', 'carol') WHERE type = 'message.sent'`,
      ['message <id> from alice to bob: event 5 of it has to "carol", the message itself "bob"'],
    ],
  ])('[VFY2] %s', async (statement, flaws) => {
    expect(await spoiled(statement)).toEqual(flaws);
  });

  test('[VFY2] the record that an event tells is the one that is kept', async () => {
    const altered = `UPDATE events SET data = json_set(data, '$.record.status', 5)
      WHERE type = 'record.created' AND key = '${CALL}'`;
    const [flaw = '', ...more] = await spoiled(altered);
    expect(more).toEqual([]);
    expect(flaw).toMatch(
      RegExp(`^${CALL}: its event 6 has record .*"status":5.*, its log .*"status":1`),
    );
  });
});
