import type { Media } from '@ringline/protocol';
import type { RinglineError } from '../errors.ts';
import type { Devices, Lease } from './devices.ts';
import type { Stream, Track } from './media.ts';

/** How the user has left microphone and camera. */
export interface Switches {
  readonly muted: boolean;
  readonly cameraOff: boolean;
}

/** What a call's own tracks tell it. */
export interface OwnTracksEvents {
  /** There are tracks to send and to show; settles when they are sent. */
  opened(tracks: readonly Track[]): Promise<unknown>;
  /** Muted or not, camera on or off, or a device lost. */
  switched(): void;
  /** A device was lost, and no other is to be had. */
  lost(error: RinglineError): void;
}

/** One call's clones of microphone and camera, and whether they are switched on. */
export class OwnTracks {
  readonly stream: Stream;
  readonly #devices: Devices;
  readonly #events: OwnTracksEvents;
  #leases: Lease[] = [];
  #opening: Promise<void> | undefined;
  #isMuted: boolean;
  #isCameraOn: boolean;
  #isQuiet = false;
  #camera: Promise<void> | undefined;
  #isOver = false;

  /** The stream is empty, and holds what is sent from then on. */
  constructor(stream: Stream, devices: Devices, before: Switches, events: OwnTracksEvents) {
    this.stream = stream;
    this.#devices = devices;
    this.#events = events;
    this.#isMuted = before.muted;
    this.#isCameraOn = !before.cameraOff;
  }

  get isMuted(): boolean {
    return this.#isMuted;
  }

  get isCameraOn(): boolean {
    return this.#isCameraOn;
  }

  /** False while the microphone is lost and there is no other. */
  get hasMicrophone(): boolean {
    return this.isEmpty || this.stream.getTracks().some(({ kind }) => kind === 'audio');
  }

  get hasPicture(): boolean {
    return this.stream.getTracks().some(({ kind }) => kind === 'video');
  }

  get isEmpty(): boolean {
    return this.#leases.length === 0;
  }

  /** Opens microphone and, for video, camera, unless they are; rejects with a typed error. */
  async open(kind: Media): Promise<void> {
    if (!this.isEmpty) return;
    this.#opening ??= this.#open(kind).finally(() => (this.#opening = undefined));
    await this.#opening;
  }

  /** Takes over devices that were opened before the call was known. */
  take(lease: Lease): void {
    if (this.#isOver) return lease.release();
    this.#leases.push(lease);
    lease.follow((was, is, error) => this.#replace(was, is, error));
    for (const track of lease.tracks) this.stream.addTrack(track);
    this.#apply();
    void this.#events.opened(lease.tracks);
  }

  /** Lets go of the tracks of one kind, or of all: a later `open` opens them again. */
  release(kind?: string): void {
    for (const track of this.stream.getTracks()) {
      if (kind === undefined || track.kind === kind) this.stream.removeTrack(track);
    }
    for (const lease of this.#leases) lease.release(kind);
    this.#leases = this.#leases.filter(({ tracks }) => tracks.length > 0);
  }

  mute(on: boolean): void {
    this.#isMuted = on;
    this.#apply();
    this.#events.switched();
  }

  /** Sends neither sound nor picture, however they are switched; or again what is switched on. */
  quiet(on: boolean): void {
    this.#isQuiet = on;
    this.#apply();
  }

  /** Gives or takes the picture; its light goes out with it. Rejects when the camera cannot be opened. */
  async camera(on: boolean): Promise<void> {
    const was = this.#isCameraOn;
    this.#isCameraOn = on;
    if (!on) return was ? this.#takePicture() : undefined;
    if (this.hasPicture || (was && this.isEmpty)) return;
    this.#camera ??= this.#openCamera().finally(() => {
      this.#camera = undefined;
      this.#events.switched();
    });
    await this.#camera;
  }

  /** Every light goes out, for good. */
  stop(): void {
    this.#isOver = true;
    this.release();
  }

  async #open(kind: Media): Promise<void> {
    const wanted = { audio: true, video: kind === 'video' && this.#isCameraOn };
    this.take(await this.#devices.open(wanted));
  }

  async #openCamera(): Promise<void> {
    try {
      const lease = await this.#devices.open({ audio: false, video: true });
      if (this.#isCameraOn) this.take(lease);
      else lease.release();
    } catch (error) {
      this.#isCameraOn = false;
      throw error;
    }
  }

  #takePicture(): void {
    this.release('video');
    this.#events.switched();
  }

  #replace(was: Track, is: Track | undefined, error?: RinglineError): Promise<unknown> | void {
    this.stream.removeTrack(was);
    if (is !== undefined) {
      this.stream.addTrack(is);
      this.#apply();
      const sent = this.#events.opened([is]);
      this.#events.switched();
      return sent;
    }
    if (was.kind === 'video') {
      this.#isCameraOn = false;
      this.#takePicture();
    } else {
      this.#events.switched();
    }
    if (error) this.#events.lost(error);
  }

  #apply(): void {
    for (const track of this.stream.getTracks()) {
      track.enabled = !this.#isQuiet && !(this.#isMuted && track.kind === 'audio');
    }
  }
}
