import type { Randomness } from '@ringline/client';

/** 32 hexadecimal digits at random: as long as anyRTC's ids of invitations, and fit for the protocol's. */
export function randomId(randomness: Randomness): string {
  const digits = Array.from(randomness.bytes(16), (byte) => byte.toString(16).padStart(2, '0'));
  return digits.join('');
}
