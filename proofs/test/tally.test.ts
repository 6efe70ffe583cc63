import type { CallRecord, Message } from '@ringline/client';
import { END_REASONS, EVENT_TYPES } from '@ringline/protocol';
import { expect, test } from 'vitest';
import { DEEDS, Ledger } from '../src/records/ledger.ts';
import type { Found } from '../src/records/tally.ts';
import { tally } from '../src/records/tally.ts';

const CALLS = END_REASONS.map((reason, i) => ({ call: `call${i}`, reason }));
const [FIRST = { call: '', reason: '' }] = CALLS;
const HELLO = { from: 'alice', to: 'bob', text: 'hello' };

function recordOf(call: string, roomId: number): CallRecord {
  return {
    call,
    roomId,
    type: 'audio',
    status: 4,
    reason: 'no-answer',
    caller: 'alice',
    callee: 'bob',
    durations: [],
    invitedAt: 0,
    acceptedAt: null,
    connectedAt: null,
    endedAt: 1,
    endedBy: null,
  };
}

/** A device that was handed all there is, in this order. */
function deviceOf(user: string, ids = [...CALLS.map(({ call }) => call), 'hello']) {
  const messages = ids.map((id, i): Message => {
    const envelope = { id, from: 'alice', to: 'bob', at: 0, cursor: i + 1 };
    if (id === 'hello') return { ...envelope, kind: 'text', text: 'hello' };
    return { ...envelope, kind: 'record', record: recordOf(id, i) };
  });
  return { user, messages, sentAway: [] };
}

/** Everything is where it has to be. */
function whole(): Found {
  const ledger = new Ledger();
  for (const { call } of CALLS) ledger.calls.set(call, ['alice', 'bob']);
  ledger.messages.set('hello', HELLO);
  ledger.invitations.add('coffee');
  for (const deed of DEEDS) ledger.did(deed);
  const ids = CALLS.map(({ call }) => call);
  return {
    ledger,
    devices: [deviceOf('alice'), deviceOf('bob'), deviceOf('bob')],
    receiver: {
      records: ids,
      messages: ['hello'],
      copied: [...ids, 'hello'],
      invitations: ['coffee'],
      invitationsOver: ['coffee'],
      types: new Map(EVENT_TYPES.map((type) => [type, 1])),
      flaws: [],
    },
    stored: {
      records: CALLS.map((each) => ({ ...each, caller: 'alice', callee: 'bob' })),
      messages: [{ id: 'hello', ...HELLO }],
    },
  };
}

test('all is counted, and nothing is wrong, where everything is in its place', () => {
  const counted = {
    records: CALLS.length,
    messages: 1,
    invitations: 1,
    lost: 0,
    doubled: 0,
    flaws: [],
  };
  expect(tally(whole())).toMatchObject(counted);
});

test.each<[string, (found: Found) => Partial<Found>, number, number, string]>([
  [
    'a record that the store lacks',
    ({ stored }) => ({ stored: { ...stored, records: stored.records.slice(1) } }),
    1,
    0,
    'the store lacks call0',
  ],
  [
    'a record that one of two devices lacks',
    ({ devices }) => ({ devices: [...devices, deviceOf('bob', ['hello', 'call0'])] }),
    CALLS.length - 1,
    0,
    'devices of bob differ in order',
  ],
  [
    'a message that a device had twice',
    ({ devices: [alice = deviceOf('alice')] }) => ({
      devices: [{ ...alice, messages: [...alice.messages, ...alice.messages.slice(-1)] }],
    }),
    0,
    1,
    'the app of alice had its inbox out of order',
  ],
  [
    'a device that a server sent away',
    ({ devices: [alice = deviceOf('alice')] }) => ({
      devices: [{ ...alice, sentAway: ['replaced'] }],
    }),
    0,
    0,
    'a device of alice was sent away: replaced',
  ],
  [
    'a message that came to the receiver under two ids',
    ({ receiver }) => ({ receiver: { ...receiver, messages: ['hello', 'hello'] } }),
    0,
    1,
    'the receiver of messages has hello twice',
  ],
  [
    'a copy-out that never came',
    ({ receiver }) => ({ receiver: { ...receiver, copied: receiver.records } }),
    1,
    0,
    'the copy-out lacks hello',
  ],
  [
    'a bare invitation whose end never came',
    ({ receiver }) => ({ receiver: { ...receiver, invitationsOver: [] } }),
    1,
    0,
    'the receiver of their ends lacks coffee',
  ],
  [
    'a bare invitation that came to the receiver under two ids',
    ({ receiver }) => ({ receiver: { ...receiver, invitations: ['coffee', 'coffee'] } }),
    0,
    1,
    'the receiver of invitations has coffee twice',
  ],
  [
    'a text that was kept under two ids',
    ({ stored }) => ({
      stored: { ...stored, messages: [...stored.messages, { id: 'again', ...HELLO }] },
    }),
    0,
    1,
    'the store of texts has hello twice',
  ],
  [
    'a kind of call that did not come to pass',
    ({ ledger }) => {
      ledger.deeds.delete('two calls were swapped');
      return { ledger };
    },
    0,
    0,
    'not of all kinds: two calls were swapped did not come to pass',
  ],
])('sees %s', (_, harm, lost, doubled, flaw) => {
  const found = whole();
  const seen = tally({ ...found, ...harm(found) });
  expect(seen).toMatchObject({ lost, doubled });
  expect(seen.flaws).toContain(flaw);
});

test('what people never came to the end of is told', () => {
  const found = whole();
  found.ledger.unended.push('it has no end: both call of troupe 16');
  expect(tally(found).flaws).toEqual(['it has no end: both call of troupe 16']);
});

test('a bare invitation of which its caller does not know is due once it was told, with its end', () => {
  const found = whole();
  found.ledger.invitations.clear();
  expect(tally(found).flaws).toContain(
    'the receiver of invitations has coffee, of which nobody knows',
  );
  found.ledger.unsureInvitations.add('coffee').add('tea');
  expect(tally(found)).toMatchObject({ invitations: 1, flaws: [] });
  const receiver = { ...found.receiver, invitationsOver: [] };
  expect(tally({ ...found, receiver }).flaws).toContain('the receiver of their ends lacks coffee');
});

test('a call that its caller was told nothing of is due once the server has it, and only that once', () => {
  const found = whole();
  found.ledger.calls.delete(FIRST.call);
  expect(tally(found).flaws).toContain('the store has call0, of which nobody knows');
  found.ledger.unsureCalls.push(['alice', 'bob']);
  expect(tally(found).flaws).toEqual([]);
  const second = { call: 'second', caller: 'alice', callee: 'bob', reason: 'completed' };
  const stored = { ...found.stored, records: [...found.stored.records, second] };
  expect(tally({ ...found, stored }).flaws).toContain(
    'the store has second, of which nobody knows',
  );
});
