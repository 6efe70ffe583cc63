import { expect, test } from 'vitest';
import { deviceVersionAfter, deviceVersionBefore } from '../../src/store/device-version.ts';

const DAY_MS = 86_400_000;
const NOON = 20_000 * DAY_MS + DAY_MS / 2;
/** A thousand a second, for two years. */
const MANY = 1_000 * 86_400 * 730;

test('[RET6] a row that is made on a later day has none of the versions of one before', () => {
  const first = deviceVersionAfter(0, NOON);
  expect(deviceVersionAfter(0, NOON + DAY_MS)).toBeGreaterThan(first + MANY);
  expect(deviceVersionAfter(0, 0)).toBeGreaterThan(0);
  // Until the year 2100, and counted without loss.
  expect(Number.isSafeInteger(deviceVersionAfter(0, Date.UTC(2100)) + MANY)).toBe(true);
});

test('[RET6] each version comes one after the other, the first of a row after none', () => {
  const first = deviceVersionAfter(0, NOON);
  const second = deviceVersionAfter(first, NOON + 9 * DAY_MS);
  expect(second).toBe(first + 1);
  expect([first, second, second + MANY].map(deviceVersionBefore)).toEqual([
    0,
    first,
    second + MANY - 1,
  ]);
  // Rows from before count from 1.
  expect([1, 2].map(deviceVersionBefore)).toEqual([0, 1]);
});
