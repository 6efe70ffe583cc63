import type { Attached } from './elements.ts';
import { clear, elementOf, show } from './elements.ts';
import type { MediaElement, MediaPort } from './media.ts';
import type { Kinds } from './open-tracks.ts';
import type { Lease } from './sources.ts';

/** Shows what the chosen camera sees, in one element, for as long as it is attached and wanted. */
export class Preview {
  readonly #media: MediaPort;
  readonly #devices: { open(wanted: Kinds): Promise<Lease> };
  #element: MediaElement | null = null;
  #isWanted = false;
  #lease: Lease | undefined;
  #opening: Promise<void> | undefined;

  constructor(media: MediaPort, devices: { open(wanted: Kinds): Promise<Lease> }) {
    this.#media = media;
    this.#devices = devices;
  }

  /** Resolves when the picture is there; rejects with a typed error when the camera cannot be opened. */
  attach(attached: Attached | null, isWanted: boolean): Promise<void> {
    const element = elementOf(attached);
    if (element !== this.#element) clear(this.#element);
    this.#element = element;
    if (this.#lease && element) this.#show(this.#lease);
    return this.want(isWanted);
  }

  /** Whether there is anything to be seen: else the camera is let go. */
  async want(isWanted: boolean): Promise<void> {
    this.#isWanted = isWanted;
    if (!this.#isDue) return this.#close();
    if (this.#lease !== undefined) return;
    this.#opening ??= this.#open().finally(() => (this.#opening = undefined));
    await this.#opening;
  }

  get #isDue(): boolean {
    return this.#isWanted && this.#element !== null;
  }

  async #open(): Promise<void> {
    const lease = await this.#devices.open({ audio: false, video: true });
    if (!this.#isDue) return lease.release();
    this.#lease = lease;
    lease.follow((_, is) => (is === undefined ? this.#close() : this.#show(lease)));
    this.#show(lease);
  }

  #show(lease: Lease): void {
    if (this.#element === null) return;
    const stream = this.#media.createStream();
    for (const track of lease.tracks) stream.addTrack(track);
    show(this.#element, stream);
  }

  #close(): void {
    if (this.#lease === undefined) return;
    clear(this.#element);
    this.#lease.release();
    this.#lease = undefined;
  }
}
