import type { Clock, Timer } from './clock.ts';
import type { LeaseStore } from './store/leases.ts';

/** An answer that took longer says too little of the moment at which it was given. */
export const MAX_CLOCK_DOUBT_MS = 1_000;

/**
 * The time of the store, which all its nodes share, so that leases and deadlines mean the same on each
 * though their machines' clocks differ. It never goes back. Of a store without a clock it is the machine's.
 */
export class StoreClock implements Clock {
  readonly #machine: Clock;
  /** Absent until the store has said its time once. */
  #aheadMs: number | undefined;
  #latest = -Infinity;

  constructor(machine: Clock) {
    this.#machine = machine;
  }

  now(): number {
    this.#latest = Math.max(this.#latest, this.#machine.now() + (this.#aheadMs ?? 0));
    return this.#latest;
  }

  after(ms: number, run: () => void): Timer {
    return this.#machine.after(ms, run);
  }

  /** Sets it by the store's clock; throws StoreFault when the store is away. */
  async set(store: Pick<LeaseStore, 'now'>): Promise<void> {
    const askedAt = this.#machine.now();
    const storeNow = await store.now();
    const answeredAt = this.#machine.now();
    if (storeNow === undefined || answeredAt - askedAt > MAX_CLOCK_DOUBT_MS) return;
    // The store answered between the two; what is known better already stays as it is.
    const [least, most] = [storeNow - answeredAt, storeNow - askedAt];
    this.#aheadMs = Math.min(
      Math.max(this.#aheadMs ?? Math.round((least + most) / 2), least),
      most,
    );
  }
}
