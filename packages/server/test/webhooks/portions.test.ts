import { expect, test } from 'vitest';
import type { OutboxPortion } from '../../src/store/outbox.ts';
import { OUTBOX_PORTION, inPortions } from '../../src/webhooks/portions.ts';

/** Numbers from 1, of which a portion takes the next ones. */
function numbers(last: number) {
  const asked: OutboxPortion[] = [];
  const work = async (portion: OutboxPortion) => {
    asked.push(portion);
    const from = portion.after?.n ?? 0;
    const count = Math.min(portion.limit, last - from);
    return { count, done: count === portion.limit ? { at: 0, n: from + count } : null };
  };
  return { asked, work };
}

test.each([
  [0, 1],
  [OUTBOX_PORTION - 1, 1],
  [OUTBOX_PORTION, 2],
  [OUTBOX_PORTION + 1, 2],
  [2 * OUTBOX_PORTION, 3],
])('%i are done in %i portions, each after the one before', async (last, portions) => {
  const { asked, work } = numbers(last);
  expect(await inPortions(work)).toBe(last);
  expect(asked.map(({ after }) => after?.n)).toEqual(
    Array.from({ length: portions }, (_, i) => (i === 0 ? undefined : i * OUTBOX_PORTION)),
  );
  expect(asked.every(({ limit }) => limit === OUTBOX_PORTION)).toBe(true);
});

test('what is not to go on ends with the portion that is under way', async () => {
  const { asked, work } = numbers(9 * OUTBOX_PORTION);
  expect(await inPortions(work, () => asked.length < 2)).toBe(2 * OUTBOX_PORTION);
});
