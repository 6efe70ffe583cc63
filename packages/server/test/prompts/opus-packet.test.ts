import { expect, test } from 'vitest';
import { samplesIn } from '../../src/prompts/opus-packet.ts';

/** RFC 6716, table 2: milliseconds of a frame, for each bandwidth of the three modes. */
const SILK_MS = [10, 20, 40, 60];
const HYBRID_MS = [10, 20];
const CELT_MS = [2.5, 5, 10, 20];
const FRAME_MS = [
  [SILK_MS, SILK_MS, SILK_MS],
  [HYBRID_MS, HYBRID_MS],
  [CELT_MS, CELT_MS, CELT_MS, CELT_MS],
].flat(2);

test('every configuration has the length that the standard gives it', () => {
  expect(FRAME_MS.length).toBe(32);
  const single = FRAME_MS.map((_, configuration) => samplesIn(Uint8Array.of(configuration << 3)));
  expect(single).toEqual(FRAME_MS.map((ms) => ms * 48));
});

test('two frames sound twice as long, equal or not', () => {
  for (const code of [1, 2]) expect(samplesIn(Uint8Array.of((31 << 3) | code))).toBe(1920);
});

test('any number of frames is counted, up to 120 ms', () => {
  const twenty = (frames: number) => samplesIn(Uint8Array.of((31 << 3) | 3, frames));
  expect(twenty(6)).toBe(5760);
  expect(twenty(7)).toBeUndefined();
  expect(twenty(0)).toBeUndefined();
  // The upper two bits are flags: padding, and a rate that varies.
  expect(twenty(0b1100_0010)).toBe(1920);
});

test('nothing is no packet, nor is a count without its byte', () => {
  expect(samplesIn(Uint8Array.of())).toBeUndefined();
  expect(samplesIn(Uint8Array.of((31 << 3) | 3))).toBeUndefined();
});
