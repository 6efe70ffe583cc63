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

/** Of work that each node does for itself. */
export const ALWAYS_OURS: RoundsParts['isOurs'] = () => Promise.resolve(true);

/** What is done a portion at a time. */
export interface PortionedWork {
  /** Does the next portion; whether there may be more in this round. */
  readonly portion: () => Promise<boolean>;
  /** For the log, when it was in vain. */
  readonly failed: string;
}

/** How often, in milliseconds. */
export interface RoundTimes {
  /** From the start, or the end of a round, to the next. */
  readonly roundMs: number;
  /** Between two portions of a round. */
  readonly pauseMs: number;
}

const RETENTION_TIMES: RoundTimes = { roundMs: RETENTION_ROUND_MS, pauseMs: RETENTION_PAUSE_MS };

/**
 * Work on the store without an end, by the node whose it is: in rounds, each a portion after the other with a
 * pause between. What fails is tried again in the next round.
 */
export class Rounds {
  readonly #parts: RoundsParts;
  readonly #work: PortionedWork;
  readonly #times: RoundTimes;
  /** That of the next portion, or of the one that is under way. */
  #timer: Timer | undefined;
  /** When the next portion begins; Infinity while one is under way. */
  #nextAt = Infinity;

  constructor(parts: RoundsParts, work: PortionedWork, times = RETENTION_TIMES) {
    this.#parts = parts;
    this.#work = work;
    this.#times = times;
  }

  /** A round begins in `roundMs`. Does nothing when they go on already. */
  start(): void {
    if (!this.#timer) this.#later(this.#times.roundMs);
  }

  /** The next portion begins within so many milliseconds, beside one that is under way. Does nothing when none go on. */
  within(ms: number): void {
    if (!this.#timer || this.#parts.clock.now() + ms >= this.#nextAt) return;
    this.#timer.cancel();
    this.#later(ms);
  }

  /** A portion that is under way comes to its end, and no other begins. */
  stop(): void {
    this.#timer?.cancel();
    this.#timer = undefined;
  }

  #later(ms: number): void {
    const { clock } = this.#parts;
    const timer = clock.after(ms, () => void this.#go(timer));
    this.#timer = timer;
    this.#nextAt = clock.now() + ms;
  }

  async #go(timer: Timer): Promise<void> {
    this.#nextAt = Infinity;
    const more = await this.#portion(timer);
    const { roundMs, pauseMs } = this.#times;
    // Unless it was stopped while the store was at work, or another begins sooner.
    if (this.#timer === timer) this.#later(more ? pauseMs : roundMs);
  }

  async #portion(timer: Timer): Promise<boolean> {
    try {
      const isOurs = await this.#parts.isOurs();
      return isOurs && this.#timer === timer && (await this.#work.portion());
    } catch (error) {
      this.#parts.log.error({ err: error }, this.#work.failed);
      return false;
    }
  }
}
