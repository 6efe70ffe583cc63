/** Randomness, passed in so that tests can repeat it. */
export interface Randomness {
  /** So many random bytes, fit for secrets. */
  bytes(count: number): Uint8Array;
}

/** A random name of 128 bits: 22 characters of base64url. */
export function randomName(randomness: Randomness): string {
  return Buffer.from(randomness.bytes(16)).toString('base64url');
}

/** A random positive number that fits 53 bits, as room ids are. */
export function randomNumber53(randomness: Randomness): number {
  const bytes = Buffer.from(randomness.bytes(7));
  return bytes.readUIntBE(0, 6) * 32 + ((bytes[6] ?? 0) & 31) || 1;
}
