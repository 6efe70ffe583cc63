import type { UserId } from '@ringline/protocol';
import { Rounds } from '../rounds.ts';
import type { RoundsParts } from '../rounds.ts';
import type { Announcer } from '../steps/announcer.ts';
import type { Removed, Store } from '../store/store.ts';

/** How much of an inbox is kept; what is absent removes nothing. */
export interface Retention {
  /** Items older than this are removed, whether a device had them or not. */
  readonly maxAgeMs?: number;
  /** The oldest items beyond so many are removed, once a device of the owner has had them. */
  readonly maxItems?: number;
}

/** Items removed in one go: in SQLite some milliseconds, in which nothing else is stored. So 17 million can go in a day. */
export const RETENTION_PORTION = 20;
/** Inboxes looked at in one go, which costs a tenth of that. */
export const RETENTION_INBOXES = 1_000;

/** What retention is made of. */
export interface RetentionParts extends RoundsParts {
  readonly store: Pick<Store, 'removeOlder' | 'removeBeyond'>;
  readonly announcer: Announcer;
}

/**
 * Removes what inboxes need not keep, a portion at a time, for ever. One node at a time does it, so that
 * the store has its pauses; should two, an item that is gone is not there to be removed. Records of calls stay.
 */
export class InboxRetention {
  readonly #parts: RetentionParts;
  readonly #limits: Retention;
  readonly #rounds: Rounds;
  /** The inbox after which the round goes on. */
  #after: UserId | undefined;

  constructor(parts: RetentionParts, limits: Retention) {
    this.#parts = parts;
    this.#limits = limits;
    this.#rounds = new Rounds(parts, {
      portion: () => this.#portion(),
      failed: 'old items could not be removed; trying again',
    });
  }

  /** Begins, unless everything is kept. */
  start(): void {
    const { maxAgeMs, maxItems } = this.#limits;
    if (maxAgeMs !== undefined || maxItems !== undefined) this.#rounds.start();
  }

  stop(): void {
    this.#rounds.stop();
  }

  async #portion(): Promise<boolean> {
    const isMoreOld = await this.#removeOlder();
    const isMoreBeyond = await this.#removeBeyond();
    return isMoreOld || isMoreBeyond;
  }

  async #removeOlder(): Promise<boolean> {
    const { clock, store } = this.#parts;
    const { maxAgeMs } = this.#limits;
    if (maxAgeMs === undefined) return false;
    return this.#tell(await store.removeOlder(clock.now() - maxAgeMs, RETENTION_PORTION)).more;
  }

  async #removeBeyond(): Promise<boolean> {
    const { maxItems } = this.#limits;
    if (maxItems === undefined) return false;
    const { store } = this.#parts;
    const removed = await store.removeBeyond({
      keep: maxItems,
      after: this.#after,
      inboxes: RETENTION_INBOXES,
      limit: RETENTION_PORTION,
    });
    this.#after = removed.more ? removed.done : undefined;
    return this.#tell(removed).more;
  }

  #tell(removed: Removed): Removed {
    this.#parts.announcer.announceRevised(removed.revised);
    return removed;
  }
}
