import type { Conversation, UserId } from '@ringline/protocol';
import { MAX_UNREAD } from '@ringline/protocol';
import { MAX_RECEIPT_SPAN } from '../receipts.ts';
import type { ConversationQuery, ListedConversation, ReadMark } from '../store.ts';
import type { Database } from './driver.ts';
import type { MessageRow } from './message-row.ts';
import { itemOf } from './message-row.ts';

type ListedRow = Conversation & MessageRow;

/** Where each user stands with each peer; every cursor is a place in the user's own inbox. */
export class SqliteConversations {
  readonly #statements: ReturnType<typeof statementsOf>;

  constructor(database: Database) {
    this.#statements = statementsOf(database);
  }

  find({ user, peer, before, limit }: ConversationQuery): readonly ListedConversation[] {
    const { find } = this.#statements;
    const rows = find.all(user, peer ?? null, before ?? Number.MAX_SAFE_INTEGER, limit);
    return (rows as ListedRow[]).map((row) => ({ ...conversationOf(row), last: itemOf(row) }));
  }

  since(user: UserId, revision: number, limit: number): readonly Conversation[] {
    return (this.#statements.since.all(user, revision, limit) as Conversation[]).map(
      conversationOf,
    );
  }

  /** An item was written at this place; `revision` is 0 when it changes nothing that its owner is told. */
  note(owner: UserId, peer: UserId, cursor: number, revision: number): void {
    this.#statements.note.run(owner, peer, cursor, revision);
  }

  /** The user has read up to there; adds to `revised` whom it concerns. */
  read({ user, peer, cursor, isTold }: ReadMark, revised: Set<UserId>): void {
    const moved = this.#statements.moveRead.run(cursor, user, peer).changes;
    if (Number(moved) === 0) return;
    this.#revise(user, peer, revised);
    if (!isTold || peer === user) return;
    const last = this.#statements.lastSent.get(user, peer, cursor) as { sent: number } | undefined;
    if (last !== undefined) this.#movePeer('movePeerRead', peer, user, last.sent, revised);
  }

  /** A device of the user has everything up to there, and none had more than `before`: those who wrote it learn so. */
  delivered(user: UserId, before: number, cursor: number, revised: Set<UserId>): void {
    const from = Math.max(before, cursor - MAX_RECEIPT_SPAN);
    const rows = this.#statements.senders.all(user, from, cursor);
    for (const { sender, sent } of rows as { sender: UserId; sent: number }[]) {
      this.#movePeer('moveDelivered', sender, user, sent, revised);
    }
  }

  /** An item of the peer is gone that the user may not have read: it is unread no more. */
  forget(user: UserId, peer: UserId, cursor: number, revised: Set<UserId>): void {
    const row = this.#statements.isUnread.get(user, peer, cursor);
    if (row !== undefined) this.#revise(user, peer, revised);
  }

  #movePeer(
    move: 'moveDelivered' | 'movePeerRead',
    owner: UserId,
    peer: UserId,
    cursor: number,
    revised: Set<UserId>,
  ): void {
    const { changes } = this.#statements[move].run(cursor, owner, peer);
    if (Number(changes) > 0) this.#revise(owner, peer, revised);
  }

  #revise(owner: UserId, peer: UserId, revised: Set<UserId>): void {
    const { revision } = this.#statements.advance.get(owner) as { revision: number };
    this.#statements.revise.run(revision, owner, peer);
    revised.add(owner);
  }
}

function conversationOf(row: Conversation): Conversation {
  const { peer, revision, unread, readUpTo, deliveredUpTo, peerReadUpTo } = row;
  return { peer, revision, unread, readUpTo, deliveredUpTo, peerReadUpTo };
}

/** What a conversation is told as; counted by one index, so many rows at most. */
const COLUMNS = `c.peer, c.revision, c.read AS readUpTo, c.delivered AS deliveredUpTo,
  c.peer_read AS peerReadUpTo, iif(c.peer = c.owner, 0, (SELECT count(*) FROM (
    SELECT 1 FROM messages u WHERE u.recipient = c.owner AND u.sender = c.peer
      AND u.recipient_cursor > max(c.read, i.first - 1) LIMIT ${MAX_UNREAD}))) AS unread`;

function statementsOf(database: Database) {
  return {
    find: database.prepare(`
      SELECT ${COLUMNS}, c.last AS cursor, m.id, m.sender, m.recipient, m.at, m.body
      FROM inboxes i JOIN conversations c ON c.owner = i.owner
        JOIN inbox x ON x.owner = c.owner AND x.cursor = c.last
        JOIN messages m ON m.n = x.message
      WHERE i.owner = ?1 AND (?2 IS NULL OR c.peer = ?2) AND c.last >= i.first AND c.last < ?3
      ORDER BY c.last DESC LIMIT ?4`),
    since: database.prepare(`
      SELECT ${COLUMNS} FROM inboxes i JOIN conversations c ON c.owner = i.owner
      WHERE i.owner = ?1 AND c.revision > ?2 AND c.revision > 0
      ORDER BY c.revision LIMIT ?3`),
    note: database.prepare(`
      INSERT INTO conversations (owner, peer, last, revision) VALUES (?, ?, ?, ?)
      ON CONFLICT DO UPDATE SET last = excluded.last, revision = max(revision, excluded.revision)`),
    moveRead: database.prepare(
      'UPDATE conversations SET read = ?1 WHERE owner = ?2 AND peer = ?3 AND read < ?1',
    ),
    movePeerRead: database.prepare(`
      UPDATE conversations SET peer_read = ?1, delivered = max(delivered, ?1)
      WHERE owner = ?2 AND peer = ?3 AND peer_read < ?1`),
    moveDelivered: database.prepare(
      'UPDATE conversations SET delivered = ?1 WHERE owner = ?2 AND peer = ?3 AND delivered < ?1',
    ),
    // A record that came to one of the two only has no place at the other.
    lastSent: database.prepare(`
      SELECT sender_cursor AS sent FROM messages
      WHERE recipient = ? AND sender = ? AND recipient_cursor BETWEEN 1 AND ? AND sender_cursor > 0
        AND recipient_cursor > 0 AND sender_cursor > 0
      ORDER BY recipient_cursor DESC LIMIT 1`),
    senders: database.prepare(`
      SELECT m.sender, max(m.sender_cursor) AS sent FROM inbox x JOIN messages m ON m.n = x.message
      WHERE x.owner = ?1 AND x.cursor > ?2 AND x.cursor <= ?3 AND m.sender <> ?1 GROUP BY m.sender`),
    isUnread: database.prepare(
      'SELECT 1 FROM conversations WHERE owner = ? AND peer = ? AND read < ?',
    ),
    advance: database.prepare(
      'UPDATE inboxes SET revision = revision + 1 WHERE owner = ? RETURNING revision',
    ),
    revise: database.prepare('UPDATE conversations SET revision = ? WHERE owner = ? AND peer = ?'),
  };
}
