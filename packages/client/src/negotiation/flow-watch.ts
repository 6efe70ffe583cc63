import type { PeerConnection, Track } from '../media/media.ts';
import type { Clock, Timer } from '../ports.ts';
import { read } from '../quality/reading.ts';
import { FLOW_PATIENCE_MS, FLOW_POLL_MS } from '../timing.ts';

/** Which packets a watch waits for. */
export interface FlowExpectation {
  /** What has come in before `start` does not count. */
  readonly isAgain?: boolean;
  /** The peer may have nothing to send, although it once had. */
  readonly mayBeSilent?: boolean;
}

/** Tells once when a packet has come in over a connection that stands, the first one or the next; muted silence counts. */
export class FlowWatch {
  readonly #clock: Clock;
  readonly #connection: PeerConnection;
  readonly #mayBeSilent: boolean;
  readonly #flows: () => void;
  /** Packets that do not count; undefined until they are known. */
  #before: number | undefined;
  #timer: Timer | undefined;
  #hasFlowed = false;
  #isOver = false;
  #startedAt: number | undefined;

  constructor(
    clock: Clock,
    connection: PeerConnection,
    { isAgain = false, mayBeSilent = false }: FlowExpectation,
    flows: () => void,
  ) {
    this.#clock = clock;
    this.#connection = connection;
    this.#mayBeSilent = mayBeSilent;
    this.#flows = flows;
    if (!isAgain) this.#before = 0;
  }

  get hasFlowed(): boolean {
    return this.#hasFlowed;
  }

  /** The connection stands. */
  start(): void {
    if (this.#isOver) return;
    if (this.#startedAt === undefined) {
      this.#startedAt = this.#clock.now();
      // A hidden page has timers once a minute; the browser tells it of the first packet all the same.
      for (const track of this.#tracks) track.addEventListener?.('unmute', () => this.start());
    }
    void this.#look();
  }

  stop(): void {
    this.#isOver = true;
    this.#timer?.cancel();
  }

  get #tracks(): Track[] {
    return this.#connection.getTransceivers().map(({ receiver }) => receiver.track);
  }

  async #look(): Promise<void> {
    const hasPackets = await this.#hasPackets();
    const isFlowing = hasPackets || this.#hasWaited;
    if (this.#isOver) return;
    this.#timer?.cancel();
    if (isFlowing && this.#connection.connectionState === 'connected') {
      this.#isOver = true;
      this.#hasFlowed = true;
      this.#flows();
    } else {
      this.#timer = this.#clock.after(FLOW_POLL_MS, () => void this.#look());
    }
  }

  /** A peer without a track never sends; one that has sent and does no more is out of reach. */
  get #hasWaited(): boolean {
    if (this.#before !== 0 && !this.#mayBeSilent) return false;
    return this.#clock.now() - (this.#startedAt ?? 0) >= FLOW_PATIENCE_MS;
  }

  async #hasPackets(): Promise<boolean> {
    if (this.#before === 0 && this.#tracks.some((track) => !track.muted)) return true;
    if (this.#connection.getStats === undefined) return true;
    const { audio, video } = (await read(this.#connection, this.#clock.now())) ?? {};
    const packets = (audio?.packetsReceived ?? 0) + (video?.packetsReceived ?? 0);
    this.#before ??= packets;
    return packets > this.#before;
  }
}
