import { expect, test } from 'vitest';
import { GOT_OVER_MS } from '../src/cluster/ringing.ts';
import type { StoredCall } from '../src/cluster/stored.ts';
import type { Outcome, Wanted, Watched } from '../src/cluster/verdict.ts';
import {
  ANSWERING_MS,
  BACK_WITHIN_MS,
  BELIEF_TOLERANCE_MS,
  RING_TOLERANCE_MS,
  flawsOf,
  isProved,
  lacksOf,
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
    judgements: [{ call: 'call', rang: true, after: undefined }],
    waits: [],
    dealt: [],
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

const NOWHERE = { call: 'call', rang: false, after: undefined };
const NATS = { what: 'NATS killed', from: 1_000, repaired: 2_000, isJudged: true } as const;

test('a call that had to ring and did not is told, with the blow before it', () => {
  expect(flawsOf({ ...quiet(), judgements: [NOWHERE] })).toEqual([
    'call (after: no blow) rang nowhere',
  ]);
  const judgements = [{ ...NOWHERE, after: NATS.what }];
  expect(flawsOf({ ...quiet(), judgements, dealt: [NATS] })).toEqual([
    'call (after: NATS killed) rang nowhere',
  ]);
});

test('that nobody had to ring is told', () => {
  expect(flawsOf({ ...quiet(), judgements: [], dealt: [NATS] })).toEqual([
    'no call had to ring',
    'no call had to ring after: NATS killed',
  ]);
});

const LONG = {
  what: 'a node cut off PostgreSQL for long',
  from: 100_000,
  repaired: 160_000,
} as const;
const DEALT = [{ ...LONG, isJudged: false }];
const alone = (from: number, until?: number) => ({ user: 'bob', from, ...(until && { until }) });

test.each([
  ['just as long as it may be', alone(100_000, 100_000 + GOT_OVER_MS)],
  ['as long before and in it', alone(90_000, 100_000 + GOT_OVER_MS)],
  ['as long in it and after it', alone(160_000 - GOT_OVER_MS, 170_000)],
  ['for ever, and lost', { ...alone(100_000), isLost: true }],
])('during a blow that lasts a phone may be without a server %s', (_, wait) => {
  expect(flawsOf({ ...quiet(), dealt: DEALT, waits: [wait], now: 300_000 })).toEqual([]);
});

test.each([
  ['a millisecond longer', alone(100_000, 100_001 + GOT_OVER_MS), GOT_OVER_MS + 1],
  ['to its end', alone(130_000, 170_000), 30_000],
  ['for ever', alone(130_000), 30_000],
])('during a blow that lasts no phone may be without a server %s', (_, wait, awayMs) => {
  const watched = { ...quiet(), dealt: DEALT, waits: [wait], now: 170_000 };
  expect(flawsOf(watched)).toEqual([`bob had no server for ${awayMs} ms during: ${LONG.what}`]);
  const short = [{ ...NATS, from: LONG.from, repaired: LONG.repaired, isJudged: false }];
  expect(flawsOf({ ...watched, dealt: short })).toEqual([]);
});

const OVER = { ...NATS, isJudged: false };

test('once all runs again a device is back in its time, and who is not is told with its attempts', () => {
  const until = OVER.repaired + BACK_WITHIN_MS;
  const watched = { ...quiet(), dealt: [OVER], now: 300_000 };
  expect(flawsOf({ ...watched, waits: [alone(1_500, until)] })).toEqual([]);
  const attempts = ['0.4–10.4 s: 4000', '11.3–'];
  expect(flawsOf({ ...watched, waits: [{ ...alone(1_500, until + 1), attempts }] })).toEqual([
    'bob had no server for 36001 ms after: NATS killed (0.4–10.4 s: 4000, 11.3–)',
  ]);
});

test.each([
  ['that has no server to the end', alone(2_500), 297_500],
  ['that lost its server later', alone(10_000, 50_000), 40_000],
])('a device %s is told as well', (_, wait, awayMs) => {
  const watched = { ...quiet(), dealt: [OVER], waits: [wait], now: 300_000 };
  expect(flawsOf(watched)).toEqual([`bob had no server for ${awayMs} ms after: NATS killed ()`]);
  const without = { ...watched, dealt: [] };
  expect(flawsOf(without)).toEqual([`bob had no server for ${awayMs} ms after: no blow ()`]);
});

test.each([
  ['was lost', { ...alone(2_500), isLost: true }, [OVER]],
  [
    'was away while the next blow lasted',
    alone(10_000, 60_000),
    [OVER, { ...OVER, from: 45_000, repaired: 50_000 }],
  ],
])('a device that %s is not', (_, wait, dealt) => {
  expect(flawsOf({ ...quiet(), dealt, waits: [wait], now: 300_000 })).toEqual([]);
});

test('nor is one for as long as this process came to nothing', () => {
  const watched = { ...quiet(), dealt: [OVER], waits: [alone(2_500, 2_501 + BACK_WITHIN_MS)] };
  expect(flawsOf(watched)).toHaveLength(1);
  expect(flawsOf({ ...watched, lags: [{ from: 3_000, until: 3_001 }] })).toEqual([]);
});

test('how late phones learnt of ends is counted from the end in the store; a phone may know it first', () => {
  const call = { ...CALL, endedAt: 100 };
  const learnt = (at: number) => ({ user: 'bob', call: 'call', at });
  expect(lateFarewells([learnt(350), learnt(90)], [call])).toEqual([250, 0]);
  expect(lateFarewells([{ ...learnt(350), call: 'other' }], [call])).toEqual([]);
});

const WANTED: Wanted = { calls: 300, blows: new Map([['NATS killed', 2]]) };
const PROVED: Outcome = {
  records: 300,
  lost: 0,
  doubled: 0,
  flaws: [],
  verdict: { code: 0 },
  recoveries: [{ what: 'NATS killed', times: 2 }],
};

test('it is proved when nothing is lost, doubled or wrong, and as much was done as was asked for', () => {
  expect(isProved(PROVED, WANTED)).toBe(true);
  expect(lacksOf(PROVED, WANTED)).toEqual([]);
});

test.each<[string, Partial<Outcome>]>([
  ['a loss', { lost: 1 }],
  ['a double', { doubled: 1 }],
  ['a flaw', { flaws: ['bob believes in call'] }],
  ['what `ringline verify` found', { verdict: { code: 1 } }],
  ['a `ringline verify` that died', { verdict: { code: null } }],
])('%s is enough that it is not', (_, harm) => {
  expect(isProved({ ...PROVED, ...harm }, WANTED)).toBe(false);
});

test.each<[string, Partial<Outcome>, Wanted, string]>([
  ['too few calls', { records: 299 }, WANTED, '299 of 300 calls were made'],
  [
    'a blow that was dealt too seldom',
    { recoveries: [{ what: 'NATS killed', times: 1 }] },
    WANTED,
    '1 of 2 times dealt: NATS killed',
  ],
  ['a blow that was not dealt', { recoveries: [] }, WANTED, '0 of 2 times dealt: NATS killed'],
  ['that no blow was asked for', {}, { ...WANTED, blows: new Map() }, 'no blow was asked for'],
])('%s is enough that it is not, and is told', (_, harm, wanted, lack) => {
  expect(lacksOf({ ...PROVED, ...harm }, wanted)).toEqual([lack]);
  expect(isProved({ ...PROVED, ...harm }, wanted)).toBe(false);
});
