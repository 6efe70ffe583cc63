import type { Signal } from '@ringline/protocol';
import type { MediaPort, PeerConnection, Stream, Track } from '../media/media.ts';
import type { Clock } from '../ports.ts';
import type { FlowExpectation } from './flow-watch.ts';
import { FlowWatch } from './flow-watch.ts';
import type { IceSource } from './ice.ts';
import type { NegotiationRole } from './negotiation.ts';
import { Negotiation } from './negotiation.ts';

/** What a channel is made of. */
export interface ChannelParts {
  readonly media: MediaPort;
  readonly clock: Clock;
  readonly ice: IceSource;
  readonly epoch: number;
  readonly role: NegotiationRole;
  /** Names the tracks that belong together. */
  readonly stream: Stream;
  /** The call is not answered yet: it connects, and nothing is sent, played or told. */
  readonly isRinging: boolean;
}

/** What a channel tells its call. */
export interface ChannelEvents {
  signal(signal: Signal): void;
  /** The other side has something to play. */
  remote(stream: Stream): void;
  /** The first packet has come in. */
  flowed(): void;
  /** Media comes in, or has stopped to. */
  flowing(isFlowing: boolean): void;
  failed(fault: unknown): void;
}

/** The connection to one device of the peer for one epoch: its negotiation, its flow, what comes in over it. */
export class Channel {
  readonly epoch: number;
  /** What is said to the device: signals and tracks go straight to it. */
  readonly negotiation: Negotiation;
  /** Carries the media. */
  readonly connection: PeerConnection;
  readonly #remote: Stream;
  readonly #makeWatch: (expectation: FlowExpectation) => FlowWatch;
  #watch: FlowWatch;
  #picture: Track | undefined;
  #isVideo = false;
  readonly #events: ChannelEvents;
  #isRinging: boolean;

  /** Throws when the browser can make no sense of the ICE servers. */
  constructor(parts: ChannelParts, events: ChannelEvents) {
    const { media, clock, ice, epoch, isRinging } = parts;
    this.epoch = epoch;
    this.#events = events;
    this.#isRinging = isRinging;
    const connection = media.createPeerConnection(ice.configuration(isRinging));
    this.connection = connection;
    this.#remote = media.createStream();
    connection.ontrack = ({ track }) => this.#receive(track);
    this.#makeWatch = (expectation) =>
      new FlowWatch(clock, connection, expectation, () => {
        events.flowing(true);
        events.flowed();
      });
    this.#watch = this.#makeWatch({});
    this.negotiation = new Negotiation(
      { ...parts, connection },
      {
        ...events,
        connectionChanged: (isConnected) => this.#connectionChanged(isConnected),
      },
    );
  }

  /** The call is answered with this device: media may flow now. */
  answered(): void {
    this.#isRinging = false;
    if (this.#remote.getTracks().length > 0) this.#events.remote(this.#remote);
    if (this.connection.connectionState === 'connected') this.#watch.start();
    this.negotiation.answered();
  }

  /** Tells `flowed` once more, with a packet that comes from now on; a muted peer may have no microphone left. */
  flowAgain(isPeerMuted: boolean): void {
    if (!this.#watch.hasFlowed) return;
    this.#watch = this.#makeWatch({ isAgain: true, mayBeSilent: isPeerMuted });
    if (this.connection.connectionState === 'connected') this.#watch.start();
  }

  /** Whether there is a picture to be seen: without one, the last frame of an earlier one would stay. */
  see(isVideo: boolean): void {
    this.#isVideo = isVideo;
    const picture = this.#picture;
    if (!picture) return;
    // An element plays nothing, not even sound, until its video track has a first picture.
    if (!isVideo || picture.muted) return this.#remote.removeTrack(picture);
    this.#remote.addTrack(picture);
    // What was set aside while it was silenced is still silent.
    this.#tellRemote();
  }

  close(): void {
    this.#watch.stop();
    this.negotiation.close();
  }

  #connectionChanged(isConnected: boolean): void {
    if (this.#isRinging) return;
    if (!isConnected) this.#events.flowing(false);
    else if (this.#watch.hasFlowed) this.#events.flowing(true);
    else this.#watch.start();
  }

  #receive(track: Track): void {
    if (track.kind === 'video') {
      this.#picture = track;
      track.addEventListener?.('unmute', () => this.see(this.#isVideo));
      this.see(this.#isVideo);
    } else {
      this.#remote.addTrack(track);
    }
    this.#tellRemote();
  }

  #tellRemote(): void {
    if (!this.#isRinging) this.#events.remote(this.#remote);
  }
}
