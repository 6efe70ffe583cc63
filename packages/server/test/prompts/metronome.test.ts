import { VirtualClock } from '@ringline/testkit';
import { expect, test } from 'vitest';
import type { Clock } from '../../src/clock.ts';
import { BEAT_MS, Metronome } from '../../src/prompts/engine/metronome.ts';

/** A clock whose timers come late, as those of a busy process do. */
function lateClock(clock: VirtualClock, lateMs: () => number): Clock {
  return { now: () => clock.now(), after: (ms, run) => clock.after(ms + lateMs(), run) };
}

test('beats lie 20 ms apart, however late each of them comes', () => {
  const clock = new VirtualClock();
  const lateness = [0, 3, 7, 1, 12];
  let i = 0;
  const metronome = new Metronome(lateClock(clock, () => lateness[i++ % lateness.length] ?? 0));
  const beats: number[] = [];
  const start = metronome.join((at) => void beats.push(at - start));
  clock.advance(10_000);
  expect(beats.length).toBeGreaterThanOrEqual(499);
  expect(beats.slice(0, 499)).toEqual(Array.from({ length: 499 }, (_, n) => (n + 1) * BEAT_MS));
});

test('after a standstill comes one beat, the latest that was due', () => {
  const clock = new VirtualClock();
  let lateMs = 0;
  const metronome = new Metronome(lateClock(clock, () => lateMs));
  const beats: number[] = [];
  const start = metronome.join((at) => void beats.push(at - start));
  clock.advance(BEAT_MS);
  lateMs = 95;
  clock.advance(BEAT_MS);
  lateMs = 0;
  clock.advance(BEAT_MS * 5 + 16);
  expect(beats).toEqual([20, 40, 140]);
});

test('who joins later has the same beat, counted from the latest one', () => {
  const clock = new VirtualClock();
  const metronome = new Metronome(clock);
  const heard: [string, number][] = [];
  const start = metronome.join((at) => void heard.push(['alice', at - start]));
  clock.advance(BEAT_MS + 13);
  const joined = metronome.join((at) => void heard.push(['bob', at - start]));
  expect(joined - start).toBe(BEAT_MS);
  clock.advance(BEAT_MS);
  expect(heard).toEqual([
    ['alice', 20],
    ['alice', 40],
    ['bob', 40],
  ]);
});

test('it stands still while nobody plays, and begins anew', () => {
  const clock = new VirtualClock();
  const metronome = new Metronome(clock);
  const beats: number[] = [];
  const player = (at: number) => void beats.push(at);
  metronome.join(player);
  metronome.leave(player);
  expect(clock.pending).toBe(0);
  clock.advance(1_007);
  expect(metronome.join(player)).toBe(clock.now());
});
