import type { Clock, Timer } from './clock.ts';
import type { Log } from './observe/log.ts';

/** What is kept is looked through this often. */
export const RETENTION_ROUND_MS = 60_000;
/** Between two portions everybody else has the store. */
export const RETENTION_PAUSE_MS = 100;

/** What rounds are made of. */
export interface RoundsParts {
  readonly clock: Clock;
  readonly log: Log;
  /** Whether this is the one node that does it; throws StoreFault when the store is away. */
  readonly isOurs: () => Promise<boolean>;
}

/** What is done a portion at a time. */
export interface PortionedWork {
  /** Does the next portion; whether there may be more in this round. */
  readonly portion: () => Promise<boolean>;
  /** For the log, when it was in vain. */
  readonly failed: string;
}

/**
 * Work on the store without an end, by one node at a time: in rounds, each a portion after the other with a
 * pause between. What fails is tried again in the next round.
 */
export class Rounds {
  readonly #parts: RoundsParts;
  readonly #work: PortionedWork;
  #timer: Timer | undefined;

  constructor(parts: RoundsParts, work: PortionedWork) {
    this.#parts = parts;
    this.#work = work;
  }

  start(): void {
    this.#later(RETENTION_ROUND_MS);
  }

  /** A portion that is under way comes to its end, and no other begins. */
  stop(): void {
    this.#timer?.cancel();
    this.#timer = undefined;
  }

  #later(ms: number): void {
    this.#timer = this.#parts.clock.after(ms, () => void this.#go());
  }

  async #go(): Promise<void> {
    const more = await this.#portion();
    // Unless it was stopped while the store was at work.
    if (this.#timer) this.#later(more ? RETENTION_PAUSE_MS : RETENTION_ROUND_MS);
  }

  async #portion(): Promise<boolean> {
    try {
      return (await this.#parts.isOurs()) && (await this.#work.portion());
    } catch (error) {
      this.#parts.log.error({ err: error }, this.#work.failed);
      return false;
    }
  }
}
