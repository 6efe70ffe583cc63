import type { EstablishedCallView, Media, Signal } from '@ringline/protocol';
import type { RinglineError } from '../errors.ts';
import { clientError } from '../errors.ts';
import type { Devices, Lease } from '../media/devices.ts';
import type { IceServer, MediaPort, PeerConnection, Stream, Track } from '../media/media.ts';
import type { Elements } from '../media/playback.ts';
import { Playback } from '../media/playback.ts';
import { FlowWatch } from '../negotiation/flow-watch.ts';
import { Negotiation } from '../negotiation/negotiation.ts';
import type { Clock } from '../ports.ts';
import type { Trace } from './traces.ts';

/** Media of one client: what its calls share. */
export interface MediaParts {
  readonly media: MediaPort;
  readonly devices: Devices;
  readonly iceServers: readonly IceServer[];
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

/** One peer connection and what belongs to it. */
interface Channel {
  readonly epoch: number;
  readonly negotiation: Negotiation;
  readonly watch: FlowWatch;
}

/** The media side of one call: its clones of the tracks, its peer connection of the epoch, its elements. */
export class CallMedia {
  readonly #parts: MediaParts;
  readonly #events: CallMediaEvents;
  readonly #playback: Playback;
  readonly #local: Stream;
  #leases: Lease[] = [];
  #opening: Promise<void> | undefined;
  #channel: Channel | undefined;
  #flow: Flow = 'starting';
  #isMuted: boolean;
  #isCameraOn: boolean;
  #isOver = false;

  /** `before` is how the user had left it on a page that was loaded anew. */
  constructor(parts: MediaParts, before: Trace, events: CallMediaEvents) {
    this.#isMuted = before.muted ?? false;
    this.#isCameraOn = !(before.cameraOff ?? false);
    const { media } = parts;
    this.#parts = parts;
    this.#events = events;
    this.#local = media.createStream();
    const blocked = (fault: unknown) => events.problem(clientError('autoplay-blocked', fault));
    this.#playback = new Playback(() => media.createPlayer?.(), blocked);
  }

  get flow(): Flow {
    return this.#flow;
  }

  get isMuted(): boolean {
    return this.#isMuted;
  }

  get isCameraOn(): boolean {
    return this.#isCameraOn;
  }

