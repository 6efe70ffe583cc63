import type { Call, ReplyOptions } from '../call.ts';
import { clientError } from '../errors.ts';
import type { OwnTracks } from '../media/own-tracks.ts';
import type { Clock } from '../ports.ts';
import type { RequestBody, Requests } from '../signalling/requests.ts';
import { requireEstablished, until } from './state-rules.ts';

/** What adding and removing video needs. */
export interface PictureParts {
  readonly call: Call;
  /** Undefined on a client that signals only. */
  readonly own: OwnTracks | undefined;
  readonly requests: Requests;
  readonly clock: Clock;
  /** Whether calls may be with pictures here. */
  readonly hasPictures: boolean;
  /** What may be seen is another matter now. */
  changed(): void;
}

/** What this user wants of the picture of a call: the own camera opens for it, and for nothing else. */
export class Picture {
  readonly #parts: PictureParts;
  /** The user agreed, and the server is still to say so. */
  #isWanted = false;
  #isRemoved = false;

  constructor(parts: PictureParts) {
    this.#parts = parts;
  }

  /** Whether a picture may be sent. */
  get isOn(): boolean {
    return this.#parts.call.media === 'video' && !this.#isRemoved;
  }

  /** Whether the own camera may be open. */
  get isAgreed(): boolean {
    const { media, videoRequestedBy } = this.#parts.call;
    const isOwn = media === 'video' || videoRequestedBy === 'self';
    return this.#isWanted || (isOwn && !this.#isRemoved);
  }

  /** Whether there is a picture, or will be without another word of this user: what a hold set aside comes back. */
  get isDue(): boolean {
    const { media, videoRequestedBy, videoEnd } = this.#parts.call;
    return media === 'video' || videoRequestedBy === 'self' || videoEnd?.why === 'held';
  }

  /** Opens the camera, and asks the other side then; resolves when that is asked. */
  async add(): Promise<void> {
    const { media, videoRequestedBy } = this.#parts.call;
    if (media === 'video' || videoRequestedBy === 'self') return;
    await this.#agree('add video', true, { type: 'request-video', call: this.#id });
  }

  /** Opens the camera, and agrees then; or refuses. */
  async reply(accept: boolean, { camera = true }: ReplyOptions): Promise<void> {
    const answer = { type: 'answer-video', call: this.#id, accept } as const;
    if (accept) await this.#agree('reply', camera, answer);
    else await this.#parts.requests.request(() => answer);
  }

  /** The camera goes out at once; resolves when the server has heard it. */
  async remove(): Promise<void> {
    const { call, requests } = this.#parts;
    requireEstablished(call, 'remove video');
    this.#isRemoved = true;
    this.#parts.changed();
    try {
      await requests.insist(
        () => ({ type: 'remove-video', call: call.id }),
        () => call.state === 'established',
      );
    } finally {
      this.#isRemoved = false;
    }
  }

  /** The other side asks: a device that shows no pictures says so by itself. */
  requested(): void {
    if (this.#parts.hasPictures) return;
    this.#say({ type: 'answer-video', call: this.#id, accept: false, unsupported: true });
  }

  /** What both agreed to cannot be shown here: the call goes back to sound. */
  failed(): void {
    this.#say({ type: 'remove-video', call: this.#id, cameraFailed: true });
  }

  get #id(): string {
    return this.#parts.call.id;
  }

  #say(body: RequestBody): void {
    const isWanted = () => this.#parts.call.state === 'established';
    // Refused for good: the newest view says what the call has become.
    this.#parts.requests.insist(() => body, isWanted).catch(() => {});
  }

  /** Where the picture stands, as far as the server has said. */
  get #standing(): string {
    const { media, videoRequestedBy, videoEnd } = this.#parts.call;
    return `${media} ${videoRequestedBy} ${videoEnd?.why}`;
  }

  async #agree(wish: string, camera: boolean, body: RequestBody): Promise<void> {
    const { call, own, requests, hasPictures, clock } = this.#parts;
    requireEstablished(call, wish);
    if (!hasPictures) throw clientError('media-unavailable');
    this.#isWanted = true;
    try {
      await own?.camera(camera);
      requireEstablished(call, wish);
      const before = this.#standing;
      await requests.request(() => body);
      await until(call, () => this.#standing !== before, clock);
    } finally {
      this.#isWanted = false;
      this.#parts.changed();
    }
  }
}
