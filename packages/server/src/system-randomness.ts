import { randomBytes } from 'node:crypto';
import type { Randomness } from './randomness.ts';

/** Fetched at once: asking the operating system costs more than the bytes. */
const POOL_BYTES = 4096;

/** The operating system's randomness; no byte is given out twice. */
export class SystemRandomness implements Randomness {
  #pool = randomBytes(POOL_BYTES);
  #used = 0;

  bytes(count: number): Uint8Array {
    if (count > POOL_BYTES) return randomBytes(count);
    if (this.#used + count > POOL_BYTES) {
      this.#pool = randomBytes(POOL_BYTES);
      this.#used = 0;
    }
    const start = this.#used;
    this.#used += count;
    // A copy, so that what is kept of it does not keep the pool.
    return Uint8Array.prototype.slice.call(this.#pool, start, this.#used);
  }
}
