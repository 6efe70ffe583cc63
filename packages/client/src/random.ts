import type { Randomness } from './ports.ts';

/** A random name of 27 characters and 135 bits, fit for call and device ids. */
export function randomName(randomness: Randomness): string {
  return Array.from(randomness.bytes(27), (byte) => (byte & 31).toString(32)).join('');
}

/** At least 0, less than 1, in 256 steps: fine enough to spread reconnects. */
export function randomFraction(randomness: Randomness): number {
  return (randomness.bytes(1)[0] ?? 0) / 256;
}
