import { expect, test } from 'vitest';
import { MAX_LATE_MS, PAUSE_MS, Playback } from '../../src/prompts/engine/playback.ts';

const MS = 48;
const PACKET = 20 * MS;

/** A clip of so many packets of 20 ms; each says which one it is. */
function clipOf(packets: number, mark = 0, samples = PACKET) {
  return {
    packets: Array.from({ length: packets }, (_, i) => ({
      bytes: Uint8Array.of(mark + i),
      samples,
    })),
  };
}

/** What is due at an instant in milliseconds: which packets, when each sounds, and whether silence was before. */
function dueAt(playback: Playback, ms: number): [number, number, boolean][] {
  const all: [number, number, boolean][] = [];
  for (let due = playback.next(ms * MS); due; due = playback.next(ms * MS)) {
    all.push([due.payload[0] ?? -1, due.at / MS, due.isFirstOfSound]);
  }
  return all;
}

/** Everything that is due until an instant, asked at every beat. */
function heardUntil(playback: Playback, ms: number, from = 0): [number, number, boolean][] {
  const beats = Array.from({ length: (ms - from) / 20 + 1 }, (_, i) => from + i * 20);
  return beats.flatMap((at) => dueAt(playback, at));
}

test('the first packet is due at once, and marked as the first of a sound', () => {
  const playback = new Playback(clipOf(5), 1);
  expect(dueAt(playback, 0)).toEqual([[0, 0, true]]);
  expect(dueAt(playback, 19)).toEqual([]);
  expect(dueAt(playback, 20)).toEqual([[1, 20, false]]);
});

test('a tone is repeated without a gap and without end', () => {
  const playback = new Playback(clipOf(3), Infinity);
  const heard = heardUntil(playback, 200_000);
  expect(heard.length).toBe(10_001);
  expect(heard.map(([mark]) => mark)).toEqual(heard.map((_, i) => i % 3));
  expect(heard.map(([, at]) => at)).toEqual(heard.map((_, i) => i * 20));
  expect(heard.filter(([, , isFirst]) => isFirst)).toEqual([[0, 0, true]]);
  expect(playback.isOver(Infinity)).toBe(false);
});

test('an announcement is played as often as asked, with a second of silence, and is then over', () => {
  const playback = new Playback(clipOf(2), 3);
  const heard = heardUntil(playback, 10_000);
  const second = 40 + PAUSE_MS;
  expect(heard).toEqual([
    [0, 0, true],
    [1, 20, false],
    [0, second, true],
    [1, second + 20, false],
    [0, 2 * second, true],
    [1, 2 * second + 20, false],
  ]);
});

test('it is over when its last packet has sounded, not before', () => {
  const playback = new Playback(clipOf(2), 2);
  const end = 2 * 40 + PAUSE_MS;
  heardUntil(playback, end - 20);
  expect(playback.isOver((end - 1) * MS)).toBe(false);
  expect(playback.isOver(end * MS)).toBe(true);
  expect(dueAt(playback, end + 5_000)).toEqual([]);
});

test('in the pause it is not over, although there is nothing to send', () => {
  const playback = new Playback(clipOf(1), 2);
  heardUntil(playback, 500);
  expect(playback.isOver(500 * MS)).toBe(false);
});

test('packets of another length are due in their own time', () => {
  const long = new Playback(clipOf(3, 0, 60 * MS), Infinity);
  expect(heardUntil(long, 180).map(([, at]) => at)).toEqual([0, 60, 120, 180]);
  const short = new Playback(clipOf(8, 0, 2.5 * MS), Infinity);
  expect(dueAt(short, 20).map(([, at]) => at)).toEqual([0, 2.5, 5, 7.5, 10, 12.5, 15, 17.5, 20]);
});

test('what came due during a short delay is sent afterwards, at the time at which it should sound', () => {
  const playback = new Playback(clipOf(50), 1);
  dueAt(playback, 0);
  expect(dueAt(playback, 100)).toEqual([20, 40, 60, 80, 100].map((at) => [at / 20, at, false]));
});

test('after a standstill it goes on where it was, without a burst', () => {
  const playback = new Playback(clipOf(50), 1);
  dueAt(playback, 0);
  expect(dueAt(playback, 20 + MAX_LATE_MS).length).toBe(11);
  expect(dueAt(playback, 1_000)).toEqual([[12, 1_000, true]]);
  expect(dueAt(playback, 1_020)).toEqual([[13, 1_020, false]]);
});

test('another prompt follows what was sent last, in the same time', () => {
  const playback = new Playback(clipOf(50), Infinity);
  heardUntil(playback, 100);
  playback.play(clipOf(2, 100), 1, 100 * MS);
  expect(heardUntil(playback, 160, 100)).toEqual([
    [100, 120, false],
    [101, 140, false],
  ]);
  expect(playback.isOver(160 * MS)).toBe(true);
});

test('another prompt cuts a pause short, and begins a sound', () => {
  const playback = new Playback(clipOf(1), 3);
  heardUntil(playback, 500);
  playback.play(clipOf(1, 100), Infinity, 500 * MS);
  expect(dueAt(playback, 500)).toEqual([[100, 500, true]]);
});

test('another prompt is heard after an announcement that is over', () => {
  const playback = new Playback(clipOf(1), 1);
  heardUntil(playback, 5_000);
  playback.play(clipOf(1, 100), 1, 5_000 * MS);
  expect(dueAt(playback, 5_000)).toEqual([[100, 5_000, true]]);
});

test('another prompt before anything was heard takes the place of the first', () => {
  const playback = new Playback(clipOf(5), Infinity);
  playback.play(clipOf(5, 100), Infinity, 0);
  expect(dueAt(playback, 0)).toEqual([[100, 0, true]]);
});
