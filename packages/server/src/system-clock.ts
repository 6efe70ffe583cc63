import type { Clock, Timer } from './clock.ts';

/** The longest delay that setTimeout can hold; a longer one would fire at once. */
const MAX_DELAY_MS = 2 ** 31 - 1;

/** The machine's clock; its timers may be as long as a token lives. */
export class SystemClock implements Clock {
  now(): number {
    return Date.now();
  }

  after(ms: number, run: () => void): Timer {
    let timer: NodeJS.Timeout;
    const wait = (left: number): void => {
      const next = left > MAX_DELAY_MS ? () => wait(left - MAX_DELAY_MS) : run;
      timer = setTimeout(next, Math.min(left, MAX_DELAY_MS));
    };
    wait(ms);
    return { cancel: () => clearTimeout(timer) };
  }
}
