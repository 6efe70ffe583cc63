import type { Heartbeat } from '@ringline/protocol';
import type { Clock, Timer } from '../clock.ts';

/** A heartbeat is answered within this, by a refusal if need be: after 5 s an SDK takes its socket for dead, and the way takes its time. */
export const HEARTBEAT_ANSWER_MS = 3_000;

/**
 * Heartbeats of one connection that wait for their answer, behind other messages or for the store. One that waits for
 * too long is refused, so that its device stays: a slow store would be slower still with all of them back.
 */
export class LateHeartbeats {
  readonly #clock: Clock;
  readonly #refuse: () => void;
  readonly #waiting = new Map<Heartbeat, Timer>();

  constructor(clock: Clock, refuse: () => void) {
    this.#clock = clock;
    this.#refuse = refuse;
  }

  /** One came. */
  note(heartbeat: Heartbeat): void {
    const late = () => {
      this.#waiting.delete(heartbeat);
      this.#refuse();
    };
    this.#waiting.set(heartbeat, this.#clock.after(HEARTBEAT_ANSWER_MS, late));
  }

  /** Whether it waits for its answer: else it was refused, and has had it. */
  waits(heartbeat: Heartbeat): boolean {
    return this.#waiting.has(heartbeat);
  }

  /** It is answered, however that came about. */
  settle(heartbeat: Heartbeat): void {
    this.#waiting.get(heartbeat)?.cancel();
    this.#waiting.delete(heartbeat);
  }

  /** Nobody is there any more who waits. */
  stop(): void {
    for (const timer of this.#waiting.values()) timer.cancel();
    this.#waiting.clear();
  }
}
