import type {
  CallId,
  EstablishedCallView,
  Media,
  Signal,
  SignalReceived,
  WaitingCallView,
} from '@ringline/protocol';
import type { RinglineError } from '../errors.ts';
import { clientError } from '../errors.ts';
import type { Devices } from '../media/devices.ts';
import type { MediaPort, PeerConnection, Track } from '../media/media.ts';
import { OwnTracks } from '../media/own-tracks.ts';
import type { Elements } from '../media/elements.ts';
import { Playback } from '../media/playback.ts';
import { Preview } from '../media/preview.ts';
import type { Ice } from '../negotiation/ice.ts';
import type { Kind } from '../negotiation/negotiation.ts';
import type { Clock } from '../ports.ts';
import type { End } from './call-channels.ts';
import { CallChannels } from './call-channels.ts';
import type { EarlySignals } from './early-signals.ts';
import type { Trace } from './traces.ts';

/** Media of one client: what its calls share. */
export interface MediaParts {
  readonly media: MediaPort;
  readonly devices: Devices;
  readonly ice: Ice;
  readonly clock: Clock;
  readonly early: EarlySignals;
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
  /** Whether a picture may be sent. */
  isVideo(): boolean;
  /** Whether the own camera may be open for this call. */
  isAgreed(): boolean;
  /** What both agreed to cannot be shown here. */
  cameraFailed(): void;
}

/** The media side of one call: what it sends, its channels to the other side, and the elements that show both. */
export class CallMedia {
  /** What this side sends. */
  readonly own: OwnTracks;
  /** The connections to the other side. */
  readonly channels: CallChannels;
  /** What plays it. */
  readonly playback: Playback;
  readonly #parts: MediaParts;
  readonly #events: CallMediaEvents;
  readonly #preview: Preview;
  #flow: Flow = 'starting';
  #resume: number | undefined;
  #isOver = false;

  /** `before` is how the user had left it on a page that was loaded anew. */
  constructor(call: CallId, parts: MediaParts, before: Trace, events: CallMediaEvents) {
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
        switched: () => this.#switched(),
        lost: (error) => events.problem(error),
      },
    );
    this.channels = this.#makeChannels(call);
    this.playback = new Playback(media, devices.speaker, () => events.gestureChanged());
    this.#preview = new Preview(media, devices);
  }

  get flow(): Flow {
    return this.#flow;
  }

  /** What carries media in the present epoch. */
  get connection(): PeerConnection | undefined {
    return this.channels.active?.connection;
  }

  /** The call waits for its answer. */
  ring(view: WaitingCallView): void {
    this.channels.ring(view);
    this.#dropUnagreed();
  }

  /** The call is established here. */
  follow(view: EstablishedCallView): void {
    this.#establish(view);
    // A page loaded anew has no tracks yet: the connection is built meanwhile, and they follow.
    if (this.own.isEmpty) void this.#open(view.media);
    this.look();
    const resume = view.resuming?.resume;
    if (resume !== this.#resume && resume !== undefined) {
      this.channels.active?.flowAgain(view.peerMuted === true);
    }
    this.#resume = resume;
  }

  /** Sends and shows pictures as far as both agreed, and opens or closes the own camera with that. */
  look(): void {
    const isVideo = this.#events.isVideo();
    const { own } = this;
    this.#dropUnagreed();
    this.channels.active?.see(isVideo);
    if (isVideo && own.isCameraOn && !own.isEmpty) void this.#openPicture();
    void this.#send(own.stream.getTracks());
    this.#tell(this.#preview.want(this.#isPreviewed));
  }

  /** Neither side is sent to the other or played, or both are again. */
  quiet(on: boolean): void {
    this.own.quiet(on);
    this.playback.quiet(on);
  }

  /** A signal from another device; it may come before the view that makes sense of it. */
  receive(signal: SignalReceived): void {
    this.channels.receive(signal);
  }

  attach(elements: Elements): void {
    this.playback.attach(elements);
    const { preview } = elements;
    if (preview !== undefined) this.#tell(this.#preview.attach(preview, this.#isPreviewed));
  }

  /** Stops everything; every light goes out. */
  stop(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.channels.close();
    this.own.stop();
    void this.#preview.attach(null, false);
    this.playback.stop();
  }

  #makeChannels(call: CallId): CallChannels {
    return new CallChannels(
      { ...this.#parts, call, stream: this.own.stream },
      {
        ...this.#events,
        remote: (stream) => this.playback.playRemote(stream),
        flowing: (isFlowing) => this.#setFlow(isFlowing ? 'flowing' : 'interrupted'),
        failed: (fault) => this.#failed(fault),
      },
    );
  }

  /** The channel of another epoch begins without a flow. */
  #establish(view: EstablishedCallView): void {
    const before = this.channels.active;
    try {
      this.channels.establish(view);
    } catch (fault) {
      this.#failed(fault);
    }
    if (this.channels.active === before) return;
    if (this.#flow === 'flowing') this.#flow = 'interrupted';
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
    this.playback.showLocal(this.own.stream);
    // The camera took its time, and nobody agrees to a picture any more.
    if (!this.#events.isAgreed()) this.#dropPicture();
    return this.#send(tracks);
  }

  #send(tracks: readonly Track[]): Promise<unknown> {
    const active = this.channels.active;
    const due = tracks.filter(({ kind }) => kind === 'audio' || this.#events.isVideo());
    return Promise.all(
      due.map(async (track) => active?.negotiation.setTrack(track.kind as Kind, track)),
    );
  }

  async #open(media: Media): Promise<void> {
    try {
      await this.own.open(media);
    } catch (error) {
      this.#events.problem(error as RinglineError);
      // A camera that was not wanted has not failed.
      if (this.#events.isVideo() && this.own.isCameraOn) this.#events.cameraFailed();
    }
  }

  async #openPicture(): Promise<void> {
    try {
      await this.own.camera(true);
    } catch (error) {
      this.#events.problem(error as RinglineError);
      this.#events.cameraFailed();
    }
  }

  /** A camera that was opened for a call which became one without pictures, or whose picture was taken out. */
  #dropUnagreed(): void {
    if (!this.#events.isAgreed() && this.own.hasPicture) this.#dropPicture();
  }

  #dropPicture(): void {
    this.own.release('video');
    void this.channels.active?.negotiation.setTrack('video', null);
  }

  #switched(): void {
    if (!this.own.isCameraOn) void this.channels.active?.negotiation.setTrack('video', null);
    this.#tell(this.#preview.want(this.#isPreviewed));
    this.#events.switched();
  }

  /** Whether there may be an own picture to look at. */
  get #isPreviewed(): boolean {
    return !this.#isOver && this.own.isCameraOn && this.#events.isAgreed();
  }

  /** What cannot be opened is told, and the call goes on. */
  #tell(opened: Promise<void>): void {
    opened.catch((error: unknown) => this.#events.problem(error as RinglineError));
  }
}
