import { expect, test } from 'vitest';
import { recoveriesOf, spanOf, tableOf, timesOf } from '../src/cluster/recoveries.ts';

const call = (invitedAt: number, connectedAt: number | null) => ({
  call: `${invitedAt}`,
  callee: 'bob',
  reason: 'completed',
  invitedAt,
  connectedAt,
  endedAt: invitedAt + 1_000,
});

test('a recovery is counted from its blow, by the first call that was made after it and the devices that dropped before the next', () => {
  const dealt = [
    { what: 'NATS killed', from: 100, repaired: 400, isJudged: true },
    { what: 'a node killed', from: 1_000, repaired: 1_500, isJudged: false },
    { what: 'NATS killed', from: 2_000, repaired: 2_100, isJudged: false },
  ] as const;
  const calls = [
    call(90, 150),
    call(110, null),
    call(120, 300),
    call(130, 250),
    call(2_100, 2_300),
  ];
  const drops = [
    { user: 'bob', from: 50, until: 60 },
    { user: 'bob', from: 110, until: 310 },
    { user: 'bob', from: 999, until: 1_300 },
    { user: 'bob', from: 1_001, until: 1_101 },
    { user: 'bob', from: 1_002 },
  ];
  const judgedAfter = ['NATS killed', undefined, 'NATS killed'] as const;
  expect(recoveriesOf(dealt, calls, drops, judgedAfter)).toEqual([
    {
      what: 'NATS killed',
      times: 2,
      repaired: { median: 300, longest: 300 },
      firstCall: { median: 300, longest: 300 },
      dropped: 2,
      back: { median: 301, longest: 301 },
      judged: 2,
    },
    {
      what: 'a node killed',
      times: 1,
      repaired: { median: 500, longest: 500 },
      firstCall: { median: 1_300, longest: 1_300 },
      dropped: 2,
      back: { median: 100, longest: 100 },
      judged: 0,
    },
  ]);
});

test('a kind after which no call went through has no time for it', () => {
  const dealt = [{ what: 'NATS killed', from: 100, repaired: 400, isJudged: true }] as const;
  expect(recoveriesOf(dealt, [call(90, 150)], [], [])).toMatchObject([
    { firstCall: undefined, dropped: 0, back: undefined, judged: 0 },
  ]);
});

test('the table has a row for each kind, with median and longest', () => {
  expect(timesOf([3, 1, 2])).toEqual({ median: 2, longest: 3 });
  expect(spanOf({ median: 414, longest: 2_300 })).toBe('0.41 s (longest 2.30 s)');
  expect(spanOf(undefined)).toBe('–');
  const [head, row] = tableOf([
    {
      what: 'NATS killed',
      times: 2,
      repaired: undefined,
      firstCall: undefined,
      dropped: 3,
      back: { median: 1, longest: 10 },
      judged: 7,
    },
  ]).split('\n');
  expect(head).toMatch(
    /^what +times +repaired after +first call through +dropped +back after +had to ring$/,
  );
  expect(row).toMatch(/^NATS killed +2 +– +– +3 +0\.00 s \(longest 0\.01 s\) +7$/);
});
