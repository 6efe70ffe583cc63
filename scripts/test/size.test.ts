import { expect, test } from 'vitest';
import { SIZE_LIMIT_BYTES, weigh } from '../src/size.ts';

test('the browser build of the SDK is whole, and under its limit', async () => {
  const { minified, gzipped } = await weigh('client');
  expect(minified).toBeGreaterThan(10_000);
  expect(gzipped).toBeLessThan(SIZE_LIMIT_BYTES);
});
