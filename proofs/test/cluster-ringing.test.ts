import { expect, test } from 'vitest';
import type { Heard } from '../src/cluster/ringing.ts';
import {
  AFTERMATH_MS,
  GOT_OVER_MS,
  RINGS_WITHIN_MS,
  RING_NEEDS_MS,
  SETTLED_MS,
  judgementsOf,
  unjudged,
} from '../src/cluster/ringing.ts';
import type { StoredCall } from '../src/cluster/stored.ts';

const NATS = 'NATS killed';
const LONG = 'a node cut off PostgreSQL for long';

/** Nobody answered it. */
const CALL: StoredCall = {
  call: 'call',
  callee: 'bob',
  reason: 'no-answer',
  invitedAt: 100_000,
  connectedAt: null,
  endedAt: 105_000,
};
/** By then its phone has to ring. */
const DUE = CALL.invitedAt + RINGS_WITHIN_MS;
const RANG = { user: 'bob', call: 'call', from: 100_100, until: 105_000 };
/** A phone that had its server for just as long as it must. */
const PHONE = { user: 'bob', from: CALL.invitedAt - SETTLED_MS - 1, until: DUE + 1 };

/** A call that rang nowhere, for no reason. */
const UNHEARD: Heard = { calls: [CALL], rings: [], presences: [PHONE], dealt: [], lags: [] };
const NOWHERE = { call: 'call', rang: false, after: undefined };

const blow = (from: number, repaired: number) =>
  ({ what: NATS, from, repaired, isJudged: true }) as const;

test('a call that nobody answered had to ring, if a phone had its server', () => {
  expect(judgementsOf(UNHEARD)).toEqual([NOWHERE]);
  expect(judgementsOf({ ...UNHEARD, rings: [RANG] })).toEqual([{ ...NOWHERE, rang: true }]);
  const offline = { ...CALL, reason: 'offline' };
  expect(judgementsOf({ ...UNHEARD, calls: [offline] })).toEqual([NOWHERE]);
});

test('a call that was answered counts among those that had to ring; one that its caller left, or that found a busy line, is judged only if it rang', () => {
  for (const reason of ['completed', 'cancelled', 'busy']) {
    const heard = { ...UNHEARD, calls: [{ ...CALL, reason }] };
    expect(judgementsOf(heard)).toEqual([]);
    expect(judgementsOf({ ...heard, rings: [RANG] })).toMatchObject([{ rang: true }]);
  }
});

test('a call for which the phones of this process had too little time need not ring', () => {
  const call = { ...CALL, endedAt: CALL.invitedAt + 1_000 };
  const lag = (until: number) => [{ from: CALL.invitedAt - 500, until }];
  const until = call.endedAt - RING_NEEDS_MS;
  const short = { ...UNHEARD, calls: [call] };
  expect(judgementsOf({ ...short, lags: lag(until) })).toEqual([NOWHERE]);
  expect(judgementsOf({ ...short, lags: lag(until + 1) })).toEqual([]);
  expect(judgementsOf({ ...UNHEARD, lags: lag(until + 1) })).toEqual([NOWHERE]);
  expect(judgementsOf({ ...short, lags: lag(until + 1), rings: [RANG] })).toMatchObject([
    { rang: true },
  ]);
});

test.each([
  ['of another user', { user: 'carol' }],
  ['that came a millisecond too late', { from: PHONE.from + 1 }],
  ['that lost its server a millisecond too soon', { until: DUE }],
])('nobody has to ring at a phone %s', (_, other) => {
  expect(judgementsOf({ ...UNHEARD, presences: [{ ...PHONE, ...other }] })).toEqual([]);
});

test('of a short call the phone need not be there longer than the call', () => {
  const calls = [{ ...CALL, endedAt: 101_000 }];
  const presences = [{ ...PHONE, until: 101_001 }];
  expect(judgementsOf({ ...UNHEARD, calls, presences })).toEqual([NOWHERE]);
});

test('a blow excuses silence while it lasts and for its aftermath, and no longer', () => {
  const before = CALL.invitedAt - AFTERMATH_MS;
  const after = (from: number, repaired: number) =>
    judgementsOf({ ...UNHEARD, dealt: [blow(from, repaired)] });
  expect(after(before - 10, before)).toEqual([]);
  expect(after(before - 10, before - 1)).toEqual([{ ...NOWHERE, after: NATS }]);
  expect(after(before - 10, CALL.endedAt + 10)).toEqual([]);
});

test('a blow excuses no phone that had to ring before it', () => {
  const from = (at: number) => judgementsOf({ ...UNHEARD, dealt: [blow(at, at + 1_000)] });
  expect(from(DUE)).toEqual([]);
  expect(from(DUE + 1)).toEqual([NOWHERE]);
});

test('a call between two blows is judged by both', () => {
  const [first, second] = [blow(90_000, 95_000), blow(110_000, 115_000)];
  const between = judgementsOf({ ...UNHEARD, dealt: [first, second] });
  expect(between).toEqual([{ ...NOWHERE, after: NATS }]);
  const soon = blow(DUE - 1, DUE);
  expect(judgementsOf({ ...UNHEARD, dealt: [first, soon] })).toEqual([]);
});

test('a blow that lasts excuses silence until the cluster has to be over it, and again when it is repaired', () => {
  const lasting = (from: number, repaired: number) =>
    judgementsOf({ ...UNHEARD, dealt: [{ what: LONG, from, repaired, isJudged: true }] });
  const over = CALL.invitedAt - GOT_OVER_MS;
  expect(lasting(over, over + 60_000)).toEqual([]);
  expect(lasting(over - 1, over + 60_000)).toEqual([{ ...NOWHERE, after: LONG }]);
  expect(lasting(over - 1, DUE)).toEqual([]);
  expect(lasting(over - 60_000, CALL.invitedAt - AFTERMATH_MS)).toEqual([]);
});

test('where nobody had to ring, nothing is known', () => {
  const judged = { call: 'call', rang: true, after: NATS } as const;
  expect(unjudged([blow(1, 2)], [judged])).toEqual([]);
  expect(unjudged([], [judged])).toEqual([]);
  expect(unjudged([], [])).toEqual(['no call had to ring']);
  const other = { what: LONG, from: 3, repaired: 4, isJudged: true } as const;
  expect(unjudged([blow(1, 2), other], [judged])).toEqual([`no call had to ring after: ${LONG}`]);
  expect(unjudged([blow(1, 2), { ...other, isJudged: false }], [judged])).toEqual([]);
});
