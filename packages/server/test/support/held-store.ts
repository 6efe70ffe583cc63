import { MemoryStore } from '../../src/store/memory/store.ts';
import type { Claim, DueDelivery, Settled } from '../../src/store/outbox.ts';
import { SettledInPart } from '../../src/store/settled-in-part.ts';
import type { Committed, Scope, Snapshot, Step } from '../../src/store/store.ts';
import { StoreFault } from '../../src/store/store.ts';

/** A store whose steps wait for a word, lose their race, or fail, as a test wishes. */
export class HeldStore extends MemoryStore {
  /** Every commit fails: the disk is full. */
  away = false;
  /** Commits asked for while it was away. */
  tries = 0;
  /** The first step of this cause waits. */
  holds: { readonly type: string; readonly until: Promise<void> } | undefined;
  /** Deliveries that are due are held by another node. */
  holdsDeliveries = false;
  /** Claims asked for while they were. */
  claims = 0;
  /** Deliveries of which nothing can be noted: a step holds them for too long. */
  readonly heldOutcomes = new Set<number>();
  losesRace: (step: Step) => boolean = () => false;
  #nextLoad: Promise<void> | undefined;

  /** What the next load has read is given only when the returned function is called. */
  holdNextLoad(): () => void {
    let goOn = () => {};
    this.#nextLoad = new Promise((resolve) => (goOn = resolve));
    return goOn;
  }

  override async load(scope: Scope): Promise<Snapshot> {
    const snapshot = await super.load(scope);
    const held = this.#nextLoad;
    this.#nextLoad = undefined;
    await held;
    return snapshot;
  }

  override async claimDeliveries(claim: Claim): Promise<readonly DueDelivery[]> {
    if (this.away) throw new StoreFault('the disk is full', undefined);
    if (this.holdsDeliveries) {
      this.claims++;
      return [];
    }
    return super.claimDeliveries(claim);
  }

  override async settleDeliveries(
    settled: readonly Settled[],
    now: number,
  ): Promise<readonly number[]> {
    if (this.away) throw new StoreFault('the disk is full', undefined);
    const free = settled.filter(({ n }) => !this.heldOutcomes.has(n));
    const counted = await super.settleDeliveries(free, now);
    if (free.length === settled.length) return counted;
    throw new SettledInPart(counted, this.heldOutcomes, new StoreFault('it is held', undefined));
  }

  override async commit(step: Step): Promise<Committed> {
    if (this.away) {
      this.tries++;
      throw new StoreFault('the disk is full', undefined);
    }
    if (this.losesRace(step)) return { moved: false };
    if (this.holds?.type === step.cause.type) {
      const { until } = this.holds;
      this.holds = undefined;
      await until;
    }
    return super.commit(step);
  }
}