  /** Opens microphone and, for video, camera; rejects with a typed error. */
  async open(kind: Media): Promise<void> {
    if (this.#leases.length > 0) return;
    this.#opening ??= this.#open(kind).finally(() => (this.#opening = undefined));
    await this.#opening;
  }

  /** Takes over devices that were opened before the call was known. */
  take(lease: Lease): void {
    if (this.#isOver) return lease.release();
    this.#leases.push(lease);
    for (const track of lease.tracks) this.#local.addTrack(track);
    this.#applyMute();
    this.#playback.showLocal(this.#local);
    this.#sendTracks();
  }

  /** The accept was refused: devices are let go, a later accept opens them again. */
  release(kind?: string): void {
    for (const track of this.#local.getTracks()) {
      if (kind === undefined || track.kind === kind) this.#local.removeTrack(track);
    }
    for (const lease of this.#leases) lease.release(kind);
    this.#leases = this.#leases.filter(({ tracks }) => tracks.length > 0);
  }

  /** The call is established here: builds the peer connection of the view's epoch unless it stands. */
  follow(view: EstablishedCallView): void {
    if (this.#isOver) return;
    if (view.media === 'audio') this.release('video');
    if (this.#channel?.epoch !== view.epoch) this.#tryToOpenChannel(view);
    if (this.#leases.length === 0) this.#openLate(view.media);
  }

  /** A signal from the other device, of the present epoch. */
  receive(signal: Signal): void {
    this.#channel?.negotiation.receive(signal);
  }

  /** Says again what the other device may have missed. */
  resend(): void {
    this.#channel?.negotiation.resend();
  }

  attach(elements: Elements): void {
    this.#playback.attach(elements);
  }

  mute(on: boolean): void {
    this.#isMuted = on;
    this.#applyMute();
  }

  /** Gives or takes the picture; its light goes out with it. Rejects when the camera cannot be opened. */
  async camera(on: boolean): Promise<void> {
    if (on === this.#isCameraOn) return;
    this.#isCameraOn = on;
    if (on) return this.#openCamera();
    this.#channel?.negotiation.setTrack('video', null);
    this.release('video');
  }

  /** Stops everything; every light goes out. */
  stop(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#closeChannel();
    this.release();
    this.#playback.stop();
  }

  async #open(kind: Media): Promise<void> {
    const wanted = { audio: true, video: kind === 'video' && this.#isCameraOn };
    this.take(await this.#parts.devices.open(wanted));
  }

  /** A browser throws when the ICE servers of the configuration make no sense to it. */
  #tryToOpenChannel(view: EstablishedCallView): void {
    try {
      this.#openChannel(view);
    } catch (fault) {
      this.#events.problem(clientError('negotiation-failed', fault));
    }
  }

  #openChannel(view: EstablishedCallView): void {
    const { media, clock, iceServers } = this.#parts;
    const { epoch } = view;
    this.#closeChannel();
    if (this.#flow === 'flowing') this.#flow = 'interrupted';
    const connection = media.createPeerConnection({ iceServers: [...iceServers] });
    const remote = media.createStream();
    connection.ontrack = ({ track }) => this.#playRemote(remote, track);
    const role = view.direction === 'outgoing' ? 'offerer' : 'answerer';
    const parts = { role, connection, stream: this.#local, clock } as const;
    const negotiation = new Negotiation(parts, {
      send: (signal) => this.#events.signal(epoch, signal),
      connectionChanged: (isConnected) => this.#connectionChanged(isConnected),
      failed: (fault) => this.#events.problem(clientError('negotiation-failed', fault)),
    });
    this.#channel = { epoch, negotiation, watch: this.#watch(connection, epoch) };
    this.#sendTracks();
    negotiation.start();
  }

  #watch(connection: PeerConnection, epoch: number): FlowWatch {
    return new FlowWatch(this.#parts.clock, connection, () => {
      this.#setFlow('flowing');
      this.#events.flowed(epoch);
    });
  }

  #connectionChanged(isConnected: boolean): void {
    const watch = this.#channel?.watch;
    if (!isConnected) this.#setFlow(this.#flow === 'starting' ? 'starting' : 'interrupted');
    else if (watch?.hasFlowed === true) this.#setFlow('flowing');
    else watch?.start();
  }

  #setFlow(flow: Flow): void {
    if (flow === this.#flow) return;
    this.#flow = flow;
    this.#events.flowChanged();
  }

  #closeChannel(): void {
    this.#channel?.watch.stop();
    this.#channel?.negotiation.close();
    this.#channel = undefined;
  }

  #playRemote(remote: Stream, track: Track): void {
    // A video element plays nothing, not even sound, until its video track has a first picture: one
    // that may never come, as in an audio call, is left out until it does.
    if (track.kind === 'video' && track.muted && track.addEventListener !== undefined) {
      track.addEventListener('unmute', () => remote.addTrack(track));
    } else {
      remote.addTrack(track);
    }
    this.#playback.playRemote(remote);
  }

  /** A page loaded anew has no tracks yet: the connection is built meanwhile, and they follow. */
  #openLate(kind: Media): void {
    this.open(kind).catch((error: unknown) => this.#events.problem(error as RinglineError));
  }

  async #openCamera(): Promise<void> {
    try {
      const lease = await this.#parts.devices.open({ audio: false, video: true });
      if (this.#isCameraOn) this.take(lease);
      else lease.release();
    } catch (error) {
      this.#isCameraOn = false;
      throw error;
    }
  }

  #sendTracks(): void {
    for (const track of this.#local.getTracks()) {
      this.#channel?.negotiation.setTrack(track.kind === 'video' ? 'video' : 'audio', track);
    }
  }

  #applyMute(): void {
    for (const track of this.#local.getTracks()) {
      if (track.kind === 'audio') track.enabled = !this.#isMuted;
    }
  }
}
