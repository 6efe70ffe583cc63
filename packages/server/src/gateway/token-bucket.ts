/** Allows a steady rate and a burst; says how long to wait beyond them. */
export class TokenBucket {
  readonly #burst: number;
  readonly #perSecond: number;
  #tokens: number;
  #filledAt: number;

  constructor(burst: number, perSecond: number, now: number) {
    this.#burst = burst;
    this.#perSecond = perSecond;
    this.#tokens = burst;
    this.#filledAt = now;
  }

  /** Takes so many: 0 when they were there, else the milliseconds until they are. */
  take(now: number, count = 1): number {
    this.#fill(now);
    if (this.#tokens >= count) {
      this.#tokens -= count;
      return 0;
    }
    return Math.ceil(((count - this.#tokens) / this.#perSecond) * 1000);
  }

  /** What is there. */
  left(now: number): number {
    this.#fill(now);
    return this.#tokens;
  }

  /** Somebody else took so many, whether or not they were there; nobody owes more than a burst. */
  spend(now: number, count: number): void {
    this.#fill(now);
    this.#tokens = Math.max(-this.#burst, this.#tokens - count);
  }

  /** Whether it has been left alone long enough to be forgotten. */
  isFull(now: number): boolean {
    this.#fill(now);
    return this.#tokens >= this.#burst;
  }

  #fill(now: number): void {
    const grown = (Math.max(0, now - this.#filledAt) / 1000) * this.#perSecond;
    this.#tokens = Math.min(this.#burst, this.#tokens + grown);
    this.#filledAt = now;
  }
}
