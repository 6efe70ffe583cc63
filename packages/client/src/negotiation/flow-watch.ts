import type { PeerConnection } from '../media/media.ts';
import type { Clock, Timer } from '../ports.ts';
import { FLOW_PATIENCE_MS, FLOW_POLL_MS } from '../timing.ts';

/** Tells once when the first packet has come in over a connection that stands; muted silence counts. */
export class FlowWatch {
  readonly #clock: Clock;
  readonly #connection: PeerConnection;
  readonly #flows: () => void;
  #timer: Timer | undefined;
  #hasFlowed = false;
  #isOver = false;
  #startedAt: number | undefined;

  constructor(clock: Clock, connection: PeerConnection, flows: () => void) {
    this.#clock = clock;
    this.#connection = connection;
    this.#flows = flows;
  }

  get hasFlowed(): boolean {
    return this.#hasFlowed;
  }

  /** The connection stands. */
  start(): void {
    if (this.#isOver || this.#startedAt !== undefined) return;
    this.#startedAt = this.#clock.now();
    void this.#look();
  }

  stop(): void {
    this.#isOver = true;
    this.#timer?.cancel();
  }

  async #look(): Promise<void> {
    const isFlowing = (await this.#hasPackets()) || this.#hasWaitedEnough();
    if (this.#isOver) return;
    if (isFlowing && this.#connection.connectionState === 'connected') {
      this.#isOver = true;
      this.#hasFlowed = true;
      this.#flows();
    } else {
      this.#timer = this.#clock.after(FLOW_POLL_MS, () => void this.#look());
    }
  }

  #hasWaitedEnough(): boolean {
    return this.#clock.now() - (this.#startedAt ?? 0) >= FLOW_PATIENCE_MS;
  }

  async #hasPackets(): Promise<boolean> {
    const tracks = this.#connection.getTransceivers().map(({ receiver }) => receiver.track);
    if (tracks.some((track) => !track.muted)) return true;
    if (this.#connection.getStats === undefined) return true;
    let packets = 0;
    try {
      const stats = await this.#connection.getStats();
      stats.forEach((stat) => {
        if (stat.type === 'inbound-rtp') packets += stat.packetsReceived ?? 0;
      });
    } catch {
      return false;
    }
    return packets > 0;
  }
}
