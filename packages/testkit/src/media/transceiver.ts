import { sends } from './sdp.ts';
import type { Direction } from './sdp.ts';
import type { FakeStream, FakeTrack, TrackKind } from './track.ts';

/** What a sender was told of its one encoding. */
export interface FakeEncoding {
  active?: boolean;
  maxBitrate?: number;
  maxFramerate?: number;
  scaleResolutionDownBy?: number;
  priority?: 'low' | 'high';
  networkPriority?: 'low' | 'high';
}

/** An RTCRtpSender without RTP. */
export class FakeSender {
  track: FakeTrack | null = null;
  streams: readonly FakeStream[];
  #encoding: FakeEncoding = { active: true };
  readonly #kind: TrackKind;
  readonly #willChange: () => void;
  readonly #changed: () => void;

  constructor(
    kind: TrackKind,
    streams: readonly FakeStream[],
    willChange: () => void,
    changed: () => void,
  ) {
    this.#kind = kind;
    this.streams = streams;
    this.#willChange = willChange;
    this.#changed = changed;
  }

  async replaceTrack(track: FakeTrack | null): Promise<void> {
    await Promise.resolve();
    if (track !== null && track.kind !== this.#kind) throw new TypeError('a track of another kind');
    this.#willChange();
    this.track = track;
    this.#changed();
  }

  /** A copy: what is changed in it counts when it is set. */
  getParameters(): { encodings: FakeEncoding[] } {
    return { encodings: [{ ...this.#encoding }] };
  }

  async setParameters({ encodings }: { encodings?: FakeEncoding[] }): Promise<void> {
    await Promise.resolve();
    if (encodings?.length !== 1) throw new DOMException('one', 'InvalidModificationError');
    this.#willChange();
    this.#encoding = { ...encodings[0] };
    this.#changed();
  }

  /** Whether its encoding is switched on. */
  get isActive(): boolean {
    return this.#encoding.active !== false;
  }

  setStreams(...streams: FakeStream[]): void {
    this.streams = streams;
  }
}

/** An RTCRtpReceiver that counts the packets that would have come. */
export class FakeReceiver {
  readonly track: FakeTrack;
  packetsReceived = 0;
  packetsLost = 0;
  /** Whether `ontrack` told of it. */
  isAnnounced = false;

  constructor(track: FakeTrack) {
    this.track = track;
  }
}

/** An RTCRtpTransceiver of fakes. */
export class FakeTransceiver {
  mid: string | null = null;
  direction: Direction;
  currentDirection: Direction | null = null;
  readonly kind: TrackKind;
  readonly sender: FakeSender;
  readonly receiver: FakeReceiver;

  constructor(sender: FakeSender, receiver: FakeReceiver, direction: Direction) {
    this.kind = receiver.track.kind;
    this.sender = sender;
    this.receiver = receiver;
    this.direction = direction;
  }

  /** Packets a second that it sends as negotiated. */
  get packetsPerSecond(): number {
    const isSending = sends(this.currentDirection) && this.sender.isActive;
    return isSending ? (this.sender.track?.packetsPerSecond ?? 0) : 0;
  }
}
