import { expect, test } from 'vitest';
import { Queue } from '../src/queue.ts';

/** A queue of these, and what each was answered, in the order of the answers. */
function queueOf(items: readonly string[]) {
  const queue = new Queue<string, string>();
  const answers: string[] = [];
  for (const item of items) {
    void queue.add(item).then(
      (answer) => answers.push(`${item}: ${answer}`),
      (error: unknown) => answers.push(`${item}: ${String(error)}`),
    );
  }
  return { queue, answers };
}

const itemsOf = (taken: readonly { readonly item: string }[]) => taken.map(({ item }) => item);

test.each([
  [1, ['a'], ['b', 'c']],
  [2, ['a', 'b'], ['c']],
  [3, ['a', 'b', 'c'], []],
  [4, ['a', 'b', 'c'], []],
])('the oldest %i are taken, and the rest are next', (most, first, rest) => {
  const { queue } = queueOf(['a', 'b', 'c']);
  expect(itemsOf(queue.take(most))).toEqual(first);
  expect(queue.isEmpty).toBe(rest.length === 0);
  expect(queue.oldest).toBe(rest[0]);
  expect(itemsOf(queue.take())).toEqual(rest);
  expect([queue.isEmpty, queue.take()]).toEqual([true, []]);
});

test('each is answered as whoever took it says', async () => {
  const { queue, answers } = queueOf(['a', 'b', 'c']);
  const [a, b] = queue.take(2);
  a?.reject('away');
  b?.resolve('done');
  const late = queue.add('d');
  expect(itemsOf(queue.take(1))).toEqual(['c']);
  queue.take()[0]?.resolve('done too');
  expect(await late).toBe('done too');
  expect(answers).toEqual(['a: away', 'b: done']);
});

test('those that may not go keep their places, and nobody is asked about one too many', () => {
  const { queue } = queueOf(['a1', 'b1', 'a2', 'b2', 'a3', 'a4']);
  const asked: string[] = [];
  const isOfA = (item: string) => {
    asked.push(item);
    return item.startsWith('a');
  };
  expect(itemsOf(queue.takeThose(isOfA, 3))).toEqual(['a1', 'a2', 'a3']);
  expect(asked).toEqual(['a1', 'b1', 'a2', 'b2', 'a3']);
  expect(itemsOf(queue.take())).toEqual(['b1', 'b2', 'a4']);
});
