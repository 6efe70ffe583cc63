import type { InboxItem, UserId } from '@ringline/protocol';
import type { AuditedInbox } from '../audit.ts';
import type { NewInboxItem, StoredInboxItem } from '../store.ts';
import { freeze } from './freeze.ts';

/** Every user's inbox: items with cursors 1, 2, 3 …, and how far they were acknowledged. */
export class MemoryInboxes {
  readonly #items = new Map<UserId, InboxItem[]>();
  readonly #acknowledged = new Map<UserId, number>();

  /** Those who have an inbox. */
  get users(): readonly UserId[] {
    return [...this.#items.keys()];
  }

  /** Where a message lies. */
  withId(id: string): readonly StoredInboxItem[] {
    return [...this.#items].flatMap(([owner, items]) =>
      items.filter((item) => item.id === id).map((item) => ({ owner, item })),
    );
  }

  audited(user: UserId): AuditedInbox {
    const items = this.#of(user);
    return {
      head: this.head(user),
      acknowledged: this.acknowledged(user),
      count: items.length,
      first: items[0]?.cursor ?? 0,
      last: items.at(-1)?.cursor ?? 0,
      firstAt: items[0]?.at ?? 0,
    };
  }

  head(user: UserId): number {
    return this.#items.get(user)?.length ?? 0;
  }

  acknowledged(user: UserId): number {
    return this.#acknowledged.get(user) ?? 0;
  }

  after(user: UserId, cursor: number, limit: number): readonly InboxItem[] {
    return this.#of(user).slice(cursor, cursor + limit);
  }

  history(user: UserId, peer: UserId, before: number, limit: number): readonly InboxItem[] {
    return this.#of(user)
      .filter((item) => item.cursor < before && peerOf(user, item) === peer)
      .toReversed()
      .slice(0, limit);
  }

  acknowledge(user: UserId, cursor: number): void {
    this.#acknowledged.set(user, Math.max(cursor, this.acknowledged(user)));
  }

  write(item: NewInboxItem): readonly StoredInboxItem[] {
    const owners = new Set([item.from, item.to]);
    return [...owners].map((owner) => this.#append(owner, item));
  }

  #append(owner: UserId, { id, from, to, at, body }: NewInboxItem): StoredInboxItem {
    const items = this.#of(owner);
    const item = freeze({ cursor: items.length + 1, id, from, to, at, body });
    items.push(item);
    this.#items.set(owner, items);
    return freeze({ owner, item });
  }

  #of(user: UserId): InboxItem[] {
    return this.#items.get(user) ?? [];
  }
}

function peerOf(owner: UserId, item: InboxItem): UserId {
  return item.from === owner ? item.to : item.from;
}
