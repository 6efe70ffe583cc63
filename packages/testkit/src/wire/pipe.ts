import type { Timer, VirtualClock } from '../clock.ts';

interface Passage<Frame> {
  readonly frame: Frame;
  readonly bytes: number;
  dueAt: number;
}

/** One direction of a wire: keeps the order, loses nothing, takes its time, and can be held. */
export class Pipe<Frame> {
  readonly #clock: VirtualClock;
  readonly #delayMs: () => number;
  readonly #deliver: (frame: Frame) => void;
  #queue: Passage<Frame>[] = [];
  #holds = 0;
  #timer: Timer | undefined;

  constructor(clock: VirtualClock, delayMs: () => number, deliver: (frame: Frame) => void) {
    this.#clock = clock;
    this.#delayMs = delayMs;
    this.#deliver = deliver;
  }

  push(frame: Frame, bytes = 0): void {
    const dueAt = this.#clock.now() + this.#delayMs();
    this.#queue.push({ frame, bytes, dueAt });
    this.#arm();
  }

  /** Nothing arrives until every hold is released. */
  hold(): void {
    this.#holds++;
    this.#timer?.cancel();
    this.#timer = undefined;
  }

  /** Ends one hold; after the last, what waited arrives in its order. */
  release(): void {
    if (this.#holds === 0 || --this.#holds > 0) return;
    const earliest = this.#clock.now() + this.#delayMs();
    for (const passage of this.#queue) passage.dueAt = Math.max(earliest, passage.dueAt);
    this.#arm();
  }

  /** Bytes that the network does not take: those that wait while the pipe is held. */
  get waitingBytes(): number {
    if (this.#holds === 0) return 0;
    return this.#queue.reduce((sum, passage) => sum + passage.bytes, 0);
  }

  /** Forgets everything on its way. */
  empty(): void {
    this.#queue = [];
    this.#timer?.cancel();
    this.#timer = undefined;
  }

  #arm(): void {
    // Only the first waits for its time: as with TCP, what left later cannot arrive earlier.
    const next = this.#queue[0];
    if (next === undefined || this.#holds > 0 || this.#timer !== undefined) return;
    this.#timer = this.#clock.after(next.dueAt - this.#clock.now(), () => this.#arrive());
  }

  #arrive(): void {
    this.#timer = undefined;
    const arrived = this.#queue.shift();
    this.#arm();
    if (arrived !== undefined) this.#deliver(arrived.frame);
  }
}
