import { expect, test } from 'vitest';
import type { StoredCall, Watched } from '../src/cluster/verdict.ts';
import {
  AFTERMATH_MS,
  ANSWERING_MS,
  BELIEF_TOLERANCE_MS,
  RING_TOLERANCE_MS,
  SETTLED_MS,
  flawsOf,
  isProved,
  lateFarewells,
} from '../src/cluster/verdict.ts';

const DEADLINE = 10_000;
const RANG = { user: 'bob', call: 'call', from: 5_000, until: DEADLINE + RING_TOLERANCE_MS };

const CALL: StoredCall = {
  call: 'call',
  callee: 'bob',
  reason: 'no-answer',
  invitedAt: 5_000,
  connectedAt: null,
  endedAt: 9_000,
};
/** Of a phone that had its server before the call ended. */
const BELIEVED = { user: 'bob', call: 'call', since: 0, at: 9_000 + BELIEF_TOLERANCE_MS };

/** Everything is as it should be: a phone rang just as long as it may. */
function quiet(): Watched {
  return {
    rings: [RANG],
    lags: [],
    beliefs: [BELIEVED],
    presences: [],
    blows: [],
    calls: [CALL],
    deadlines: new Map([['call', DEADLINE]]),
    believers: [],
    leftover: { lines: [], openCalls: [], openInvitations: [] },
    now: 60_000,
  };
}

test('nothing is wrong where phones rang in their time, nobody believes in what is over and all is clear', () => {
  expect(flawsOf(quiet())).toEqual([]);
});

test('a phone whose user answered in time may wait for the server’s word', () => {
  const answeredAt = DEADLINE;
  const until = answeredAt + ANSWERING_MS + RING_TOLERANCE_MS;
  expect(flawsOf({ ...quiet(), rings: [{ ...RANG, until, answeredAt }] })).toEqual([]);
});

const LATE = { ...RANG, until: RANG.until + 1 };

test.each<[string, Partial<Watched>, string]>([
  [
    'a phone that rang a millisecond too long',
    { rings: [LATE] },
    'bob rang for call 1001 ms past its deadline',
  ],
  [
    'a phone whose user answered, and that waits a millisecond too long',
    {
      rings: [{ ...RANG, answeredAt: 5_000, until: 5_001 + ANSWERING_MS + RING_TOLERANCE_MS }],
    },
    'bob rang for call 1001 ms past its deadline',
  ],
  [
    'a phone whose user answered a millisecond too late',
    { rings: [{ ...LATE, answeredAt: DEADLINE + 1 }] },
    'bob rang for call 1001 ms past its deadline',
  ],
  [
    'a phone that still rings',
    { rings: [{ user: 'bob', call: 'call', from: 5_000 }] },
    'bob rang for call 50000 ms past its deadline',
  ],
  [
    'a phone that rang for a call that never rang',
    { rings: [{ ...RANG, call: 'other' }] },
    'bob rang for other, which never rang',
  ],
  [
    'a phone that believed a millisecond too long',
    { beliefs: [{ ...BELIEVED, at: BELIEVED.at + 1 }] },
    'bob believed in call for 31001 ms after its end',
  ],
  ['a phone that believes', { believers: ['bob believes in call'] }, 'bob believes in call'],
  [
    'a line that is taken',
    { leftover: { lines: ['bob'], openCalls: [], openInvitations: [] } },
    'the lines of bob are not clear',
  ],
  [
    'a call without an end',
    { leftover: { lines: [], openCalls: ['a', 'b', 'c', 'd'], openInvitations: [] } },
    'calls a, b, c never ended and 1 more',
  ],
  [
    'an invitation without an end',
    { leftover: { lines: [], openCalls: [], openInvitations: ['i'] } },
    'invitations i never ended',
  ],
])('sees %s', (_, harm, flaw) => {
  expect(flawsOf({ ...quiet(), ...harm })).toEqual([flaw]);
});

test('a phone is excused for as long as this process came to nothing after the deadline, and no longer', () => {
  const lag = { from: DEADLINE - 500, until: DEADLINE + 1 };
  expect(flawsOf({ ...quiet(), rings: [LATE], lags: [lag] })).toEqual([]);
  const before = { from: DEADLINE - 500, until: DEADLINE };
  expect(flawsOf({ ...quiet(), rings: [LATE], lags: [before] })).toHaveLength(1);
});

test('what a phone believes without a server does not count: its time runs from when it has one', () => {
  const belief = { ...BELIEVED, at: BELIEVED.at + 1, since: 9_001 };
  expect(flawsOf({ ...quiet(), beliefs: [belief] })).toEqual([]);
});

test('a call that nobody answered has to have rung, if a phone had its server and nothing was broken', () => {
  const phone = { user: 'bob', from: CALL.invitedAt - SETTLED_MS - 1, until: CALL.endedAt + 1 };
  const unheard = { ...quiet(), rings: [], presences: [phone] };
  expect(flawsOf(unheard)).toEqual(['call rang nowhere']);
  expect(flawsOf({ ...unheard, rings: [RANG] })).toEqual([]);
  expect(flawsOf({ ...unheard, calls: [{ ...CALL, reason: 'busy' }] })).toEqual([]);
  expect(flawsOf({ ...unheard, calls: [{ ...CALL, callee: 'nobody' }] })).toEqual([]);

  const late = { ...phone, from: phone.from + 1 };
  const dropped = { ...phone, until: CALL.endedAt };
  expect(flawsOf({ ...unheard, presences: [late, dropped] })).toEqual([]);

  const before = CALL.invitedAt - AFTERMATH_MS;
  const blow = (from: number, until: number) => ({ ...unheard, blows: [{ from, until }] });
  expect(flawsOf(blow(before - 10, before - 1))).toHaveLength(1);
  expect(flawsOf(blow(before - 10, before))).toEqual([]);
  expect(flawsOf(blow(CALL.endedAt, CALL.endedAt + 10))).toEqual([]);
  expect(flawsOf(blow(CALL.endedAt + 1, CALL.endedAt + 10))).toHaveLength(1);
});

test('how late phones learnt of ends is counted from the end in the store; a phone may know it first', () => {
  const call = { ...CALL, endedAt: 100 };
  const learnt = (at: number) => ({ user: 'bob', call: 'call', at });
  expect(lateFarewells([learnt(350), learnt(90)], [call])).toEqual([250, 0]);
  expect(lateFarewells([{ ...learnt(350), call: 'other' }], [call])).toEqual([]);
});

const PROVED = { records: 300, lost: 0, doubled: 0, flaws: [], verdict: { code: 0 } };

test('it is proved when nothing is lost, doubled or wrong, and as many calls were made as were asked for', () => {
  expect(isProved(PROVED, 300)).toBe(true);
});

test.each([
  ['a loss', { lost: 1 }],
  ['a double', { doubled: 1 }],
  ['a flaw', { flaws: ['bob believes in call'] }],
  ['too few calls', { records: 299 }],
  ['what `ringline verify` found', { verdict: { code: 1 } }],
  ['a `ringline verify` that died', { verdict: { code: null } }],
])('%s is enough that it is not', (_, harm) => {
  expect(isProved({ ...PROVED, ...harm }, 300)).toBe(false);
});
