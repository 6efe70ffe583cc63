import type { Actor } from '@ringline/call';
import { MAX_MISSED_CHANNEL_MESSAGES, RTM_OFFLINE_AFTER_MS } from '@ringline/protocol';

/** One frame of what was said in a channel. */
interface Said {
  readonly at: number;
  readonly by: Actor;
  readonly frame: string;
}

/** What a node has heard of one channel lately, for pages that come back: the latest few, and no older than a login that goes on. */
export class SaidLately {
  #said: Said[] = [];

  note(said: Said): void {
    this.#said.push(said);
    if (this.#said.length > MAX_MISSED_CHANNEL_MESSAGES) this.#said.shift();
  }

  /** Frees what is too old to be asked for. */
  prune(now: number): void {
    this.#said = this.#said.filter(({ at }) => at >= now - RTM_OFFLINE_AFTER_MS);
  }

  /** What others said since that moment, in order. */
  since(since: number, { user, device }: Actor, now: number): readonly string[] {
    this.prune(now);
    return this.#said
      .filter(({ at, by }) => at >= since && (by.user !== user || by.device !== device))
      .map(({ frame }) => frame);
  }
}
