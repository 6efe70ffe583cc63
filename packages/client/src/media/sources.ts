import type { RinglineError } from '../errors.ts';
import type { MediaPort, Track } from './media.ts';
import type { Ids, Kinds } from './open-tracks.ts';
import { openTracks } from './open-tracks.ts';

export type SourceKind = 'audio' | 'video';

const KINDS: readonly SourceKind[] = ['audio', 'video'];

/**
 * Told when a clone is replaced because its device was; with no new track the device is lost, and the
 * error says why there is no other. The old track goes on until the promise has settled.
 */
export type Follow = (
  was: Track,
  is: Track | undefined,
  error?: RinglineError,
) => Promise<unknown> | void;

/** The only microphone or camera that is open; its track has ended while there is none to be had. */
export interface Source {
  track: Track;
  readonly clones: Set<Clone>;
}

interface Clone {
  readonly source: Source;
  track: Track;
  follow?: Follow;
}

/** Clones of microphone and camera for one user of them. */
export interface Lease {
  readonly tracks: readonly Track[];
  /** Stops the tracks of one kind, or all; a device that nobody uses any more is closed, light out. */
  release(kind?: string): void;
  follow(follow: Follow): void;
}

/** Microphone and camera, opened once and cloned for each call: some browsers mute the first of two openings. */
export class Sources {
  readonly #media: MediaPort;
  readonly #ended: (source: Source) => void;
  readonly #sources = new Map<string, Source>();

  constructor(media: MediaPort, ended: (source: Source) => void) {
    this.#media = media;
    this.#ended = ended;
  }

  /** Those in use. */
  get all(): readonly Source[] {
    return [...this.#sources.values()];
  }

  get(kind: SourceKind): Source | undefined {
    return this.#sources.get(kind);
  }

  /** Clones of what is wanted; rejects with a typed error that tells a denial from a missing device. */
  async open(wanted: Kinds, ids: Ids): Promise<Lease> {
    const missing = {
      audio: wanted.audio && !isLive(this.#sources.get('audio')),
      video: wanted.video && !isLive(this.#sources.get('video')),
    };
    if (missing.audio || missing.video) {
      for (const track of await openTracks(this.#media, missing, ids)) this.#take(track);
    }
    return this.#lease(KINDS.filter((kind) => wanted[kind]));
  }

  /** Everybody who has a clone gets one of this track instead; then the old device is closed. */
  async swap(source: Source, track: Track): Promise<void> {
    if (source.clones.size === 0) return track.stop();
    const was = source.track;
    this.#watch(source, track);
    const swaps = [...source.clones].map(async (clone) => {
      const before = clone.track;
      clone.track = track.clone();
      await clone.follow?.(before, clone.track);
      before.stop();
    });
    await Promise.all(swaps);
    was.stop();
  }

  /** There is no device in its place. */
  vacate(source: Source, error: RinglineError): void {
    source.track.stop();
    for (const { follow, track } of source.clones) {
      track.stop();
      void follow?.(track, undefined, error);
    }
  }

  #take(track: Track): void {
    const known = this.#sources.get(track.kind);
    // Opened by somebody else meanwhile.
    if (isLive(known)) return track.stop();
    if (known !== undefined) return void this.swap(known, track);
    const source = { track, clones: new Set<Clone>() };
    this.#sources.set(track.kind, source);
    this.#watch(source, track);
  }

  #watch(source: Source, track: Track): void {
    source.track = track;
    track.addEventListener?.('ended', () => {
      if (source.track === track && source.clones.size > 0) this.#ended(source);
    });
  }

  #lease(kinds: readonly SourceKind[]): Lease {
    const clones = new Set<Clone>();
    for (const kind of kinds) {
      const source = this.#sources.get(kind);
      if (source === undefined) continue;
      const clone = { source, track: source.track.clone() };
      source.clones.add(clone);
      clones.add(clone);
    }
    return {
      get tracks() {
        return [...clones].map(({ track }) => track);
      },
      follow: (follow) => {
        for (const clone of clones) clone.follow = follow;
      },
      release: (kind) => {
        for (const clone of clones) {
          if (kind !== undefined && clone.track.kind !== kind) continue;
          clones.delete(clone);
          this.#giveBack(clone);
        }
      },
    };
  }

  #giveBack(clone: Clone): void {
    const { source } = clone;
    clone.track.stop();
    source.clones.delete(clone);
    if (source.clones.size > 0) return;
    source.track.stop();
    this.#sources.delete(source.track.kind);
  }
}

/** Whether there is a device. */
export function isLive(source: Source | undefined): boolean {
  return source?.track.readyState === 'live';
}
