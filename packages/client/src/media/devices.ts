import type { MediaPort, Stream, Track, Wanted } from './media.ts';
import { mediaError } from './media-errors.ts';

/** One open microphone or camera. */
interface Source {
  readonly track: Track;
  clones: number;
}

/** Clones of microphone and camera for one call. */
export interface Lease {
  readonly tracks: readonly Track[];
  /** Stops the tracks of one kind, or all; a device that nobody uses any more is closed, light out. */
  release(kind?: string): void;
}

/** Microphone and camera, opened once and cloned for each call: some browsers mute the first of two openings. */
export class Devices {
  readonly #media: MediaPort;
  #sources: Source[] = [];

  constructor(media: MediaPort) {
    this.#media = media;
  }

  /** Clones of what is wanted; rejects with a typed error that tells a denial from a missing device. */
  async open(wanted: Wanted): Promise<Lease> {
    const missing = {
      audio: wanted.audio && !this.#find('audio'),
      video: wanted.video && !this.#find('video'),
    };
    const fresh = missing.audio || missing.video ? await this.#openNew(missing) : [];
    const kinds = ['audio', 'video'] as const;
    const sources = kinds
      .filter((kind) => wanted[kind])
      .flatMap((kind) => fresh.find(({ track }) => track.kind === kind) ?? this.#find(kind) ?? []);
    return this.#lease(sources);
  }

  #find(kind: string): Source | undefined {
    return this.#sources.find(({ track }) => track.kind === kind && track.readyState === 'live');
  }

  async #openNew(wanted: Wanted): Promise<Source[]> {
    let stream: Stream;
    try {
      stream = await this.#media.getUserMedia(wanted);
    } catch (fault) {
      throw mediaError(fault, wanted);
    }
    const sources = stream.getTracks().map((track) => ({ track, clones: 0 }));
    this.#sources.push(...sources);
    return sources;
  }

  #lease(sources: readonly Source[]): Lease {
    let clones = sources.map((source) => ({ source, track: source.track.clone() }));
    for (const { source } of clones) source.clones++;
    const release = (kind?: string) => {
      const over = clones.filter(({ track }) => kind === undefined || track.kind === kind);
      clones = clones.filter((clone) => !over.includes(clone));
      for (const { source, track } of over) {
        track.stop();
        if (--source.clones === 0) this.#close(source);
      }
    };
    return {
      get tracks() {
        return clones.map(({ track }) => track);
      },
      release,
    };
  }

  #close(source: Source): void {
    source.track.stop();
    this.#sources = this.#sources.filter((each) => each !== source);
  }
}
