import type { Clock, Timer } from '../../src/clock.ts';

/** The clock of one process: it can be killed, or put to sleep as a laptop or a stopped container is. */
export class KillableClock implements Clock {
  readonly #clock: Clock;
  #dead = false;
  #wakesAt = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  now(): number {
    return this.#clock.now();
  }

  after(ms: number, run: () => void): Timer {
    return this.#clock.after(ms, () => this.#runAwake(run));
  }

  /** Nothing runs any more. */
  kill(): void {
    this.#dead = true;
  }

  /** Nothing runs for so long; what was due then runs late. */
  sleep(ms: number): void {
    this.#wakesAt = this.#clock.now() + ms;
  }

  #runAwake(run: () => void): void {
    const asleepMs = this.#wakesAt - this.#clock.now();
    if (this.#dead) return;
    if (asleepMs > 0) this.#clock.after(asleepMs, () => this.#runAwake(run));
    else run();
  }
}
