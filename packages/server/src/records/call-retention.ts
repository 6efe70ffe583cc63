import { Rounds } from '../rounds.ts';
import type { RoundsParts } from '../rounds.ts';
import type { Store } from '../store/store.ts';

/** How long is kept what is left of calls that are over; what is absent is kept for ever. */
export interface CallRetentionLimits {
  /** From then on the newest row of a call's log is left. */
  readonly logMs?: number;
  /** From then on nothing is: neither the call nor its record. */
  readonly recordMs?: number;
  /** So long the events of a call are kept at this time, which hold it: before, it is not even looked at. */
  readonly eventMs?: () => number;
}

/**
 * Calls looked at in one go: in SQLite some ten milliseconds, in which nothing else is stored. With the pauses
 * one node is done with four hundred a second; a million users make 350.
 */
export const CALLS_PORTION = 50;

/** What the retention of calls is made of. */
export interface CallRetentionParts extends RoundsParts {
  readonly store: Pick<Store, 'shortenLogs' | 'forgetCalls'>;
}

const FAILED = 'old calls could not be removed; trying again';

/** Removes what need not be kept of calls that are over, a portion at a time, for ever, on one node at a time. */
export class CallRetention {
  readonly #parts: CallRetentionParts;
  readonly #limits: CallRetentionLimits;
  /** What fails of one waits for its next round, and does not hold the other up. */
  readonly #forgetting: Rounds;
  readonly #shortening: Rounds;
  /** The position of the record after which the round goes on. */
  #after: number | undefined;
  /**
   * The position after which the next round begins: up to there nothing is left. From 0 the store would step
   * over all that was removed since it last tidied up.
   */
  #from = 0;

  constructor(parts: CallRetentionParts, limits: CallRetentionLimits) {
    this.#parts = parts;
    this.#limits = limits;
    this.#forgetting = new Rounds(
      { ...parts, isOurs: () => this.#isOurs() },
      { portion: () => this.#forgetCalls(), failed: FAILED },
    );
    this.#shortening = new Rounds(parts, { portion: () => this.#shortenLogs(), failed: FAILED });
  }

  /** Begins, unless everything is kept. */
  start(): void {
    const { logMs, recordMs } = this.#limits;
    if (recordMs !== undefined) this.#forgetting.start();
    if (logMs !== undefined) this.#shortening.start();
  }

  stop(): void {
    this.#forgetting.stop();
    this.#shortening.stop();
  }

  /** Who takes the duty anew knows nothing of where others came to. */
  async #isOurs(): Promise<boolean> {
    const isOurs = await this.#parts.isOurs();
    if (!isOurs) this.#from = 0;
    return isOurs;
  }

  async #forgetCalls(): Promise<boolean> {
    const { clock, store } = this.#parts;
    const { recordMs, eventMs } = this.#limits;
    if (recordMs === undefined) return false;
    const after = this.#after ?? this.#from;
    this.#after = undefined;
    const before = clock.now() - Math.max(recordMs, eventMs?.() ?? 0);
    const { done, clearTo } = await store.forgetCalls(before, { after, limit: CALLS_PORTION });
    // Behind a call that stays for its events others may be removed; the next round begins before it.
    if (after === this.#from) this.#from = clearTo;
    this.#after = done ?? undefined;
    return done !== null;
  }

  async #shortenLogs(): Promise<boolean> {
    const { clock, store } = this.#parts;
    const { logMs } = this.#limits;
    if (logMs === undefined) return false;
    return (await store.shortenLogs(clock.now() - logMs, CALLS_PORTION)) === CALLS_PORTION;
  }
}
