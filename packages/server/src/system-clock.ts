import type { MachineClock, MachineTime, Timer } from './clock.ts';

/** The longest delay that setTimeout can hold; a longer one would fire at once. */
const MAX_DELAY_MS = 2 ** 31 - 1;

const MACHINE: MachineTime = { wall: () => Date.now(), steady: () => performance.now() };

/**
 * The machine's clock. It follows the wall clock forward and never back: were it set back by an
 * hour, every deadline and grace would last an hour longer. Its timers may be as long as a token lives.
 */
export class SystemClock implements MachineClock {
  readonly #machine: MachineTime;
  /** What to add to the steady time to get ours. */
  #ahead: number;

  constructor(machine: MachineTime = MACHINE) {
    this.#machine = machine;
    this.#ahead = machine.wall() - machine.steady();
  }

  now(): number {
    const steady = this.#machine.steady();
    this.#ahead = Math.max(this.#ahead, this.#machine.wall() - steady);
    return Math.floor(steady + this.#ahead);
  }

  wall(): number {
    return this.#machine.wall();
  }

  steady(): number {
    return this.#machine.steady();
  }

  after(ms: number, run: () => void): Timer {
    return new SystemTimer(ms, run);
  }
}

/** A timer of the platform. Every connection has some: when it is cancelled, nothing of it is kept. */
class SystemTimer implements Timer {
  #timeout: NodeJS.Timeout | undefined;

  constructor(ms: number, run: () => void) {
    this.#wait(ms, run);
  }

  cancel(): void {
    clearTimeout(this.#timeout);
    this.#timeout = undefined;
  }

  #wait(left: number, run: () => void): void {
    if (left > MAX_DELAY_MS) this.#waitInParts(left, run);
    else this.#timeout = setTimeout(run, left);
  }

  #waitInParts(left: number, run: () => void): void {
    this.#timeout = setTimeout(() => this.#wait(left - MAX_DELAY_MS, run), MAX_DELAY_MS);
  }
}
