import type { Signal } from '@ringline/protocol';
import type { MediaPort, PeerConnection, Stream, Track } from '../media/media.ts';
import type { Clock } from '../ports.ts';
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
  readonly #watch: FlowWatch;
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
    this.#watch = new FlowWatch(clock, connection, () => {
      events.flowing(true);
      events.flowed();
    });
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
    // A video element plays nothing, not even sound, until its video track has a first picture: one
    // that may never come, as in an audio call, is left out until it does.
    if (track.kind === 'video' && track.muted && track.addEventListener !== undefined) {
      track.addEventListener('unmute', () => this.#remote.addTrack(track));
    } else {
      this.#remote.addTrack(track);
    }
    if (!this.#isRinging) this.#events.remote(this.#remote);
  }
}
