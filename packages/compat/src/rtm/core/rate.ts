import type { Clock } from '@ringline/client';

/** At most so many within any such time. */
export class Rate {
  readonly #clock: Clock;
  readonly #most: number;
  readonly #withinMs: number;
  #taken: readonly number[] = [];

  constructor(clock: Clock, most: number, withinMs: number) {
    this.#clock = clock;
    this.#most = most;
    this.#withinMs = withinMs;
  }

  /** Takes one, if there is one. */
  take(): boolean {
    const now = this.#clock.now();
    this.#taken = this.#taken.filter((at) => now - at < this.#withinMs);
    if (this.#taken.length >= this.#most) return false;
    this.#taken = [...this.#taken, now];
    return true;
  }
}
