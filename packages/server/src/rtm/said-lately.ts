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
  /** When pages joined, so that they are told nothing of before. */
  readonly #joined = new Map<string, number>();

  /** The page has joined: what was said before is nothing for it. */
  join(page: Actor, at: number): void {
    this.#joined.set(nameOf(page), at);
  }

  note(said: Said): void {
    this.#said.push(said);
    if (this.#said.length > MAX_MISSED_CHANNEL_MESSAGES) this.#said.shift();
  }

  /** Frees what is too old to be asked for. */
  prune(now: number): void {
    const since = now - RTM_OFFLINE_AFTER_MS;
    this.#said = this.#said.filter(({ at }) => at >= since);
    for (const [page, at] of this.#joined) if (at < since) this.#joined.delete(page);
  }

  /** What others said since that moment, in order. */
  since(since: number, page: Actor, now: number): readonly string[] {
    this.prune(now);
    const { user, device } = page;
    const from = Math.max(since, this.#joined.get(nameOf(page)) ?? since);
    return this.#said
      .filter(({ at, by }) => at >= from && (by.user !== user || by.device !== device))
      .map(({ frame }) => frame);
  }
}

function nameOf({ user, device }: Actor): string {
  return JSON.stringify([user, device]);
}
