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
  /** Of a remote track: true until its first packet has come. */
  muted: boolean;
  readyState: 'live' | 'ended' = 'live';
  readonly #owner: TrackOwner;
  #enabled = true;
  #clones = 0;

  constructor(kind: TrackKind, id: string, owner: TrackOwner, muted = false) {
    this.kind = kind;
    this.id = id;
    this.muted = muted;
    this.#owner = owner;
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
    const copy = new FakeTrack(this.kind, `${this.id}.${++this.#clones}`, this.#owner, this.muted);
    copy.#enabled = this.#enabled;
    copy.readyState = this.readyState;
    this.#owner.cloned(copy);
    return copy;
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
