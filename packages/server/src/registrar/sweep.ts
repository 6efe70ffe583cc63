import type { Clock } from '../clock.ts';
import type { Log } from '../observe/log.ts';
import type { Orphan } from '../store/leases.ts';
import { StoreFault } from '../store/store.ts';
import type { Store } from '../store/store.ts';
import type { Registrar } from './registrar.ts';

/** Devices let go together, so that they share commits: under half a second at the 450 steps a second of a slow database. */
export const SWEEP_PORTION = 200;

/** What it is made of. */
export interface SweepParts {
  readonly store: Pick<Store, 'declareDead' | 'orphans'>;
  readonly registrar: Pick<Registrar, 'loseOrphan'>;
  readonly clock: Pick<Clock, 'now'>;
  readonly log: Log;
  /** Whether it is this node that does it; asked before each portion. */
  readonly isOurs: () => Promise<boolean>;
}

/** Lets go every device whose node is dead, portion by portion. */
export class Sweep {
  readonly #parts: SweepParts;
  #underWay: Promise<void> | undefined;
  /** Devices that meet a defect of ours; they are said once. */
  #failing: ReadonlySet<string> = new Set();

  constructor(parts: SweepParts) {
    this.#parts = parts;
  }

  /** Does it, or waits for the one that is under way; throws StoreFault when the store is away. */
  run(): Promise<void> {
    this.#underWay ??= this.#run();
    return this.#underWay;
  }

  async #run(): Promise<void> {
    try {
      if (await this.#parts.isOurs()) await this.#letAllGo();
    } finally {
      this.#underWay = undefined;
    }
  }

  async #letAllGo(): Promise<void> {
    const { store, clock, isOurs } = this.#parts;
    await store.declareDead(clock.now());
    /** Those that could not be let go: they stay orphans, and are not tried again before the next sweep. */
    const left = new Map<string, unknown>();
    let limit: number;
    let orphans: readonly Orphan[];
    do {
      limit = SWEEP_PORTION + left.size;
      orphans = await store.orphans(limit);
      await this.#letGo(
        orphans.filter((orphan) => !left.has(keyOf(orphan))),
        left,
      );
    } while (orphans.length === limit && (await isOurs()));
    const defects = [...left].filter(([, error]) => !(error instanceof StoreFault));
    this.#failing = new Set(defects.map(([key]) => key));
  }

  /** Those that fail are put into `left`; throws only when the store takes none of them. */
  async #letGo(orphans: readonly Orphan[], left: Map<string, unknown>): Promise<void> {
    const { registrar } = this.#parts;
    const outcomes = await Promise.allSettled(
      orphans.map(({ device, lostAt }) => registrar.loseOrphan(device, lostAt)),
    );
    let faults = 0;
    for (const [i, outcome] of outcomes.entries()) {
      const orphan = orphans[i];
      if (outcome.status === 'fulfilled' || orphan === undefined) continue;
      left.set(keyOf(orphan), outcome.reason);
      if (outcome.reason instanceof StoreFault) faults++;
      else this.#say(orphan, outcome.reason);
      if (faults === orphans.length) throw outcome.reason;
    }
  }

  #say(orphan: Orphan, error: unknown): void {
    if (this.#failing.has(keyOf(orphan))) return;
    const { user, device } = orphan.device;
    this.#parts.log.error(
      { err: error, user, device },
      'a device of a dead node could not be let go; the others are, and it is tried again',
    );
  }
}

function keyOf({ device: { user, device } }: Orphan): string {
  return JSON.stringify([user, device]);
}
