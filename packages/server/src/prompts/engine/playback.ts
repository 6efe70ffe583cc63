import type { Clip } from '../ogg-opus.ts';
import { OPUS_RATE } from '../opus-packet.ts';

/** Silence between two plays of an announcement. */
export const PAUSE_MS = 1_000;
/**
 * What came due longer ago is left out: a process that stood still sends a listener no burst, and the
 * sound goes on where it was. Shorter delays are made up for within the listener's own buffer.
 */
export const MAX_LATE_MS = 200;

const samplesOf = (ms: number) => (ms * OPUS_RATE) / 1000;
const PAUSE = samplesOf(PAUSE_MS);
const MAX_LATE = samplesOf(MAX_LATE_MS);

/** A packet that is due. */
export interface Due {
  readonly payload: Uint8Array;
  /** When it sounds, in samples since the beginning. */
  readonly at: number;
  /** Whether silence was before it. */
  readonly isFirstOfSound: boolean;
}

/** What one listener hears, packet by packet; instants are samples of 48 kHz since it began to hear. */
export class Playback {
  #clip: Clip;
  #playsLeft: number;
  #index = 0;
  #dueAt = 0;
  /** When the last packet that was sent has sounded. */
  #soundsUntil = 0;
  #isSilent = true;

  /** `plays` may be Infinity, which leaves no silence between them. */
  constructor(clip: Clip, plays: number) {
    this.#clip = clip;
    this.#playsLeft = plays;
  }

  /** Plays something else from its beginning, as soon as what was sent last has sounded. */
  play(clip: Clip, plays: number, at: number): void {
    this.#clip = clip;
    this.#playsLeft = plays;
    this.#index = 0;
    this.#dueAt = Math.max(at, this.#soundsUntil);
    this.#isSilent ||= this.#dueAt > this.#soundsUntil;
  }

  /** The next packet that is due at this instant, if any is: ask until there is none. */
  next(at: number): Due | undefined {
    if (this.#playsLeft === 0 || this.#dueAt > at) return undefined;
    if (at - this.#dueAt > MAX_LATE) {
      this.#dueAt = at;
      this.#isSilent = true;
    }
    const packet = this.#clip.packets[this.#index];
    if (packet === undefined) return undefined;
    const due = { payload: packet.bytes, at: this.#dueAt, isFirstOfSound: this.#isSilent };
    this.#isSilent = false;
    this.#dueAt += packet.samples;
    this.#soundsUntil = this.#dueAt;
    this.#index++;
    if (this.#index === this.#clip.packets.length) this.#beginAgain();
    return due;
  }

  /** Whether everything was played and has sounded. */
  isOver(at: number): boolean {
    return this.#playsLeft === 0 && at >= this.#soundsUntil;
  }

  #beginAgain(): void {
    this.#index = 0;
    this.#playsLeft--;
    if (this.#playsLeft === Infinity) return;
    this.#dueAt += PAUSE;
    this.#isSilent = true;
  }
}
