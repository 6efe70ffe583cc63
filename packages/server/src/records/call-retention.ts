import { Rounds } from '../rounds.ts';
import type { RoundsParts } from '../rounds.ts';
import type { Store } from '../store/store.ts';

/** How long is kept what is left of calls that are over; what is absent is kept for ever. */
export interface CallRetentionLimits {
  /** From then on the newest row of a call's log is left. */
  readonly logMs?: number;
  /** From then on nothing is: neither the call nor its record. */
  readonly recordMs?: number;
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

/** Removes what need not be kept of calls that are over, a portion at a time, for ever, on one node at a time. */
export class CallRetention {
  readonly #parts: CallRetentionParts;
  readonly #limits: CallRetentionLimits;
  readonly #rounds: Rounds;
  /** The position of the record after which the round goes on. */
  #after: number | undefined;

  constructor(parts: CallRetentionParts, limits: CallRetentionLimits) {
    this.#parts = parts;
    this.#limits = limits;
    this.#rounds = new Rounds(parts, {
      portion: () => this.#portion(),
      failed: 'old calls could not be removed; trying again',
    });
  }

  /** Begins, unless everything is kept. */
  start(): void {
    const { logMs, recordMs } = this.#limits;
    if (logMs !== undefined || recordMs !== undefined) this.#rounds.start();
  }

  stop(): void {
    this.#rounds.stop();
  }

  async #portion(): Promise<boolean> {
    const isMoreGone = await this.#forgetCalls();
    const isMoreShort = await this.#shortenLogs();
    return isMoreGone || isMoreShort;
  }

  async #forgetCalls(): Promise<boolean> {
    const { clock, store } = this.#parts;
    const { recordMs } = this.#limits;
    if (recordMs === undefined) return false;
    const portion = { after: this.#after, limit: CALLS_PORTION };
    const { done } = await store.forgetCalls(clock.now() - recordMs, portion);
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
