import type { CallId, UserId } from '@ringline/protocol';
import type { AuditedItem, InboxPlace, Strays } from '../audit.ts';
import type { StoredInboxItem } from '../store.ts';
import { compareIds } from '../compare-ids.ts';
import type { Entry, MemoryInbox, MemoryInboxes } from './inbox.ts';
import { peerOf } from './inbox.ts';

const RECORD = 'record:';

/** What lies in all inboxes, by id and by conversation, as it is at this moment. */
export class AuditedMessages {
  readonly #inboxes: MemoryInboxes;
  readonly #owners: readonly MemoryInbox[];
  readonly #byId: ReadonlyMap<string, readonly StoredInboxItem[]>;
  readonly #byPeer: ReadonlyMap<UserId, ReadonlyMap<UserId, readonly Entry[]>>;
  /** A number for each id. */
  readonly #numbers: ReadonlyMap<string, number>;
  readonly #callsBefore: number;

  /** Calls that ended before that moment may be forgotten. */
  constructor(inboxes: MemoryInboxes, callsBefore: number) {
    this.#inboxes = inboxes;
    this.#callsBefore = callsBefore;
    this.#owners = inboxes.all.toSorted((one, other) => compareIds(one.owner, other.owner));
    const all = this.#owners.flatMap(({ owner, entries }) =>
      entries.map(({ item }) => ({ owner, item })),
    );
    this.#byId = Map.groupBy(all, ({ item }) => item.id);
    this.#byPeer = new Map(
      this.#owners.map(({ owner, entries }) => [
        owner,
        Map.groupBy(entries, ({ item }) => peerOf(owner, item)),
      ]),
    );
    this.#numbers = new Map([...this.#byId.keys()].map((id, i) => [id, i + 1]));
  }

  /** Where a message lies. */
  withId(id: string): readonly StoredInboxItem[] {
    return this.#byId.get(id) ?? [];
  }

  /** What lies in the owner's inbox of its conversation with a peer. */
  between(owner: UserId, peer: UserId): readonly Entry[] {
    return this.#byPeer.get(owner)?.get(peer) ?? [];
  }

  /** The calls whose records lie in inboxes, of those that cannot be forgotten. */
  get recordsOf(): readonly CallId[] {
    return [...this.#byId].flatMap(([id, found]) =>
      id.startsWith(RECORD) && this.#kept(id, found).length > 0 ? [id.slice(RECORD.length)] : [],
    );
  }

  /** A message lies once with each of the two. */
  get doubled(): Strays['doubled'] {
    return [...this.#byId].flatMap(([id, found]) => {
      const count = Math.max(
        ...[...Map.groupBy(this.#kept(id, found), ({ owner }) => owner).values()].map(
          ({ length }) => length,
        ),
      );
      return count > 1 ? [{ id, count }] : [];
    });
  }

  /** Those of an id but the records of calls that may be forgotten. */
  #kept(id: string, found: readonly StoredInboxItem[]): readonly StoredInboxItem[] {
    if (!id.startsWith(RECORD)) return found;
    return found.filter(({ item }) => item.at >= this.#callsBefore);
  }

  items(after: InboxPlace | undefined, limit: number): readonly AuditedItem[] {
    const items: AuditedItem[] = [];
    for (const inbox of this.#owners) {
      const order = after ? compareIds(inbox.owner, after.owner) : 1;
      if (order < 0) continue;
      const { first } = this.#inboxes.standing(inbox.owner);
      const from = order === 0 && after ? Math.max(0, after.cursor + 1 - first) : 0;
      const page = inbox.entries.slice(from, from + limit - items.length);
      items.push(...page.map((entry) => this.#itemOf(inbox, entry)));
      if (items.length === limit) break;
    }
    return items;
  }

  #itemOf({ owner, conversations }: MemoryInbox, { item, theirs }: Entry): AuditedItem {
    const { cursor, id, from, to } = item;
    const peer = peerOf(owner, item);
    const isOwn = from === owner;
    const there = this.#inboxes.of(peer);
    const { first } = this.#inboxes.standing(peer);
    const found = there.entries[theirs - first]?.item;
    return {
      owner,
      cursor,
      message: {
        n: this.#numberOf(id),
        id,
        from,
        to,
        fromCursor: isOwn ? cursor : theirs,
        toCursor: isOwn && from !== to ? theirs : cursor,
        isListed: true,
      },
      other:
        theirs === 0
          ? null
          : {
              owner: peer,
              cursor: theirs,
              first,
              message: found ? this.#numberOf(found.id) : null,
            },
      conversationEnd: conversations.get(peer)?.last ?? null,
    };
  }

  #numberOf(id: string): number {
    return this.#numbers.get(id) ?? 0;
  }
}
