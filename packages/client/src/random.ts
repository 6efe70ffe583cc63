import type { Randomness } from './ports.ts';

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

/** A random name of 22 characters and 132 bits, fit for call and device ids. */
export function randomName(randomness: Randomness): string {
  return Array.from(randomness.bytes(22), (byte) => ALPHABET.charAt(byte & 63)).join('');
}

/** At least 0, less than 1, in 256 steps: fine enough to spread reconnects. */
export function randomFraction(randomness: Randomness): number {
  return (randomness.bytes(1)[0] ?? 0) / 256;
}
