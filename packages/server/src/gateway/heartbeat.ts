import { PING_IDLE_MS, PING_IN_CALL_MS } from '@ringline/protocol';
import type { Clock, Timer } from '../clock.ts';

/** What the heartbeat asks of its connection. */
export interface HeartbeatOf {
  ping(): void;
  /** With an open call a loss must be seen sooner. */
  isInCall(): boolean;
  /** Nothing was heard for a whole interval after a ping. */
  silent(): void;
}

/** The server's ping: it alone decides that a connection is lost. */
export class Heartbeat {
  readonly #clock: Clock;
  readonly #of: HeartbeatOf;
  #timer: Timer | undefined;
  #pingedAt: number | undefined;
  #inCall = false;
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

  /** Whether the device has an open call may have changed. */
  refresh(): void {
    if (!this.#timer || this.#inCall === this.#of.isInCall()) return;
    this.#timer.cancel();
    this.#schedule();
  }

  #schedule(): void {
    this.#inCall = this.#of.isInCall();
    const interval = this.#inCall ? PING_IN_CALL_MS : PING_IDLE_MS;
    // Counted from the last beat: calls that come and go do not put it off.
    const left = Math.max(0, this.#beatAt + interval - this.#clock.now());
    this.#timer = this.#clock.after(left, () => this.#beat());
  }

  #beat(): void {
    if (this.#pingedAt !== undefined) return this.#of.silent();
    this.#beatAt = this.#pingedAt = this.#clock.now();
    this.#schedule();
    return this.#of.ping();
  }
}
