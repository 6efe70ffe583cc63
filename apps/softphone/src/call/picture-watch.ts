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
      this.#still = frames === this.#frames ? this.#still + 1 : 0;
      this.#frames = frames;
      const moves = this.#still < STILL_LOOKS;
      if (moves !== this.#moves) changed(moves);
      this.#moves = moves;
    }, LOOK_MS);
  }

  stop(): void {
    clearInterval(this.#timer);
  }
}
