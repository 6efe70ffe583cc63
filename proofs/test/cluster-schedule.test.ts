import { SeededRandomness } from '@ringline/testkit';
import { expect, test } from 'vitest';
import { BLOWS, LASTING } from '../src/cluster/blows.ts';
import { scheduleOf, timesDue } from '../src/cluster/schedule.ts';

const SEEDS = Array.from({ length: 20 }, (_, i) => new SeededRandomness(`schedule ${i}`));
const PLAN = { blows: BLOWS, rounds: 3, judgedKinds: BLOWS.length };
const [LONG] = LASTING;

test.each(SEEDS)(
  'each blow is dealt once a round, and one that lasts once in all ($seed)',
  (seed) => {
    const rounds = scheduleOf(PLAN, seed);
    expect(rounds).toHaveLength(3);
    for (const round of rounds) {
      const names = round.map(({ what }) => what);
      expect(names.filter((what) => what !== LONG).toSorted()).toEqual(
        BLOWS.filter((what) => what !== LONG).toSorted(),
      );
    }
    const all = rounds.flat().map(({ what }) => what);
    for (const [what, times] of timesDue(PLAN)) {
      expect(all.filter((each) => each === what)).toHaveLength(times);
    }
  },
);

test.each(SEEDS)(
  'after each kind, or as many as are asked for, calls are judged once ($seed)',
  (seed) => {
    const judgedIn = (judgedKinds: number) =>
      scheduleOf({ ...PLAN, judgedKinds }, seed)
        .flat()
        .flatMap(({ what, isJudged }) => (isJudged ? [what] : []));
    expect(judgedIn(BLOWS.length).toSorted()).toEqual(BLOWS.toSorted());
    expect(new Set(judgedIn(2)).size).toBe(2);
    expect(judgedIn(2)).toHaveLength(2);
    expect(judgedIn(0)).toEqual([]);
  },
);

test('rounds differ in their order', () => {
  const [first, second] = scheduleOf(PLAN, new SeededRandomness('order'));
  expect(first?.map(({ what }) => what)).not.toEqual(second?.map(({ what }) => what));
});

test('so often each is due', () => {
  const due = timesDue({ ...PLAN, blows: ['NATS killed', 'a node cut off PostgreSQL for long'] });
  expect([...due]).toEqual([
    ['NATS killed', 3],
    ['a node cut off PostgreSQL for long', 1],
  ]);
});
