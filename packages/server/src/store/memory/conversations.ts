import type { Conversation, UserId } from '@ringline/protocol';
import { MAX_UNREAD } from '@ringline/protocol';
import type { ConversationQuery, ListedConversation, ReadMark } from '../store.ts';
import { freeze } from './freeze.ts';
import type { ConversationRow, MemoryInbox, MemoryInboxes } from './inbox.ts';

/** Where each user stands with each peer. */
export class MemoryConversations {
  readonly #inboxes: MemoryInboxes;

  constructor(inboxes: MemoryInboxes) {
    this.#inboxes = inboxes;
  }

  find(query: ConversationQuery): readonly ListedConversation[] {
    const { user, peer: wanted, before = Infinity, limit } = query;
    const inbox = this.#inboxes.of(user);
    return [...inbox.conversations]
      .filter(([peer, { last }]) => (wanted ?? peer) === peer && last < before)
      .toSorted(([, one], [, other]) => other.last - one.last)
      .flatMap(([peer, row]) => {
        const last = inbox.entries.find(({ item }) => item.cursor === row.last)?.item;
        return last ? [freeze({ ...told(inbox, peer, row), last })] : [];
      })
      .slice(0, limit);
  }

  since(user: UserId, revision: number, limit: number): readonly Conversation[] {
    const inbox = this.#inboxes.of(user);
    return [...inbox.conversations]
      .filter(([, row]) => row.revision > revision)
      .toSorted(([, one], [, other]) => one.revision - other.revision)
      .slice(0, limit)
      .map(([peer, row]) => freeze(told(inbox, peer, row)));
  }

  /** The user has read up to there; adds to `revised` whom it concerns. */
  read({ user, peer, cursor, isTold }: ReadMark, revised: Set<UserId>): void {
    if (!this.#inboxes.move(user, peer, { read: cursor }, revised)) return;
    if (!isTold || peer === user) return;
    const last = this.#inboxes
      .of(user)
      .entries.findLast(
        ({ item, theirs }) => item.from === peer && item.cursor <= cursor && theirs > 0,
      );
    if (last === undefined) return;
    const marks = { peerRead: last.theirs, delivered: last.theirs };
    this.#inboxes.move(peer, user, marks, revised);
  }
}

/** What a conversation is told as. */
export function told(inbox: MemoryInbox, peer: UserId, row: ConversationRow): Conversation {
  const unread = inbox.entries.filter(
    ({ item }) => item.from === peer && peer !== inbox.owner && item.cursor > row.read,
  ).length;
  return {
    peer,
    revision: row.revision,
    unread: Math.min(unread, MAX_UNREAD),
    readUpTo: row.read,
    deliveredUpTo: row.delivered,
    peerReadUpTo: row.peerRead,
  };
}
