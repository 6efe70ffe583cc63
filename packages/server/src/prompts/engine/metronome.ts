import type { Clock, Timer } from '../../clock.ts';

/** As often as a packet of the usual length is due. */
export const BEAT_MS = 20;

/** Told the instant of the beat, which is never later than now. */
export type OnBeat = (at: number) => void;

/**
 * One beat for all who send. It does not drift: beats lie a whole number of intervals apart, and one
 * that was missed is made up for by the next.
 */
export class Metronome {
  readonly #clock: Clock;
  readonly #players = new Set<OnBeat>();
  #beatAt = 0;
  #timer: Timer | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Lets somebody play from the latest beat on, and gives its instant. */
  join(player: OnBeat): number {
    if (this.#players.size === 0) this.#start();
    this.#players.add(player);
    return this.#beatAt;
  }

  leave(player: OnBeat): void {
    this.#players.delete(player);
    if (this.#players.size > 0) return;
    this.#timer?.cancel();
    this.#timer = undefined;
  }

  #start(): void {
    this.#beatAt = this.#clock.now();
    this.#wait();
  }

  #wait(): void {
    const ms = this.#beatAt + BEAT_MS - this.#clock.now();
    this.#timer = this.#clock.after(Math.max(0, ms), () => this.#beat());
  }

  #beat(): void {
    const beats = Math.floor((this.#clock.now() - this.#beatAt) / BEAT_MS);
    this.#beatAt += beats * BEAT_MS;
    this.#wait();
    if (beats > 0) for (const player of this.#players) player(this.#beatAt);
  }
}
