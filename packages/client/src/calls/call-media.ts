import type { EstablishedCallView, Media, Signal } from '@ringline/protocol';
import type { RinglineError } from '../errors.ts';
import { clientError } from '../errors.ts';
import type { Devices, Lease } from '../media/devices.ts';
import type { MediaPort, Track } from '../media/media.ts';
import { OwnTracks } from '../media/own-tracks.ts';
import type { Elements } from '../media/playback.ts';
import { Playback } from '../media/playback.ts';
import { Channel } from '../negotiation/channel.ts';
import type { Ice } from '../negotiation/ice.ts';
import type { Clock } from '../ports.ts';
import type { Trace } from './traces.ts';

/** Media of one client: what its calls share. */
export interface MediaParts {
  readonly media: MediaPort;
  readonly devices: Devices;
  readonly ice: Ice;
  readonly clock: Clock;
}

/** Whether the other side's media comes in, in the call's present epoch. */
export type Flow = 'starting' | 'flowing' | 'interrupted';

/** What the media side of a call tells it. */
export interface CallMediaEvents {
  flowChanged(): void;
  /** Media has come in for the first time in this epoch. */
  flowed(epoch: number): void;
  signal(epoch: number, signal: Signal): void;
  problem(error: RinglineError): void;
}

/** The media side of one call: what it sends, the channel of the epoch, and the elements that show both. */
export class CallMedia {
  /** What this side sends. */
  readonly own: OwnTracks;
  readonly #parts: MediaParts;
  readonly #events: CallMediaEvents;
  readonly #playback: Playback;
  #channel: Channel | undefined;
  #flow: Flow = 'starting';
  #isOver = false;

  /** `before` is how the user had left it on a page that was loaded anew. */
  constructor(parts: MediaParts, before: Trace, events: CallMediaEvents) {
    const { media, devices } = parts;
    const { muted = false, cameraOff = false } = before;
    this.#parts = parts;
    this.#events = events;
    this.own = new OwnTracks(
      media.createStream(),
      devices,
      { muted, cameraOff },
      {
        opened: (tracks) => this.#opened(tracks),
        pictureTaken: () => this.#channel?.setTrack('video', null),
      },
    );
    const blocked = (fault: unknown) => events.problem(clientError('autoplay-blocked', fault));
    this.#playback = new Playback(() => media.createPlayer?.(), blocked);
  }

  get flow(): Flow {
    return this.#flow;
  }

  /** Devices that were opened before the call was known. */
  take(lease: Lease): void {
    this.own.take(lease);
  }

  /** The call is established here: opens the channel of the view's epoch unless it stands. */
  follow(view: EstablishedCallView): void {
    if (this.#isOver) return;
    if (view.media === 'audio') this.own.release('video');
    if (this.#channel?.epoch !== view.epoch) this.#openChannel(view);
    if (this.own.isEmpty) this.#openLate(view.media);
  }

  /** A signal from the other device, of the present epoch. */
  receive(signal: Signal): void {
    this.#channel?.receive(signal);
  }

  /** Says again what the other device may have missed. */
  resend(): void {
    this.#channel?.resend();
  }

  attach(elements: Elements): void {
    this.#playback.attach(elements);
  }

  /** Stops everything; every light goes out. */
  stop(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#closeChannel();
    this.own.stop();
    this.#playback.stop();
  }

  #openChannel(view: EstablishedCallView): void {
    this.#closeChannel();
    if (this.#flow === 'flowing') this.#flow = 'interrupted';
    try {
      this.#channel = this.#channelOf(view);
    } catch (fault) {
      return this.#failed(fault);
    }
    this.#send(this.own.stream.getTracks());
    this.#channel.start();
  }

  #channelOf({ epoch, direction }: EstablishedCallView): Channel {
    const { media, clock, ice } = this.#parts;
    const role = direction === 'outgoing' ? 'offerer' : 'answerer';
    return new Channel(
      { media, clock, ice, epoch, role, stream: this.own.stream },
      {
        signal: (signal) => this.#events.signal(epoch, signal),
        remote: (stream) => this.#playback.playRemote(stream),
        flowed: () => this.#events.flowed(epoch),
        flowing: (isFlowing) => this.#setFlow(isFlowing ? 'flowing' : 'interrupted'),
        failed: (fault) => this.#failed(fault),
      },
    );
  }

  #setFlow(flow: Flow): void {
    if (flow === this.#flow) return;
    if (flow === 'interrupted' && this.#flow === 'starting') return;
    this.#flow = flow;
    this.#events.flowChanged();
  }

  #failed(fault: unknown): void {
    this.#events.problem(clientError('negotiation-failed', fault));
  }

  #closeChannel(): void {
    this.#channel?.close();
    this.#channel = undefined;
  }

  #opened(tracks: readonly Track[]): void {
    this.#playback.showLocal(this.own.stream);
    this.#send(tracks);
  }

  #send(tracks: readonly Track[]): void {
    for (const track of tracks) {
      this.#channel?.setTrack(track.kind === 'video' ? 'video' : 'audio', track);
    }
  }

  /** A page loaded anew has no tracks yet: the connection is built meanwhile, and they follow. */
  #openLate(kind: Media): void {
    this.own.open(kind).catch((error: unknown) => this.#events.problem(error as RinglineError));
  }
}
