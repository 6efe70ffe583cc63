import type { Clock, Timer } from './clock.ts';

/** The longest delay that setTimeout can hold; a longer one would fire at once. */
const MAX_DELAY_MS = 2 ** 31 - 1;

/** A timer of the platform; nothing of it is kept once it is cancelled, for every connection has some. */
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
    if (left > MAX_DELAY_MS) this.#waitAgain(left, run);
    else this.#timeout = setTimeout(run, left);
  }

  #waitAgain(left: number, run: () => void): void {
    this.#timeout = setTimeout(() => this.#wait(left - MAX_DELAY_MS, run), MAX_DELAY_MS);
  }
}

/** The machine's clock; its timers may be as long as a token lives. */
export class SystemClock implements Clock {
  now(): number {
    return Date.now();
  }

  after(ms: number, run: () => void): Timer {
    return new SystemTimer(ms, run);
  }
}
