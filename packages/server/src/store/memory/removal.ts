import type { UserId } from '@ringline/protocol';
import type { RemovalPortion, Removed } from '../store.ts';
import { compareIds } from '../compare-ids.ts';
import type { MemoryInbox, MemoryInboxes } from './inbox.ts';

/** Removes the oldest items of inboxes, a portion at a time. */
export class MemoryRemoval {
  readonly #inboxes: MemoryInboxes;

  constructor(inboxes: MemoryInboxes) {
    this.#inboxes = inboxes;
  }

  older(before: number, limit: number): Removed {
    const revised = new Set<UserId>();
    let left = limit;
    for (const inbox of this.#inboxes.all) {
      const young = inbox.entries.findIndex(({ item }) => item.at >= before);
      const old = young === -1 ? inbox.entries.length : young;
      left -= this.#removeFirst(inbox, Math.min(old, left), revised);
    }
    return { revised: [...revised], more: left === 0 };
  }

  beyond({ keep, after, inboxes: looked, limit }: RemovalPortion): Removed {
    const inboxes = this.#inboxes.all
      .filter(({ owner }) => after === undefined || compareIds(owner, after) > 0)
      .toSorted((one, other) => compareIds(one.owner, other.owner))
      .slice(0, looked);
    const revised = new Set<UserId>();
    let left = limit;
    let done = after;
    for (const inbox of inboxes) {
      const first = this.#inboxes.standing(inbox.owner).first;
      const excess = Math.min(inbox.acknowledged, inbox.head - keep) - first + 1;
      left -= this.#removeFirst(inbox, Math.max(0, Math.min(excess, left)), revised);
      if (left === 0) break;
      done = inbox.owner;
    }
    return { revised: [...revised], more: left === 0 || inboxes.length === looked, done };
  }

  #removeFirst(inbox: MemoryInbox, count: number, revised: Set<UserId>): number {
    const { owner } = inbox;
    for (const { item } of this.#inboxes.removeFirst(inbox, count)) {
      const row = inbox.conversations.get(item.from);
      const wasUnread = item.from !== owner && row !== undefined && row.read < item.cursor;
      if (wasUnread) this.#inboxes.revise(owner, item.from, revised);
    }
    return count;
  }
}
