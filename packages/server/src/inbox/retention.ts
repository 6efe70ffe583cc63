import type { UserId } from '@ringline/protocol';
import type { Clock, Timer } from '../clock.ts';
import type { Log } from '../observe/log.ts';
import type { Announcer } from '../steps/announcer.ts';
import type { Removed, Store } from '../store/store.ts';

/** How much of an inbox is kept; what is absent removes nothing. */
export interface Retention {
  /** Items older than this are removed, whether a device had them or not. */
  readonly maxAgeMs?: number;
  /** The oldest items beyond so many are removed, once a device of the owner has had them. */
  readonly maxItems?: number;
}

/** Inboxes are looked through this often. */
export const RETENTION_ROUND_MS = 60_000;
/** Items removed in one go: in SQLite some milliseconds, in which nothing else is stored. */
export const RETENTION_PORTION = 20;
/** Inboxes looked at in one go, which costs a tenth of that. */
export const RETENTION_INBOXES = 1_000;
/** Between two portions everybody else has the store; so 17 million items a day can go. */
export const RETENTION_PAUSE_MS = 100;

/** What retention is made of. */
export interface RetentionParts {
  readonly store: Pick<Store, 'removeOlder' | 'removeBeyond'>;
  readonly announcer: Announcer;
  readonly clock: Clock;
  readonly log: Log;
  /** Whether this is the one node that does it. */
  readonly isOurs: () => Promise<boolean>;
}

/**
 * Removes what inboxes need not keep, a portion at a time, for ever. One node at a time does it, so that
 * the store has its pauses; should two, an item that is gone is not there to be removed. Records of calls stay.
 */
export class InboxRetention {
  readonly #parts: RetentionParts;
  readonly #limits: Retention;
  #timer: Timer | undefined;
  /** The inbox after which the round goes on. */
  #after: UserId | undefined;

  constructor(parts: RetentionParts, limits: Retention) {
    this.#parts = parts;
    this.#limits = limits;
  }

  /** Begins, unless everything is kept. */
  start(): void {
    const { maxAgeMs, maxItems } = this.#limits;
    if (maxAgeMs === undefined && maxItems === undefined) return;
    this.#later(RETENTION_ROUND_MS);
  }

  stop(): void {
    this.#timer?.cancel();
    this.#timer = undefined;
  }

  #later(ms: number): void {
    this.#timer = this.#parts.clock.after(ms, () => void this.#work());
  }

  async #work(): Promise<void> {
    const more = await this.#removePortions();
    // Unless it was stopped while the store was at work.
    if (this.#timer) this.#later(more ? RETENTION_PAUSE_MS : RETENTION_ROUND_MS);
  }

  async #removePortions(): Promise<boolean> {
    try {
      if (!(await this.#parts.isOurs())) return false;
      const isMoreOld = await this.#removeOlder();
      const isMoreBeyond = await this.#removeBeyond();
      return isMoreOld || isMoreBeyond;
    } catch (error) {
      this.#parts.log.error({ err: error }, 'old items could not be removed; trying again');
      return false;
    }
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
