import type { Clock, Timer } from '../clock.ts';
import type { Log } from '../observe/log.ts';
import type { DueClaim } from '../store/leases.ts';
import type { Answer } from './answer.ts';
import { DeadlineQueue } from './deadline-queue.ts';

/**
 * The store is asked this often for what has passed and nobody ended: of a node that is dead, or from
 * before a restart. With OVERDUE_MS and the time that a step takes it is within a second of its deadline.
 */
export const DEADLINE_POLL_MS = 500;
/** A deadline that has passed for so long was not kept by the node that set it. */
export const OVERDUE_MS = 250;
/**
 * What a node has claimed is given to others when it has not ended it by then: it is dead, or the store does not take it.
 * So each further death costs this once more. Claims that last as long as their node's lease, as duties do, would cost more.
 */
export const DEADLINE_CLAIM_MS = 2_000;
/** What is claimed and ended in one go, so that several nodes share the work of a dead one. */
const BATCH = 100;

/** Things that have deadlines, all of one kind. */
export interface Dated<Id> {
  /** What one of them is called in the log. */
  readonly what: string;
  /** Claims such as have passed, earliest first. */
  claim(claim: DueClaim): Promise<readonly Id[]>;
  /** Applies what has passed. */
  expire(id: Id): Promise<Answer>;
}

/** What it is made of. */
export interface DeadlineParts {
  readonly clock: Clock;
  readonly log: Log;
  /** Whether this node may end anything: only while it counts as alive. */
  readonly mayAct: () => boolean;
}

/**
 * Ends what has a deadline that has passed: to the moment what this node has committed, by its own
 * timer, and soon after what nobody has ended, whoever committed it.
 */
export class Deadlines<Id> {
  readonly #dated: Dated<Id>;
  readonly #clock: Clock;
  readonly #log: Log;
  readonly #mayAct: () => boolean;
  readonly #own = new DeadlineQueue<Id>();
  /** Those that could not be ended, by their ids as text; they are said once. */
  readonly #failing = new Set<string>();
  #timer: Timer | undefined;
  #wakesAt = Infinity;
  #poll: Timer | undefined;
  #isAway = false;
  #stopped = true;

  constructor(dated: Dated<Id>, { clock, log, mayAct }: DeadlineParts) {
    this.#dated = dated;
    this.#clock = clock;
    this.#log = log;
    this.#mayAct = mayAct;
  }

  /** Begins to watch; what passed before the start is taken up at once. */
  start(): void {
    this.#stopped = false;
    this.#pollIn(0);
    this.#wakeAt(this.#own.nextAt);
  }

  /** Nothing ends here any more. */
  stop(): void {
    this.#stopped = true;
    this.#timer?.cancel();
    this.#poll?.cancel();
  }

  /** A deadline was committed here, with this version and in the place of the one before; null when there is none any more. */
  watch(id: Id, at: number | null, version?: number): void {
    this.#own.set(id, at, version);
    if (at !== null && at < this.#wakesAt) this.#wakeAt(at);
  }

  /** This version was committed, perhaps elsewhere: who did it keeps its deadline. */
  passOn(id: Id, version: number): void {
    this.#own.passOn(id, version);
  }

  #wakeAt(at: number): void {
    if (this.#stopped) return;
    this.#timer?.cancel();
    this.#wakesAt = at;
    if (at === Infinity) return;
    this.#timer = this.#clock.after(Math.max(0, at - this.#clock.now()), () => this.#wake());
  }

  #wake(): void {
    // What may not be ended now is overdue when it may, and found by the poll.
    const due = this.#own.take(this.#clock.now());
    if (this.#mayAct()) for (const id of due) void this.#expire(id);
    this.#wakeAt(this.#own.nextAt);
  }

  #pollIn(ms: number): void {
    if (this.#stopped) return;
    this.#poll = this.#clock.after(ms, () => void this.#takeUp());
  }

  async #takeUp(): Promise<void> {
    try {
      while (!this.#stopped && this.#mayAct()) {
        const ids = await this.#dated.claim(this.#claim());
        await Promise.all(ids.map((id) => this.#expire(id)));
        if (ids.length < BATCH) break;
      }
      this.#isAway = false;
    } catch (error) {
      // Said once: a store that is away needs no log lines on top.
      if (!this.#isAway) {
        this.#log.error({ err: error }, 'deadlines could not be read; trying again');
      }
      this.#isAway = true;
    }
    this.#pollIn(DEADLINE_POLL_MS);
  }

  #claim(): DueClaim {
    const now = this.#clock.now();
    return { before: now - OVERDUE_MS, now, until: now + DEADLINE_CLAIM_MS, limit: BATCH };
  }

  async #expire(id: Id): Promise<void> {
    const { what } = this.#dated;
    const key = JSON.stringify(id);
    try {
      await this.#dated.expire(id);
      this.#failing.delete(key);
    } catch (error) {
      // Said once: a full disk needs no log lines on top.
      if (!this.#failing.has(key)) {
        this.#log.error({ err: error, [what]: id }, `a ${what} could not be expired; trying again`);
      }
      this.#failing.add(key);
    }
  }
}
