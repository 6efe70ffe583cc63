import { describe, expect, test } from 'vitest';
import { SeededRandomness } from '../src/index.ts';
import { nextOf } from '../src/randomness.ts';

describe('SeededRandomness', () => {
  test('steps as the reference of xoshiro128** does', () => {
    const state = Uint32Array.of(1, 2, 3, 4);
    const drawn = Array.from({ length: 4 }, () => nextOf(state));
    expect(drawn).toEqual([11520, 0, 5927040, 70819200]);
  });

  test('the same seed gives the same numbers, another seed others', () => {
    const draw = (seed: string | number) => [...new SeededRandomness(seed).bytes(16)];
    expect(draw(7)).toEqual(draw('7'));
    expect(draw(7)).not.toEqual(draw(8));
    expect(draw('')).not.toEqual(draw(0));
  });

  test('a fork depends on its name alone, not on what was drawn before', () => {
    const drawn = new SeededRandomness(7);
    drawn.bytes(100);
    const fork = [...drawn.fork('alice').bytes(8)];
    expect(fork).toEqual([...new SeededRandomness(7).fork('alice').bytes(8)]);
    expect(fork).not.toEqual([...drawn.fork('bob').bytes(8)]);
  });

  test('integer reaches both ends and nothing beyond, about equally often', () => {
    const randomness = new SeededRandomness('dice');
    const counts = new Map<number, number>();
    for (let i = 0; i < 6000; i++) {
      const eyes = randomness.integer(1, 6);
      counts.set(eyes, (counts.get(eyes) ?? 0) + 1);
    }
    expect(new Set(counts.keys())).toEqual(new Set([1, 2, 3, 4, 5, 6]));
    expect(Math.min(...counts.values())).toBeGreaterThan(900);
    expect(() => randomness.integer(2, 1)).toThrow(RangeError);
  });

  test('chance keeps its probability, 0 and 1 are certain', () => {
    const randomness = new SeededRandomness('coin');
    const hits = Array.from({ length: 4000 }, () => randomness.chance(0.25)).filter(Boolean).length;
    expect(hits).toBeGreaterThan(900);
    expect(hits).toBeLessThan(1100);
    expect([randomness.chance(0), randomness.chance(1)]).toEqual([false, true]);
  });

  test('shuffle keeps the items and leaves the array alone; pick takes one of them', () => {
    const randomness = new SeededRandomness(1);
    const items = [1, 2, 3, 4, 5, 6, 7, 8];
    const shuffled = randomness.shuffle(items);
    expect(shuffled).not.toEqual(items);
    expect(shuffled.toSorted((a, b) => a - b)).toEqual(items);
    expect(items).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
    expect(items).toContain(randomness.pick(items));
    expect(() => randomness.pick([])).toThrow(RangeError);
  });
});
