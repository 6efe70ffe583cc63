import type { EndReason, LegEndReason, WaitingCallView } from '@ringline/protocol';
import type { Clock, Timer } from '../ports.ts';
import { ALIVE_TIMEOUT_MS, SLEPT_MS } from '../timing.ts';
import { expiryOf } from './state-rules.ts';

/** Stops the ringing of a call that waits when its time is up, whatever the server says. */
export class Expiry {
  readonly #clock: Clock;
  readonly #expire: (reason: EndReason | LegEndReason) => void;
  #timer: Timer | undefined;

  constructor(clock: Clock, expire: (reason: EndReason | LegEndReason) => void) {
    this.#clock = clock;
    this.#expire = expire;
  }

  /** The newest view says how much time is left. */
  follow(view: WaitingCallView): void {
    const clock = this.#clock;
    const { ms, reason } = expiryOf(view);
    const dueAt = clock.now() + ms;
    this.#timer = clock.after(ms, () => {
      const hasSlept = clock.now() - dueAt >= SLEPT_MS;
      // The callee may have answered in time while this machine slept: the server is asked first.
      if (!hasSlept || view.direction === 'incoming') this.#expire(reason);
      else this.#timer = clock.after(ALIVE_TIMEOUT_MS, () => this.#expire(reason));
    });
  }

  stop(): void {
    this.#timer?.cancel();
  }
}
