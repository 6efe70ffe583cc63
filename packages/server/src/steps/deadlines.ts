import type { Clock, Timer } from '../clock.ts';
import type { Log } from '../observe/log.ts';
import type { Answer } from './answer.ts';

/** The store is asked this often for deadlines that no timer here knows of: another node's, or one from before a restart. */
export const DEADLINE_POLL_MS = 2_000;
/** What is expired in one go, so that a restart with many does not hold up the rest. */
const BATCH = 100;

/** Things that have deadlines, all of one kind. */
export interface Dated<Id> {
  /** What one of them is called in the log. */
  readonly what: string;
  /** Those whose deadline has passed, earliest first. */
  due(now: number, limit: number): Promise<readonly Id[]>;
  /** The earliest deadline of all. */
  next(): Promise<number | undefined>;
  /** Applies what has passed. */
  expire(id: Id): Promise<Answer>;
}

/** Wakes what has a deadline that has passed, whoever set it: timers for accuracy, the store for safety. */
export class Deadlines<Id> {
  readonly #dated: Dated<Id>;
  readonly #clock: Clock;
  readonly #log: Log;
  /** Those that could not be expired, by their ids as text; they do not stand in the way of the others. */
  readonly #failing = new Set<string>();
  #timer: Timer | undefined;
  #wakesAt = Infinity;
  #stopped = true;

  constructor(dated: Dated<Id>, clock: Clock, log: Log) {
    this.#dated = dated;
    this.#clock = clock;
    this.#log = log;
  }

  /** Begins to watch. */
  start(): void {
    this.#stopped = false;
    this.#wakeAt(this.#clock.now());
  }

  /** Nothing expires here any more. */
  stop(): void {
    this.#stopped = true;
    this.#timer?.cancel();
  }

  /** A deadline was committed, perhaps an earlier one than any known. */
  watch(at: number | null): void {
    if (at !== null && at < this.#wakesAt) this.#wakeAt(at);
  }

  #wakeAt(at: number): void {
    if (this.#stopped) return;
    this.#timer?.cancel();
    this.#wakesAt = at;
    this.#timer = this.#clock.after(Math.max(0, at - this.#clock.now()), () => void this.#wake());
  }

  async #wake(): Promise<void> {
    this.#wakesAt = Infinity;
    let next: number | undefined;
    try {
      const due = await this.#dated.due(this.#clock.now(), BATCH + this.#failing.size);
      const expired = await Promise.all(due.map((id) => this.#expire(id)));
      // One that could not be expired is still the earliest: it waits for the poll.
      if (expired.every(Boolean)) next = await this.#dated.next();
    } catch (error) {
      this.#log.error({ err: error }, 'deadlines could not be read; trying again');
    }
    const poll = this.#clock.now() + DEADLINE_POLL_MS;
    this.#wakeAt(Math.min(next ?? poll, poll, this.#wakesAt));
  }

  async #expire(id: Id): Promise<boolean> {
    const { what } = this.#dated;
    const key = JSON.stringify(id);
    try {
      const { kind } = await this.#dated.expire(id);
      this.#failing.delete(key);
      return kind !== 'refused';
    } catch (error) {
      // Said once: a full disk needs no log lines on top.
      if (!this.#failing.has(key)) {
        this.#log.error({ err: error, [what]: id }, `a ${what} could not be expired; trying again`);
      }
      this.#failing.add(key);
      return false;
    }
  }
}
