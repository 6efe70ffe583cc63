/** A video or audio element that plays nothing, and remembers whether it would. */
export class FakePlayer {
  srcObject: unknown = null;
  muted = false;
  paused = true;
  readonly style = { objectFit: '' };
  /** The speaker it plays on; empty for the default. */
  sinkId = '';
  readonly #isBlocked: () => boolean;
  readonly #hasSpeaker: (id: string) => boolean;

  constructor(isBlocked: () => boolean, hasSpeaker: (id: string) => boolean = () => true) {
    this.#isBlocked = isBlocked;
    this.#hasSpeaker = hasSpeaker;
  }

  async setSinkId(id: string): Promise<void> {
    await Promise.resolve();
    if (!this.#hasSpeaker(id)) throw new DOMException('no such speaker', 'NotFoundError');
    this.sinkId = id;
  }

  async play(): Promise<void> {
    await Promise.resolve();
    // Browsers let a muted element play without a gesture.
    if (this.#isBlocked() && !this.muted) {
      throw new DOMException('nobody touched this page', 'NotAllowedError');
    }
    this.paused = false;
  }

  pause(): void {
    this.paused = true;
  }
}
