import type { FakeHardware } from './hardware.ts';

export type TrackKind = 'audio' | 'video';

/** What a track tells its world. */
export interface TrackOwner {
  /** Called before a change that alters what flows. */
  willChange(): void;
  /** Called with every clone. */
  cloned(track: FakeTrack): void;
}

/** A MediaStreamTrack without media; a local one counts as an open microphone or camera until stopped. */
export class FakeTrack {
  readonly id: string;
  readonly kind: TrackKind;
  /** Of a local track: what it comes from. */
  readonly hardware: FakeHardware | undefined;
  readyState: 'live' | 'ended' = 'live';
  readonly #owner: TrackOwner;
  readonly #listeners = new Set<readonly [type: string, listener: () => void]>();
  #muted: boolean;
  #enabled = true;
  #clones = 0;

  constructor(
    kind: TrackKind,
    id: string,
    owner: TrackOwner,
    { muted = false, hardware }: { muted?: boolean; hardware?: FakeHardware | undefined } = {},
  ) {
    this.kind = kind;
    this.id = id;
    this.hardware = hardware;
    this.#muted = muted;
    this.#owner = owner;
  }

  get label(): string {
    return this.hardware?.label ?? '';
  }

  /** Of a remote track: true until its first packet has come. */
  get muted(): boolean {
    return this.#muted;
  }

  set muted(muted: boolean) {
    const isNews = this.#muted && !muted;
    this.#muted = muted;
    if (isNews) this.#tell('unmute');
  }

  getSettings(): { readonly deviceId?: string; readonly groupId?: string } {
    return this.hardware ?? {};
  }

  addEventListener(type: string, listener: () => void): void {
    this.#listeners.add([type, listener]);
  }

  /** Its device is gone: it ends by itself, and tells. */
  lose(): void {
    if (this.readyState === 'ended') return;
    this.stop();
    this.#tell('ended');
  }

  get enabled(): boolean {
    return this.#enabled;
  }

  set enabled(enabled: boolean) {
    this.#owner.willChange();
    this.#enabled = enabled;
  }

  stop(): void {
    this.#owner.willChange();
    this.readyState = 'ended';
  }

  clone(): FakeTrack {
    const { kind, muted, hardware } = this;
    const id = `${this.id}.${++this.#clones}`;
    const copy = new FakeTrack(kind, id, this.#owner, { muted, hardware });
    copy.#enabled = this.#enabled;
    copy.readyState = this.readyState;
    this.#owner.cloned(copy);
    return copy;
  }

  #tell(type: string): void {
    for (const [wanted, listener] of this.#listeners) if (wanted === type) listener();
  }

  /** Packets a second that it makes: the silence of a disabled one costs some too (RFC 7587 §3.1.3, DTX). */
  get packetsPerSecond(): number {
    if (this.readyState === 'ended') return 0;
    if (this.kind === 'audio') return this.enabled ? 50 : 5;
    return this.enabled ? 30 : 1;
  }
}

/** A MediaStream of fake tracks. */
export class FakeStream {
  readonly id: string;
  readonly #tracks: Set<FakeTrack>;

  constructor(id: string, tracks: Iterable<FakeTrack> = []) {
    this.id = id;
    this.#tracks = new Set(tracks);
  }

  get active(): boolean {
    return this.getTracks().some((track) => track.readyState === 'live');
  }

  getTracks(): FakeTrack[] {
    return [...this.#tracks];
  }

  getAudioTracks(): FakeTrack[] {
    return this.getTracks().filter((track) => track.kind === 'audio');
  }

  getVideoTracks(): FakeTrack[] {
    return this.getTracks().filter((track) => track.kind === 'video');
  }

  addTrack(track: FakeTrack): void {
    this.#tracks.add(track);
  }

  removeTrack(track: FakeTrack): void {
    this.#tracks.delete(track);
  }
}
