import { describe, expect, test } from 'vitest';
import type { NewEvent } from '../../src/store/outbox.ts';
import type { Step } from '../../src/store/store.ts';
import { bound, cancelled, commit, invited, itemOf, lineOf, textOf } from '../store/builders.ts';
import { CALL, CALL2 } from '../support/calls.ts';
import { flawsOf } from './flaws-of.ts';
import { STORES, lived } from './life.ts';

const held: NewEvent = {
  id: 'event',
  type: 'call.held',
  key: CALL,
  data: { call: CALL },
  deliveries: [],
};
const text = { ...textOf('alice', 'bob'), id: 'text' };
const told = { id: 'text', from: 'alice', to: 'bob', at: text.at, body: text.body };
const open = invited();
const over = cancelled(invited());
const record = { ...over.record, call: 'call-of-nobody' };

/** Steps that no server takes, and what is told of each. */
const impossible: readonly (readonly [string, Partial<Step>, readonly string[]])[] = [
  [
    'a mark behind the inbox',
    { reads: [{ user: 'bob', peer: 'alice', cursor: 99, isTold: false }] },
    ['the conversation of bob with alice: is read up to 99, beyond the head 4'],
  ],
  [
    'a device that has more than there is',
    { devices: [bound({ user: 'bob', device: 'bob2' }, { acknowledged: 99 })] },
    ['the inbox of bob: is acknowledged up to 99, beyond its head 4'],
  ],
  ['a record without a call', { records: [record] }, ['call-of-nobody: has a record and no call']],
  [
    'a record as a message only',
    {
      inbox: [
        { ...itemOf('alice', 'bob', { kind: 'record', record }), id: 'record:call-of-nobody' },
      ],
    },
    ['call-of-nobody: its record is a message, and is not kept'],
  ],
  ['an end without a record', { calls: [{ ...over, version: 1 }] }, [`${over.id}: has 0 records`]],
  ['two messages with one id', { inbox: [text, text] }, ['message text: there are 2 with this id']],
  [
    'a call on nobody’s line',
    { calls: [open] },
    [
      `${open.id}: is open, and the line of alice does not name it`,
      `${open.id}: is open, and the line of bob does not name it`,
    ],
  ],
  [
    'a line of another’s calls',
    { lines: [lineOf('carol', 1, [CALL, CALL2])] },
    [
      `the line of carol names ${CALL}, which is not open`,
      `the line of carol names ${CALL2}, which is of alice and bob`,
    ],
  ],
  [
    'a mark of calls that others missed',
    { seen: [{ user: 'carol', call: CALL }] },
    ['carol: has seen what it missed up to record 1, which is of alice and bob'],
  ],
  [
    'an event that did not happen',
    { events: [held] },
    [`${CALL}: its event 7, call.held at 1800000000000, is not in its log`],
  ],
  [
    'an event of no call',
    { events: [{ ...held, key: 'call-of-nobody' }] },
    ['call-of-nobody: event event is kept of it, and no call'],
  ],
  [
    'an event that has another word of a message',
    {
      inbox: [text],
      events: [{ ...held, type: 'message.sent', key: 'from alice\nbob', data: { ...told, at: 7 } }],
    },
    [`message text from alice to bob: event 15 of it has at 7, the message itself ${text.at}`],
  ],
];

describe.each(STORES)('%s', (_, make) => {
  test.each(impossible)('[VFY2] %s is told', async (_title, step, flaws) => {
    const store = make();
    await lived(store);
    await commit(store, step);
    expect(await flawsOf(store)).toEqual(flaws);
    await store.close();
  });

  test('[VFY2] what a message says and what is told of it may be the same', async () => {
    const store = make();
    const event = { ...held, type: 'message.sent' as const, key: 'from alice\nbob', data: told };
    await commit(store, { inbox: [text], events: [event] });
    expect(await flawsOf(store)).toEqual([]);
    await store.close();
  });
});
