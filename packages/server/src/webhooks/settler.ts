import type { Clock } from '../clock.ts';
import type { OutboxStore, Settled } from '../store/outbox.ts';

/** Outcomes in one transaction: some milliseconds, in which the calls whose events these are wait for it. */
export const MAX_SETTLED = 64;
/** Transactions at once: one that waits for a step which holds one of its deliveries does not keep the others waiting. */
export const SETTLING_AT_ONCE = 2;

interface Waiting {
  readonly settled: Settled;
  readonly resolve: (counts: boolean) => void;
  readonly reject: (error: unknown) => void;
}

/** Notes how attempts came out: what comes in while others are noted is noted together, by the next transaction. */
export class Settler {
  readonly #store: Pick<OutboxStore, 'settleDeliveries'>;
  readonly #clock: Clock;
  #waiting: Waiting[] = [];
  #underWay = 0;

  constructor(parts: { readonly store: Pick<OutboxStore, 'settleDeliveries'>; clock: Clock }) {
    this.#store = parts.store;
    this.#clock = parts.clock;
  }

  /** Whether it counts: not where it was sent again or claimed anew meanwhile. Rejects where it could not be noted. */
  settle(settled: Settled): Promise<boolean> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ settled, resolve, reject });
      this.#go();
    });
  }

  #go(): void {
    while (this.#underWay < SETTLING_AT_ONCE && this.#waiting.length > 0) {
      this.#underWay++;
      void this.#note(this.#take()).finally(() => {
        this.#underWay--;
        this.#go();
      });
    }
  }

  /** The first that wait. The store says which deliveries counted: of two attempts at one, the second is left to the next time. */
  #take(): readonly Waiting[] {
    const taken = new Map<number, Waiting>();
    const left: Waiting[] = [];
    for (const each of this.#waiting) {
      const { n } = each.settled;
      if (taken.size < MAX_SETTLED && !taken.has(n)) taken.set(n, each);
      else left.push(each);
    }
    this.#waiting = left;
    return [...taken.values()];
  }

  async #note(batch: readonly Waiting[]): Promise<void> {
    try {
      const settled = batch.map((each) => each.settled);
      const counted = new Set(await this.#store.settleDeliveries(settled, this.#clock.now()));
      for (const { settled: of, resolve } of batch) resolve(counted.has(of.n));
    } catch (error) {
      for (const { reject } of batch) reject(error);
    }
  }
}
