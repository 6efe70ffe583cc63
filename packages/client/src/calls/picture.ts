import type { Call, ReplyOptions } from '../call.ts';
import { clientError, wrongState } from '../errors.ts';
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

/** A picture that the user has agreed to, said to the server or not yet. */
interface Wish {
  isSaid: boolean;
}

/** What this user wants of the picture of a call: the own camera opens for it, and for nothing else. */
export class Picture {
  readonly #parts: PictureParts;
  /** The user agreed, and the server is still to say so; whoever takes that back empties it. */
  readonly #wishes = new Set<Wish>();
  #removing: Promise<void> | undefined;
  /** The camera was switched off before the wishes that are under way. */
  #wasOff = false;

  constructor(parts: PictureParts) {
    this.#parts = parts;
  }

  /** Whether a picture may be sent. */
  get isOn(): boolean {
    return this.#parts.call.media === 'video' && this.#removing === undefined;
  }

  /** Whether the own camera may be open. */
  get isAgreed(): boolean {
    return this.#wishes.size > 0 || (this.#isAsked && this.#removing === undefined);
  }

  /** Whether there is a picture, or will be without another word of this user: what a hold set aside comes back. */
  get isDue(): boolean {
    return this.#isAsked || this.#parts.call.videoEnd?.why === 'held';
  }

  /** Opens the camera, and asks the other side then; resolves when that is asked. */
  async add(): Promise<void> {
    const body = { type: 'request-video', call: this.#id } as const;
    await this.#agree('add video', true, body, () => this.#isAsked);
  }

  /** Opens the camera, and agrees then; or refuses. */
  async reply(accept: boolean, { camera = true }: ReplyOptions): Promise<void> {
    const answer = { type: 'answer-video', call: this.#id, accept } as const;
    if (accept) return this.#agree('reply', camera, answer, () => this.#isShared);
    // An accept that is said stands: the server refuses another answer.
    this.#takeBack(({ isSaid }) => !isSaid);
    await this.#parts.requests.request(() => answer);
  }

  /** The camera goes out at once; resolves when the server has said that there is no picture. */
  async remove(): Promise<void> {
    requireEstablished(this.#parts.call, 'remove video');
    this.#removing ??= this.#remove().finally(() => {
      this.#removing = undefined;
      // Refused, as in a call that is over and whose end was not told yet: its user wants to be seen no more.
      if (this.#isAsked) void this.#parts.own?.camera(false);
    });
    this.#takeBack(() => true);
    await this.#removing;
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

  get #isShared(): boolean {
    return this.#parts.call.media === 'video';
  }

  get #isAsked(): boolean {
    return this.#isShared || this.#parts.call.videoRequestedBy === 'self';
  }

  #say(body: RequestBody): void {
    const isWanted = () => this.#parts.call.state === 'established';
    // Refused for good: the newest view says what the call has become.
    this.#parts.requests.insist(() => body, isWanted).catch(() => {});
  }

  #takeBack(which: (wish: Wish) => boolean): void {
    for (const wish of this.#wishes) if (which(wish)) this.#wishes.delete(wish);
    this.#parts.changed();
  }

  async #remove(): Promise<void> {
    const { call, requests } = this.#parts;
    await requests.insist(
      () => ({ type: 'remove-video', call: call.id }),
      () => call.state === 'established',
    );
    // However late the view is: until then the picture of the last one stays out.
    await until(call, () => !this.#isAsked);
  }

  async #agree(
    wish: string,
    camera: boolean,
    body: RequestBody,
    isDone: () => boolean,
  ): Promise<void> {
    requireEstablished(this.#parts.call, wish);
    if (!this.#parts.hasPictures) throw clientError('video-unavailable');
    const own: Wish = { isSaid: false };
    this.#wishes.add(own);
    this.#wasOff ||= this.#parts.own?.isCameraOn === false;
    const requireWanted = () => {
      requireEstablished(this.#parts.call, wish);
      if (!this.#wishes.has(own)) throw wrongState(`Cannot ${wish}: it was taken back meanwhile.`);
    };
    try {
      await this.#removing?.catch(() => {});
      requireWanted();
      if (isDone()) return;
      await this.#open(camera);
      requireWanted();
      own.isSaid = true;
      await this.#ask(body, () => isDone() || !this.#wishes.has(own));
      requireWanted();
      this.#wasOff = false;
    } finally {
      this.#wishes.delete(own);
      if (this.#wishes.size === 0) await this.#restore();
      this.#parts.changed();
    }
  }

  /** What came to nothing leaves the camera as it was: a picture that a hold set aside may come back. */
  async #restore(): Promise<void> {
    const { own } = this.#parts;
    if (this.#wasOff) await own?.camera(false);
    this.#wasOff = false;
  }

  /** A page that was loaded anew may have no devices open yet. */
  async #open(camera: boolean): Promise<void> {
    const { own } = this.#parts;
    await own?.open(camera ? 'video' : 'audio');
    await own?.camera(camera);
  }

  /** Resolves when it is done, or was and is over already. */
  async #ask(body: RequestBody, isDone: () => boolean): Promise<void> {
    const { call, requests, clock } = this.#parts;
    const endingOf = ({ videoEnd }: Call) => videoEnd && `${videoEnd.why} ${videoEnd.by}`;
    const before = endingOf(call);
    await requests.request(() => body);
    await until(call, () => isDone() || ![undefined, before].includes(endingOf(call)), clock);
  }
}
