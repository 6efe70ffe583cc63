import { TimerQueue } from './timer-queue.ts';
import type { QueuedTimer } from './timer-queue.ts';

/** A started timer. */
export interface Timer {
  cancel(): void;
}

/** Where a virtual clock begins, and how patiently it waits for promises. */
export interface VirtualClockOptions {
  /** Epoch milliseconds at the beginning: 2026-01-01T00:00:00Z unless given. */
  readonly startAt?: number;
  /** Turns of the event loop given to promises and immediates after each timer; 4 unless given. */
  readonly turns?: number;
}

const START_AT = Date.UTC(2026, 0, 1);
const MAX_TIMERS_PER_INSTANT = 100_000;

/**
 * Time that moves only when a test says so. It fits the `Clock` ports of the server and of the SDK.
 * Timers run in the order of their time, those of one instant in the order in which they were started.
 * The plain methods run timers one straight after the other; those that end in `Async` let promises
 * and immediates settle after each timer, which is what code with `await` in it needs.
 */
export class VirtualClock {
  readonly #queue = new TimerQueue();
  readonly #turns: number;
  readonly #live = new Set<QueuedTimer>();
  readonly #rests: (() => Promise<void>)[] = [];
  #now: number;
  #started = 0;
  #ranAtThisInstant = 0;

  constructor({ startAt = START_AT, turns = 4 }: VirtualClockOptions = {}) {
    this.#now = startAt;
    this.#turns = turns;
  }

  /** Epoch milliseconds. */
  now(): number {
    return this.#now;
  }

  /** The same: it is never set. */
  wall(): number {
    return this.#now;
  }

  /** And so is this. */
  steady(): number {
    return this.#now;
  }

  /** Runs once after so many milliseconds; less than none is none. */
  after(ms: number, run: () => void): Timer {
    if (!Number.isFinite(ms)) throw new RangeError(`after ${ms} ms is no time at all`);
    const timer = { at: this.#now + Math.max(0, ms), order: this.#started++, run };
    this.#live.add(timer);
    this.#queue.push(timer);
    return { cancel: () => void this.#live.delete(timer) };
  }

  /** Timers that were started and neither ran nor were cancelled. */
  get pending(): number {
    return this.#live.size;
  }

  /** When the next timer is due, or undefined when none is. */
  get nextAt(): number | undefined {
    return this.#next()?.at;
  }

  /** Goes to the next timer and runs it; false when there is none. */
  runNext(): boolean {
    const timer = this.#next();
    if (timer === undefined) return false;
    this.#moveTo(timer.at);
    this.#guardAgainstStandstill();
    this.#queue.pop();
    this.#live.delete(timer);
    timer.run();
    return true;
  }

  /** Runs every timer due up to this instant, and stands there. */
  runUntil(at: number): void {
    while (this.#isDue(at)) this.runNext();
    this.#moveTo(Math.max(this.#now, at));
  }

  /** Runs every timer due within so many milliseconds, and stands at their end. */
  advance(ms: number): void {
    this.runUntil(this.#now + ms);
  }

  /** Lets promises settle, runs the next timer, and lets promises settle again. */
  async runNextAsync(): Promise<boolean> {
    await this.settle();
    const ran = this.runNext();
    if (ran) await this.settle();
    return ran;
  }

  /** As `runUntil`, with time for promises before, between and after the timers. */
  async runUntilAsync(at: number): Promise<void> {
    await this.settle();
    while (this.#isDue(at)) {
      this.runNext();
      await this.settle();
    }
    this.#moveTo(Math.max(this.#now, at));
  }

  /** As `advance`, with time for promises before, between and after the timers. */
  async advanceAsync(ms: number): Promise<void> {
    await this.runUntilAsync(this.#now + ms);
  }

  /** Advances until the promise settles and gives its outcome; throws when that takes longer than `limitMs`. */
  async untilSettled<Value>(promise: Promise<Value>, limitMs = 300_000): Promise<Value> {
    const limit = this.#now + limitMs;
    const outcome = { settled: false };
    const note = () => void (outcome.settled = true);
    promise.then(note, note);
    await this.settle();
    while (!outcome.settled && this.#isDue(limit)) await this.runNextAsync();
    if (outcome.settled) return promise;
    throw new Error(`the promise is not settled after ${limitMs} ms of virtual time`);
  }

  /** Lets promises and immediates that are ready run, and what is outside of this process come to rest, without moving time. */
  async settle(): Promise<void> {
    for (let turn = 0; turn < this.#turns; turn++) await eventLoopTurn();
    for (const rest of this.#rests) await rest();
  }

  /** From now on it also waits for this whenever it settles: real sockets take real time, in which its own stands still. */
  alsoSettles(rest: () => Promise<void>): void {
    this.#rests.push(rest);
  }

  #next(): QueuedTimer | undefined {
    let first = this.#queue.first;
    while (first !== undefined && !this.#live.has(first)) {
      this.#queue.pop();
      first = this.#queue.first;
    }
    return first;
  }

  #isDue(at: number): boolean {
    const next = this.#next();
    return next !== undefined && next.at <= at;
  }

  #moveTo(at: number): void {
    if (at > this.#now) this.#ranAtThisInstant = 0;
    this.#now = at;
  }

  #guardAgainstStandstill(): void {
    this.#ranAtThisInstant++;
    if (this.#ranAtThisInstant <= MAX_TIMERS_PER_INSTANT) return;
    throw new Error(`${MAX_TIMERS_PER_INSTANT} timers ran at one instant: timers start each other`);
  }
}

type Defer = (run: () => void) => unknown;

// Browsers have no setImmediate; a timer of 0 ms is their nearest to it.
const defer: Defer =
  (globalThis as { setImmediate?: Defer }).setImmediate ?? ((run) => setTimeout(run, 0));

function eventLoopTurn(): Promise<void> {
  return new Promise((resolve) => void defer(resolve));
}
