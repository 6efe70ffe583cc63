import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { SystemClock } from '../src/system-clock.ts';
import { SystemRandomness } from '../src/system-randomness.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const DAY = 86_400_000;

test('a timer runs once, at its time', () => {
  const clock = new SystemClock();
  const startedAt = clock.now();
  let ranAt: number | undefined;
  clock.after(250, () => (ranAt = clock.now()));
  vi.advanceTimersByTime(249);
  expect(ranAt).toBeUndefined();
  vi.advanceTimersByTime(1000);
  expect(ranAt).toBe(startedAt + 250);
});

test('a timer may be longer than the platform can wait: a token of sixty days', () => {
  const clock = new SystemClock();
  let runs = 0;
  clock.after(60 * DAY, () => runs++);
  vi.advanceTimersByTime(60 * DAY - 1);
  expect(runs).toBe(0);
  vi.advanceTimersByTime(1);
  expect(runs).toBe(1);
});

test('a cancelled timer does not run, however long it is', () => {
  const clock = new SystemClock();
  let runs = 0;
  const timers = [clock.after(5, () => runs++), clock.after(60 * DAY, () => runs++)];
  vi.advanceTimersByTime(1);
  timers[0]?.cancel();
  vi.advanceTimersByTime(30 * DAY);
  timers[1]?.cancel();
  vi.advanceTimersByTime(60 * DAY);
  expect(runs).toBe(0);
});

test('randomness has as many bytes as asked for, never the same', () => {
  const randomness = new SystemRandomness();
  const [one, two] = [randomness.bytes(32), randomness.bytes(32)];
  expect(one).toHaveLength(32);
  expect(one).not.toEqual(two);
});

test('no randomness is given out twice, however often it is fetched', () => {
  const randomness = new SystemRandomness();
  const drawn = Array.from({ length: 2000 }, () =>
    Buffer.from(randomness.bytes(16)).toString('hex'),
  );
  expect(new Set(drawn).size).toBe(2000);
  expect(randomness.bytes(5000)).toHaveLength(5000);
});

/** A machine whose wall and steady time a test moves. */
function machine() {
  const at = { wall: 1_000_000, steady: 500 };
  const clock = new SystemClock({ wall: () => at.wall, steady: () => at.steady });
  return { at, clock };
}

test('a wall clock that is set back does not take time back, nor stop it', () => {
  const { at, clock } = machine();
  at.wall -= 3_600_000;
  expect(clock.now()).toBe(1_000_000);
  at.steady += 250;
  at.wall += 250;
  expect(clock.now()).toBe(1_000_250);
});

test('a wall clock that is set forward, or ran on while the machine slept, is followed at once', () => {
  const { at, clock } = machine();
  at.wall += 60_000;
  expect(clock.now()).toBe(1_060_000);
  at.wall -= 60_000;
  at.steady += 10;
  expect(clock.now()).toBe(1_060_010);
});
