import { MAX_TOLD_MEMBERS } from '@ringline/protocol';
import type { Clock } from '../clock.ts';
import type { Log } from '../observe/log.ts';
import { ALWAYS_OURS, Rounds } from '../rounds.ts';
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
  readonly log: Log;
  readonly store: Pick<Store, 'members'>;
  /** All channels in which pages of this node are. */
  readonly channels: () => readonly ChannelHere[];
}

/** Reads again who is in the channels of this node, portion by portion and round by round. */
export class MemberRounds {
  readonly #parts: MemberRoundsParts;
  readonly #rounds: Rounds;
  /** Those that are not read yet in this round. */
  #left: readonly ChannelHere[] = [];

  constructor(parts: MemberRoundsParts) {
    this.#parts = parts;
    this.#rounds = new Rounds(
      { ...parts, isOurs: ALWAYS_OURS },
      { portion: () => this.#portion(), failed: 'a round of channels could not be read' },
      { roundMs: MEMBERS_SWEEP_MS, pauseMs: MEMBERS_PAUSE_MS },
    );
  }

  /** There is a channel: a round begins in MEMBERS_SWEEP_MS. Does nothing when they go on already. */
  start(): void {
    this.#rounds.start();
  }

  /** All channels are read again, from the first, beginning within so many milliseconds. */
  lookAgain(afterMs: number): void {
    this.#left = [];
    this.#rounds.within(afterMs);
  }

  /** There is none any more. */
  stop(): void {
    this.#rounds.stop();
    this.#left = [];
  }

  async #portion(): Promise<boolean> {
    const all = this.#left.length > 0 ? this.#left : this.#parts.channels();
    this.#left = all.slice(MEMBERS_PORTION);
    await this.#look(all.slice(0, MEMBERS_PORTION));
    return this.#left.length > 0;
  }

  /** One question about all of them, asked once the first needs it. */
  async #look(portion: readonly ChannelHere[]): Promise<void> {
    let asked: Promise<readonly ChannelMembers[]> | undefined;
    const names = portion.map(({ channel }) => channel);
    const ask = () => (asked ??= this.#parts.store.members(names, MAX_TOLD_MEMBERS));
    await Promise.all(portion.map((here, i) => here.look(async () => (await ask())[i])));
  }
}
