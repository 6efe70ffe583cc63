import type { Call } from '@ringline/call';
import { deadlineOf } from '@ringline/call';
import type { CallId } from '@ringline/protocol';
import type { Clock, Timer } from '../clock.ts';
import type { Log } from '../observe/log.ts';
import type { Store } from '../store/store.ts';
import type { CallService } from './call-service.ts';

/** The store is asked this often for deadlines that no timer here knows of: another node's, or one from before a restart. */
export const DEADLINE_POLL_MS = 2_000;
/** Calls expired in one go, so that a restart with many does not hold up the rest. */
const BATCH = 100;

/** Wakes calls whose deadline has passed, whoever set it: timers for accuracy, the store for safety. */
export class Deadlines {
  readonly #store: Store;
  readonly #calls: CallService;
  readonly #clock: Clock;
  readonly #log: Log;
  /** Calls that could not be expired; they do not stand in the way of the others. */
  readonly #failing = new Set<CallId>();
  #timer: Timer | undefined;
  #wakesAt = Infinity;
  #stopped = true;

  constructor(store: Store, calls: CallService, clock: Clock, log: Log) {
    this.#store = store;
    this.#calls = calls;
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

  /** A call was committed, perhaps with an earlier deadline than any known. */
  watch(call: Call): void {
    const at = deadlineOf(call);
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
      const due = await this.#store.dueCalls(this.#clock.now(), BATCH + this.#failing.size);
      const expired = await Promise.all(due.map((call) => this.#expire(call)));
      // One that could not be expired is still the earliest: it waits for the poll.
      if (expired.every(Boolean)) next = await this.#store.nextDeadline();
    } catch (error) {
      this.#log.error({ err: error }, 'deadlines could not be read; trying again');
    }
    const poll = this.#clock.now() + DEADLINE_POLL_MS;
    this.#wakeAt(Math.min(next ?? poll, poll, this.#wakesAt));
  }

  async #expire(call: CallId): Promise<boolean> {
    try {
      const { kind } = await this.#calls.execute({ command: { type: 'expire', call } });
      this.#failing.delete(call);
      return kind !== 'refused';
    } catch (error) {
      // Said once: a full disk needs no log lines on top.
      if (!this.#failing.has(call)) {
        this.#log.error({ err: error, call }, 'a call could not be expired; trying again');
      }
      this.#failing.add(call);
      return false;
    }
  }
}
