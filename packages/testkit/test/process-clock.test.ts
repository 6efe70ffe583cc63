import { expect, test } from 'vitest';
import { ProcessClock, VirtualClock } from '../src/index.ts';

test('a clock that is wrong tells another time, and its timers run as long as any', () => {
  const clock = new VirtualClock({ startAt: 10_000 });
  const ahead = new ProcessClock(clock, 3_000);
  const behind = new ProcessClock(clock, -3_000);
  expect([ahead.now(), behind.now()]).toEqual([13_000, 7_000]);
  const ran: number[] = [];
  ahead.after(500, () => ran.push(clock.now()));
  clock.advance(1_000);
  expect(ran).toEqual([10_500]);
});

test('a clock that is wrong sleeps as long as it is told', () => {
  const clock = new VirtualClock({ startAt: 10_000 });
  const ahead = new ProcessClock(clock, 3_000);
  const ran: number[] = [];
  ahead.after(100, () => ran.push(clock.now()));
  ahead.sleep(1_000);
  clock.advance(5_000);
  expect(ran).toEqual([11_000]);
});
