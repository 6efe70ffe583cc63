import type { Clock } from '../clock.ts';
import { Queue } from '../queue.ts';
import type { Queued } from '../queue.ts';
import type { OutboxStore, Settled } from '../store/outbox.ts';
import { SettledInPart } from '../store/settled-in-part.ts';

/** Outcomes in one transaction: some milliseconds, in which the calls whose events these are wait for it. */
export const MAX_SETTLED = 64;
/** Transactions at once: one that waits for a step which holds one of its deliveries does not keep the others waiting. */
export const SETTLING_AT_ONCE = 2;

/** Notes how attempts came out: what comes in while others are noted is noted together, by the next transaction. */
export class Settler {
  readonly #store: Pick<OutboxStore, 'settleDeliveries'>;
  readonly #clock: Clock;
  readonly #ended = new Queue<Settled, boolean>();
  #underWay = 0;

  constructor(parts: { readonly store: Pick<OutboxStore, 'settleDeliveries'>; clock: Clock }) {
    this.#store = parts.store;
    this.#clock = parts.clock;
  }

  /** Whether it counts: not where it was sent again or claimed anew meanwhile. Rejects where it could not be noted. */
  settle(settled: Settled): Promise<boolean> {
    const counts = this.#ended.add(settled);
    this.#go();
    return counts;
  }

  #go(): void {
    while (this.#underWay < SETTLING_AT_ONCE && !this.#ended.isEmpty) {
      this.#underWay++;
      void this.#note(this.#take()).finally(() => {
        this.#underWay--;
        this.#go();
      });
    }
  }

  /** The first that wait. The store says which deliveries counted: of two attempts at one, the second is left to the next time. */
  #take(): readonly Queued<Settled, boolean>[] {
    const taken = new Set<number>();
    const mayGo = ({ n }: Settled) => {
      const isFirst = !taken.has(n);
      taken.add(n);
      return isFirst;
    };
    return this.#ended.takeThose(mayGo, MAX_SETTLED);
  }

  async #note(batch: readonly Queued<Settled, boolean>[]): Promise<void> {
    try {
      const settled = batch.map(({ item }) => item);
      const counted = new Set(await this.#store.settleDeliveries(settled, this.#clock.now()));
      for (const { item, resolve } of batch) resolve(counted.has(item.n));
    } catch (error) {
      if (error instanceof SettledInPart) answerInPart(batch, error);
      else for (const { reject } of batch) reject(error);
    }
  }
}

/** Each hears what became of its own. */
function answerInPart(
  batch: readonly Queued<Settled, boolean>[],
  { counted, left, cause }: SettledInPart,
): void {
  for (const { item, resolve, reject } of batch) {
    if (left.has(item.n)) reject(cause);
    else resolve(counted.has(item.n));
  }
}
