import { expect, test } from 'vitest';
import { levelOf } from '../../src/quality/level.ts';
import type { QualityLevel } from '../../src/quality/level.ts';
import { mosOf, mosOfRating, ratingOf } from '../../src/quality/mos.ts';

// ITU-T G.107, Table B.1, and G.109, Table 1.
test.each([
  [100, 4.5],
  [93.2, 4.41],
  [90, 4.34],
  [80, 4.03],
  [70, 3.6],
  [60, 3.1],
  [50, 2.58],
  [0, 1],
])('a rating of %d is a score of %d', (rating, score) => {
  expect(Math.abs(mosOfRating(rating) - score)).toBeLessThan(0.01);
});

// Cole and Rosenbluth: 0.024 a millisecond, and 0.11 more beyond 177.3; loss by G.107 with Bpl 25.1.
test.each([
  [0, 0, 93.2],
  [100, 0, 90.8],
  [177.3, 0, 88.94],
  [400, 0, 59.1],
  [0, 0.01, 89.56],
  [0, 0.05, 77.42],
  [0, 0.2, 51.07],
  [150, 0.02, 82.59],
  [5_000, 1, 0],
])('%d ms and a loss of %d are rated %d', (delayMs, lossRatio, rating) => {
  expect(ratingOf({ delayMs, lossRatio })).toBeCloseTo(rating, 1);
});

test('more delay or loss never makes a better score, and none leaves its range', () => {
  let last = Infinity;
  for (let step = 0; step <= 100; step++) {
    const mos = mosOf({ delayMs: step * 10, lossRatio: step / 100 });
    expect(mos).toBeLessThanOrEqual(last);
    expect(mos).toBeGreaterThanOrEqual(1);
    last = mos;
  }
});

test.each<[number, QualityLevel | undefined, QualityLevel]>([
  [4.03, undefined, 'good'],
  [4.02, undefined, 'fair'],
  [3.1, undefined, 'fair'],
  [3.09, undefined, 'poor'],
  [3.94, 'good', 'good'],
  [3.92, 'good', 'fair'],
  [4.12, 'fair', 'fair'],
  [4.14, 'fair', 'good'],
  [3.01, 'fair', 'fair'],
  [2.99, 'fair', 'poor'],
  [3.19, 'poor', 'poor'],
  [3.21, 'poor', 'fair'],
  [4.2, 'poor', 'good'],
  [1, 'good', 'poor'],
])('a score of %d after %s is %s', (mos, before, level) => {
  expect(levelOf(mos, before)).toBe(level);
});
