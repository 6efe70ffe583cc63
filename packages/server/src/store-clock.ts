import type { Clock, MachineClock, Timer } from './clock.ts';
import type { LeaseStore } from './store/leases.ts';
import { StoreFault } from './store/store.ts';

/** An answer that took longer says too little of the moment at which it was given. */
export const MAX_CLOCK_DOUBT_MS = 1_000;
/**
 * For so long a time stands still rather than go back: as far as two answers in a row can differ. A store whose own
 * clock was set back further is followed: else nothing would end here before that has caught up.
 */
export const MAX_CLOCK_STANDSTILL_MS = MAX_CLOCK_DOUBT_MS;
/** So often a store that is just starting is asked, until an answer comes in time. */
const FIRST_ANSWERS = 10;

/**
 * The time of the store, which all its nodes share, so that leases and deadlines mean the same on each
 * though their machines' clocks differ, and are set. It goes back only where the store's own clock was set back.
 * Of a store without a clock it is the machine's.
 */
export class StoreClock implements Clock {
  readonly #machine: MachineClock;
  /** What to add to the machine's steady time; absent until the store has said its time once. */
  #aheadMs: number | undefined;
  /** Whether the store has no time of its own. */
  #isMachines = false;
  /** The machine's wall time less its steady time when the store has said its own last. */
  #wallAheadMs = 0;
  #latest = -Infinity;

  constructor(machine: MachineClock) {
    this.#machine = machine;
  }

  now(): number {
    const ahead = this.#aheadMs;
    const now = ahead === undefined ? this.#machine.now() : this.#machine.steady() + ahead;
    const behindMs = this.#latest - Math.floor(now);
    const standsStill = behindMs > 0 && behindMs <= MAX_CLOCK_STANDSTILL_MS;
    if (!standsStill) this.#latest = Math.floor(now);
    return this.#latest;
  }

  after(ms: number, run: () => void): Timer {
    return this.#machine.after(ms, run);
  }

  /**
   * Whether this is the store's time: not before it has said it, nor once the machine's two clocks have gone
   * apart, because it slept or its clock was set: until the store has said its time again.
   */
  get isSure(): boolean {
    if (this.#isMachines) return true;
    const apart = this.#wallAhead() - this.#wallAheadMs;
    return this.#aheadMs !== undefined && Math.abs(apart) <= MAX_CLOCK_DOUBT_MS;
  }

  /** Sets it for the first time; throws StoreFault when the store is away, or too slow to tell the time. */
  async start(store: Pick<LeaseStore, 'now'>): Promise<void> {
    for (let i = 0; i < FIRST_ANSWERS; i++) {
      await this.set(store);
      if (this.isSure) return;
    }
    throw tooSlow();
  }

  /** Sets it by the store's clock; throws StoreFault when the store is away. */
  async set(store: Pick<LeaseStore, 'now'>): Promise<void> {
    const [askedAt, askedWall] = [this.#machine.steady(), this.#machine.wall()];
    const storeNow = await store.now();
    const answeredAt = this.#machine.steady();
    // Of a machine that slept meanwhile only the wall time may have gone on.
    const tookMs = Math.max(answeredAt - askedAt, this.#machine.wall() - askedWall);
    this.#isMachines = storeNow === undefined;
    if (storeNow === undefined || tookMs > MAX_CLOCK_DOUBT_MS) return;
    // The store answered between the two; what is known better already stays as it is.
    const [least, most] = [storeNow - answeredAt, storeNow - askedAt];
    const known = this.isSure ? this.#aheadMs : undefined;
    this.#aheadMs = Math.min(Math.max(known ?? Math.round((least + most) / 2), least), most);
    this.#wallAheadMs = this.#wallAhead();
  }

  /** Throws StoreFault unless it is sure. */
  assertSure(): void {
    if (!this.isSure) throw tooSlow();
  }

  #wallAhead(): number {
    return this.#machine.wall() - this.#machine.steady();
  }
}

function tooSlow(): StoreFault {
  const text = `the store took more than ${MAX_CLOCK_DOUBT_MS} ms to tell its time: see what keeps it busy`;
  return new StoreFault(text, undefined);
}
