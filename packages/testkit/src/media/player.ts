/** A video or audio element that plays nothing, and remembers whether it would. */
export class FakePlayer {
  srcObject: unknown = null;
  muted = false;
  paused = true;
  readonly #isBlocked: () => boolean;

  constructor(isBlocked: () => boolean) {
    this.#isBlocked = isBlocked;
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
