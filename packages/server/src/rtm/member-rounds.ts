import { MAX_TOLD_MEMBERS } from '@ringline/protocol';
import type { Clock, Timer } from '../clock.ts';
import type { ChannelMembers } from '../store/rtm.ts';
import type { Store } from '../store/store.ts';
import type { ChannelHere } from './channel-here.ts';

/** From the end of a round to the next. What the bus lost of who came and went is found by rounds. */
export const MEMBERS_SWEEP_MS = 30_000;
/** Channels read in one go: were each as large as it may be told, some megabyte. */
export const MEMBERS_PORTION = 50;
/** Between two portions: a round takes 1,000 channels a second at most from the store. */
export const MEMBERS_PAUSE_MS = 50;

/** What rounds are made of. */
export interface MemberRoundsParts {
  readonly clock: Clock;
  readonly store: Pick<Store, 'members'>;
  /** All channels in which pages of this node are. */
  readonly channels: () => readonly ChannelHere[];
}

/** Reads again who is in the channels of this node, portion by portion and round by round. */
export class MemberRounds {
  readonly #parts: MemberRoundsParts;
  #timer: Timer | undefined;
  /** The round that is under way. */
  #round: object | undefined;

  constructor(parts: MemberRoundsParts) {
    this.#parts = parts;
  }

  /** There is a channel: a round begins in MEMBERS_SWEEP_MS. Does nothing when they go on already. */
  start(): void {
    if (!this.#timer && !this.#round) this.#beginLater();
  }

  /** There is none any more. */
  stop(): void {
    this.#timer?.cancel();
    this.#timer = this.#round = undefined;
  }

  #beginLater(): void {
    this.#timer = this.#parts.clock.after(MEMBERS_SWEEP_MS, () => {
      this.#timer = undefined;
      void this.#go((this.#round = {}));
    });
  }

  async #go(round: object): Promise<void> {
    const all = this.#parts.channels();
    for (let from = 0; from < all.length; from += MEMBERS_PORTION) {
      if (from > 0) await this.#pause();
      if (this.#round !== round) return;
      await this.#look(all.slice(from, from + MEMBERS_PORTION));
    }
    if (this.#round !== round) return;
    this.#round = undefined;
    this.#beginLater();
  }

  /** One question about all of them, asked once the first needs it. */
  async #look(portion: readonly ChannelHere[]): Promise<void> {
    let asked: Promise<readonly ChannelMembers[]> | undefined;
    const names = portion.map(({ channel }) => channel);
    const ask = () => (asked ??= this.#parts.store.members(names, MAX_TOLD_MEMBERS));
    await Promise.all(portion.map((here, i) => here.look(async () => (await ask())[i])));
  }

  #pause(): Promise<void> {
    return new Promise((resolve) => void this.#parts.clock.after(MEMBERS_PAUSE_MS, resolve));
  }
}
