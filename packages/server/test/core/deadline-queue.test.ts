import { SeededRandomness } from '@ringline/testkit';
import { expect, test } from 'vitest';
import { DeadlineQueue } from '../../src/steps/deadline-queue.ts';

test('what is due comes earliest first, each once, at the time that was said last', () => {
  const queue = new DeadlineQueue<string>();
  queue.set('late', 30);
  queue.set('moved', 10);
  queue.set('early', 10);
  queue.set('gone', 5);
  queue.set('moved', 20);
  queue.set('gone', null);
  expect(queue.nextAt).toBe(10);
  expect(queue.take(20)).toEqual(['early', 'moved']);
  expect(queue.take(20)).toEqual([]);
  expect([queue.nextAt, queue.size]).toEqual([30, 1]);
});

test('what has a newer version elsewhere is not due here, and is again when it comes back', () => {
  const queue = new DeadlineQueue<string>();
  queue.set('call', 10, 3);
  queue.passOn('call', 3);
  expect(queue.nextAt).toBe(10);
  queue.passOn('call', 4);
  expect([queue.nextAt, queue.size]).toEqual([Infinity, 0]);
  queue.set('call', 10, 5);
  queue.passOn('call', 4);
  expect(queue.take(10)).toEqual(['call']);
  expect(queue.take(10)).toEqual([]);
});

test.each(['1', '2', '3'])('it gives what a list would, whatever is said: seed %s', (seed) => {
  const randomness = new SeededRandomness(seed);
  const queue = new DeadlineQueue<{ user: string; device: string }>();
  const model = new Map<string, number>();
  let now = 0;
  for (let i = 0; i < 20_000; i++) {
    const user = `user${randomness.integer(0, 300)}`;
    const at = randomness.chance(0.2) ? null : now + randomness.integer(1, 500);
    queue.set({ user, device: 'd' }, at);
    if (at === null) model.delete(user);
    else model.set(user, at);
    if (!randomness.chance(0.1)) continue;
    now += randomness.integer(0, 20);
    const due = [...model].filter(([, each]) => each <= now);
    for (const [each] of due) model.delete(each);
    const names = due.map(([name]) => name);
    expect(new Set(queue.take(now).map((each) => each.user))).toEqual(new Set(names));
    expect(queue.size).toBe(model.size);
    expect(queue.nextAt).toBe(Math.min(...model.values()));
  }
});
