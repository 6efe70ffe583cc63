import type { Clock, Timer } from '../clock.ts';

/** What the heartbeat asks of its connection. */
export interface HeartbeatOf {
  ping(): void;
  /** How often it is pinged; sooner while a loss would be felt. */
  readonly pingMs: number;
  /** Nothing was heard for a whole interval after a ping. */
  silent(): void;
}

/** The server's ping: it alone decides that a connection is lost. */
export class Heartbeat {
  readonly #clock: Clock;
  readonly #of: HeartbeatOf;
  #timer: Timer | undefined;
  #pingedAt: number | undefined;
  #intervalMs = 0;
  #beatAt = 0;
  /** When anything came from the other side. */
  lastHeardAt: number;

  constructor(clock: Clock, of: HeartbeatOf) {
    this.#clock = clock;
    this.#of = of;
    this.lastHeardAt = clock.now();
  }

  start(): void {
    this.#beatAt = this.#clock.now();
    this.#schedule();
  }

  stop(): void {
    this.#timer?.cancel();
    this.#timer = undefined;
  }

  heard(): void {
    this.lastHeardAt = this.#clock.now();
    this.#pingedAt = undefined;
  }

  /** How often it is pinged may have changed. */
  refresh(): void {
    if (!this.#timer || this.#intervalMs === this.#of.pingMs) return;
    this.#timer.cancel();
    this.#schedule();
  }

  #schedule(): void {
    this.#intervalMs = this.#of.pingMs;
    // Counted from the last beat: calls that come and go do not put it off.
    const left = Math.max(0, this.#beatAt + this.#intervalMs - this.#clock.now());
    this.#timer = this.#clock.after(left, () => this.#beat());
  }

  #beat(): void {
    if (this.#pingedAt !== undefined) return this.#of.silent();
    this.#beatAt = this.#pingedAt = this.#clock.now();
    this.#schedule();
    return this.#of.ping();
  }
}
