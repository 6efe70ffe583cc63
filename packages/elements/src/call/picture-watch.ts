const LOOK_MS = 500;
/** A picture that stands still this long has been switched off: the name shows better than its last frame. */
const STILL_LOOKS = 3;

/** Tells whether a video element's picture moves; no event says so when the other camera goes off. */
export class PictureWatch {
  readonly #timer: ReturnType<typeof setInterval>;
  #frames = 0;
  #still = STILL_LOOKS;
  #moves: boolean | undefined;

  constructor(video: HTMLVideoElement, changed: (moves: boolean) => void) {
    this.#timer = setInterval(() => {
      const frames = video.getVideoPlaybackQuality().totalVideoFrames;
      // Fewer than before: the element was given another stream, of which nothing is shown yet.
      this.#still = frames > this.#frames ? 0 : this.#still + 1;
      this.#frames = frames;
      const moves = this.#still < STILL_LOOKS;
      if (moves !== this.#moves) changed(moves);
      this.#moves = moves;
    }, LOOK_MS);
  }

  /** The call has no picture just now: what comes next is another one. */
  forget(): void {
    this.#still = STILL_LOOKS;
    this.#moves = undefined;
  }

  stop(): void {
    clearInterval(this.#timer);
  }
}
