import type { Timer, VirtualClock } from './clock.ts';

/** The clock of one process: it may differ from the true one, it stops for ever when the process is killed, and for a while when it sleeps. */
export class ProcessClock {
  readonly #clock: VirtualClock;
  #aheadMs: number;
  #isDead = false;
  #wakesAt = 0;
  #sleptMs = 0;

  /** `aheadMs` is by how much this machine's clock is wrong. */
  constructor(clock: VirtualClock, aheadMs = 0) {
    this.#clock = clock;
    this.#aheadMs = aheadMs;
  }

  get isDead(): boolean {
    return this.#isDead;
  }

  get isAsleep(): boolean {
    return this.#wakesAt > this.#clock.now();
  }

  /** Epoch milliseconds; time goes on while the process sleeps. */
  now(): number {
    return this.#clock.now() + this.#aheadMs;
  }

  /** The same, which this machine's clock shows. */
  wall(): number {
    return this.now();
  }

  /** Milliseconds since some moment, whatever this machine's clock is set to; it stands still while the process sleeps. */
  steady(): number {
    const asleepMs = Math.max(0, this.#wakesAt - this.#clock.now());
    return this.#clock.now() - this.#sleptMs + asleepMs;
  }

  /** This machine's clock is set: from now on it is wrong by so much. */
  set(aheadMs: number): void {
    this.#aheadMs = aheadMs;
  }

  /** Runs once after so many milliseconds, if the process still lives then, and when it is awake. */
  after(ms: number, run: () => void): Timer {
    let timer = this.#clock.after(ms, () => {
      const asleepMs = this.#wakesAt - this.#clock.now();
      if (this.#isDead) return;
      if (asleepMs > 0) timer = this.after(asleepMs, run);
      else run();
    });
    return { cancel: () => timer.cancel() };
  }

  /** Nothing runs any more. */
  kill(): void {
    this.#isDead = true;
  }

  /** Nothing runs for so long, as in a closed laptop; what was due then runs late. */
  sleep(ms: number): void {
    const now = this.#clock.now();
    const wakesAt = Math.max(this.#wakesAt, now + ms);
    this.#sleptMs += wakesAt - Math.max(this.#wakesAt, now);
    this.#wakesAt = wakesAt;
  }
}
