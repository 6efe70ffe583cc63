import type { InboxItem, UserId } from '@ringline/protocol';
import type {
  InboxStanding,
  MessageKey,
  NewInboxItem,
  SentMessage,
  StoredInboxItem,
} from '../store.ts';
import { MAX_RECEIPT_SPAN } from '../receipts.ts';
import { freeze } from './freeze.ts';
import { MemoryKeys } from './keys.ts';

/** An item as it lies in one inbox. */
export interface Entry {
  readonly item: InboxItem;
  /** Its place in the inbox of the other party; 0 when it does not lie there. */
  readonly theirs: number;
}

/** Where the owner of an inbox stands with a peer. */
export interface ConversationRow {
  last: number;
  revision: number;
  read: number;
  delivered: number;
  peerRead: number;
}

/** One user's inbox. */
export interface MemoryInbox {
  readonly owner: UserId;
  /** Those that are left, in order. */
  readonly entries: Entry[];
  head: number;
  acknowledged: number;
  revision: number;
  readonly conversations: Map<UserId, ConversationRow>;
}

/** Every user's inbox: items with cursors 1, 2, 3 …, and how far they were acknowledged. */
export class MemoryInboxes {
  readonly #inboxes = new Map<UserId, MemoryInbox>();
  readonly #keys = new MemoryKeys();

  /** Those who have an inbox. */
  get users(): readonly UserId[] {
    return [...this.#inboxes.keys()];
  }

  /** The inbox of a user, empty at first. */
  of(owner: UserId): MemoryInbox {
    const known = this.#inboxes.get(owner);
    if (known !== undefined) return known;
    const empty = { entries: [], head: 0, acknowledged: 0, revision: 0, conversations: new Map() };
    const inbox: MemoryInbox = { owner, ...empty };
    this.#inboxes.set(owner, inbox);
    return inbox;
  }

  get all(): readonly MemoryInbox[] {
    return [...this.#inboxes.values()];
  }

  standing(user: UserId): InboxStanding {
    const { entries, head, acknowledged, revision } = this.of(user);
    return { head, first: entries[0]?.item.cursor ?? head + 1, acknowledged, revision };
  }

  after(user: UserId, cursor: number, limit: number): readonly InboxItem[] {
    const { entries } = this.of(user);
    const from = Math.max(0, cursor + 1 - (entries[0]?.item.cursor ?? 0));
    return entries.slice(from, from + limit).map(({ item }) => item);
  }

  history(user: UserId, peer: UserId, before: number, limit: number): readonly InboxItem[] {
    return this.of(user)
      .entries.map(({ item }) => item)
      .filter((item) => item.cursor < before && peerOf(user, item) === peer)
      .toReversed()
      .slice(0, limit);
  }

  /** What the user sent under this key. */
  sent(by: MessageKey): SentMessage | undefined {
    return this.#keys.sent(by);
  }

  /** Removes the oldest entries of an inbox, and gives them. */
  removeFirst({ entries }: MemoryInbox, count: number): readonly Entry[] {
    const removed = entries.splice(0, count);
    for (const { item } of removed) this.#keys.leave(item.id);
    return removed;
  }

  /** A device of the user has everything up to there; adds to `revised` who wrote it. */
  acknowledge(user: UserId, cursor: number, revised: Set<UserId>): void {
    const inbox = this.of(user);
    if (cursor <= inbox.acknowledged) return;
    const from = Math.max(inbox.acknowledged, cursor - MAX_RECEIPT_SPAN);
    inbox.acknowledged = cursor;
    for (const { item, theirs } of inbox.entries) {
      if (item.cursor <= from || item.cursor > cursor || item.from === user) continue;
      this.move(item.from, user, { delivered: theirs }, revised);
    }
  }

  /** Moves marks of a conversation forward; nothing is told of those that lie behind. */
  move(
    owner: UserId,
    peer: UserId,
    marks: Partial<Pick<ConversationRow, 'read' | 'delivered' | 'peerRead'>>,
    revised: Set<UserId>,
  ): boolean {
    const row = this.of(owner).conversations.get(peer);
    if (row === undefined) return false;
    const { read = 0, delivered = 0, peerRead = 0 } = marks;
    if (read <= row.read && delivered <= row.delivered && peerRead <= row.peerRead) return false;
    row.read = Math.max(row.read, read);
    row.delivered = Math.max(row.delivered, delivered);
    row.peerRead = Math.max(row.peerRead, peerRead);
    this.revise(owner, peer, revised);
    return true;
  }

  /** The conversation has changed. */
  revise(owner: UserId, peer: UserId, revised: Set<UserId>): void {
    const inbox = this.of(owner);
    const row = inbox.conversations.get(peer);
    if (row === undefined) return;
    row.revision = ++inbox.revision;
    revised.add(owner);
  }

  /** Puts the item into both inboxes; adds to `revised` for whom it is news. */
  write(item: NewInboxItem, revised: Set<UserId>): readonly StoredInboxItem[] {
    const { from, to } = item;
    const owners = [...new Set(item.owners ?? [from, to])];
    const places = new Map(owners.map((owner) => [owner, ++this.of(owner).head]));
    const stored = [...places].map(([owner, cursor]) => {
      const theirs = places.get(owner === from ? to : from) ?? 0;
      return this.#append(owner, item, cursor, theirs);
    });
    this.#keys.note(item, stored.length);
    if (from !== to && places.has(to)) this.revise(to, from, revised);
    return stored;
  }

  #append(owner: UserId, given: NewInboxItem, cursor: number, theirs: number): StoredInboxItem {
    const { id, from, to, at, body } = given;
    const inbox = this.of(owner);
    const item = freeze({ cursor, id, from, to, at, body });
    inbox.entries.push({ item, theirs });
    const peer = peerOf(owner, item);
    const row = inbox.conversations.get(peer);
    if (row) row.last = cursor;
    else inbox.conversations.set(peer, { last: cursor, ...NO_MARKS });
    return freeze({ owner, item });
  }
}

const NO_MARKS = { revision: 0, read: 0, delivered: 0, peerRead: 0 };

/** With whom the owner of an inbox exchanged the item. */
export function peerOf(owner: UserId, item: InboxItem): UserId {
  return item.from === owner ? item.to : item.from;
}
