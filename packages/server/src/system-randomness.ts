import { randomBytes } from 'node:crypto';
import type { Randomness } from './randomness.ts';

/** The operating system's randomness. */
export class SystemRandomness implements Randomness {
  bytes(count: number): Uint8Array {
    return randomBytes(count);
  }
}
