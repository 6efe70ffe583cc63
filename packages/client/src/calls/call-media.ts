import type {
  EstablishedCallView,
  Media,
  Signal,
  SignalReceived,
  WaitingCallView,
} from '@ringline/protocol';
import type { RinglineError } from '../errors.ts';
import { clientError } from '../errors.ts';
import type { Devices, Lease } from '../media/devices.ts';
import type { MediaPort, PeerConnection, Track } from '../media/media.ts';
import { OwnTracks } from '../media/own-tracks.ts';
import type { Elements } from '../media/elements.ts';
import { Playback } from '../media/playback.ts';
import { Preview } from '../media/preview.ts';
import type { Ice } from '../negotiation/ice.ts';
import type { Clock } from '../ports.ts';
import type { End } from './call-channels.ts';
import { CallChannels } from './call-channels.ts';
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
  signal(to: End, signal: Signal): void;
  problem(error: RinglineError): void;
  /** Muted or not, camera on or off. */
  switched(): void;
  /** The browser holds back the sound, or does no more. */
  gestureChanged(): void;
  /** Whether the call is one with pictures. */
  isVideo(): boolean;
}

/** The media side of one call: what it sends, its channels to the other side, and the elements that show both. */
export class CallMedia {
  /** What this side sends. */
  readonly own: OwnTracks;
  readonly #parts: MediaParts;
  readonly #events: CallMediaEvents;
  readonly #playback: Playback;
  readonly #preview: Preview;
  readonly #channels: CallChannels;
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
        pictureTaken: () => void this.#channels.active?.setTrack('video', null),
        switched: () => this.#switched(),
        lost: (error) => events.problem(error),
      },
    );
    this.#channels = this.#makeChannels();
    this.#playback = new Playback(media, devices.speaker, () => events.gestureChanged());
    this.#preview = new Preview(media, devices);
  }

  get flow(): Flow {
    return this.#flow;
  }

  /** What carries media in the present epoch. */
  get connection(): PeerConnection | undefined {
    return this.#channels.active?.connection;
  }

  /** The browser plays no sound before the user does something on the page. */
  get needsGesture(): boolean {
    return this.#playback.isBlocked;
  }

  /** Devices that were opened before the call was known. */
  take(lease: Lease): void {
    this.own.take(lease);
  }

  /** The call waits for its answer. */
  ring(view: WaitingCallView): void {
    if (!this.#isOver) this.#channels.ring(view);
  }

  /** The call is established here. */
  follow(view: EstablishedCallView): void {
    if (this.#isOver) return;
    if (view.media === 'audio') this.own.release('video');
    this.#lookAt(this.#preview.want(this.#isPreviewed));
    this.#establish(view);
    if (this.own.isEmpty) this.#openLate(view.media);
  }

  /** A signal from another device; it may come before the view that makes sense of it. */
  receive(signal: SignalReceived): void {
    if (!this.#isOver) this.#channels.receive(signal);
  }

  /** Says again what the other device may have missed. */
  resend(): void {
    this.#channels.resend();
  }

  /** This device's network has changed: other paths are sought, and the one that stands goes on meanwhile. */
  restart(): void {
    this.#channels.restart();
  }

  attach(elements: Elements): void {
    this.#playback.attach(elements);
    const { preview } = elements;
    if (preview !== undefined) this.#lookAt(this.#preview.attach(preview, this.#isPreviewed));
  }

  /** Plays what the browser held back; rejects with `autoplay-blocked` outside of a click. */
  play(): Promise<void> {
    return this.#playback.play();
  }

  /** Stops everything; every light goes out. */
  stop(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#channels.close();
    this.own.stop();
    void this.#preview.attach(null, false);
    this.#playback.stop();
  }

  #makeChannels(): CallChannels {
    const { media, clock, ice } = this.#parts;
    return new CallChannels(
      { media, clock, ice, stream: this.own.stream },
      {
        signal: (to, signal) => this.#events.signal(to, signal),
        remote: (stream) => this.#playback.playRemote(stream),
        flowed: (epoch) => this.#events.flowed(epoch),
        flowing: (isFlowing) => this.#setFlow(isFlowing ? 'flowing' : 'interrupted'),
        failed: (fault) => this.#failed(fault),
      },
    );
  }

  /** The channel of another epoch begins without a flow. */
  #establish(view: EstablishedCallView): void {
    const before = this.#channels.active;
    try {
      this.#channels.establish(view);
    } catch (fault) {
      this.#failed(fault);
    }
    if (this.#channels.active === before) return;
    if (this.#flow === 'flowing') this.#flow = 'interrupted';
    void this.#send(this.own.stream.getTracks());
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

  #opened(tracks: readonly Track[]): Promise<unknown> {
    this.#playback.showLocal(this.own.stream);
    return this.#send(tracks);
  }

  #send(tracks: readonly Track[]): Promise<unknown> {
    const active = this.#channels.active;
    return Promise.all(
      tracks.map(async (track) =>
        active?.setTrack(track.kind === 'video' ? 'video' : 'audio', track),
      ),
    );
  }

  #switched(): void {
    this.#lookAt(this.#preview.want(this.#isPreviewed));
    this.#events.switched();
  }

  /** Whether there may be an own picture to look at. */
  get #isPreviewed(): boolean {
    return !this.#isOver && this.own.isCameraOn && this.#events.isVideo();
  }

  #lookAt(opened: Promise<void>): void {
    opened.catch((error: unknown) => this.#events.problem(error as RinglineError));
  }

  /** A page loaded anew has no tracks yet: the connection is built meanwhile, and they follow. */
  #openLate(kind: Media): void {
    this.own.open(kind).catch((error: unknown) => this.#events.problem(error as RinglineError));
  }
}
