import { expect, test } from 'vitest';
import { toItsEnd } from '../src/records/to-its-end.ts';

const NEVER = new Promise<number>(() => {});
/** More than a test may last. */
const LONG_MS = 600_000;

test('what has no end is given up after its time', async () => {
  expect(await toItsEnd(NEVER, 0)).toBeUndefined();
});

test('what ends in its time gives what came of it, also nothing made, or its error', async () => {
  expect(await toItsEnd(Promise.resolve(0), LONG_MS)).toBe(0);
  const failed = toItsEnd(Promise.reject(new Error('a play fell over')), LONG_MS);
  await expect(failed).rejects.toThrow('a play fell over');
});

test('nobody waits for the rest of the time of what is over', async () => {
  const timers = () => process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length;
  const before = timers();
  await toItsEnd(Promise.resolve(1), LONG_MS);
  expect(timers()).toBe(before);
});
