import assert from 'node:assert/strict';
import type { Conversation, UserId } from '@ringline/protocol';
import { MAX_UNREAD } from '@ringline/protocol';
import type { ConversationQuery, ListedConversation, ReadMark } from '../store.ts';
import type { Database } from './driver.ts';
import type { MessageRow } from './message-row.ts';
import { itemOf } from './message-row.ts';
import { RecentRows } from '../recent-rows.ts';
import type { SqliteStandings } from './standings.ts';

const RECENT_CONVERSATIONS = 2000;

type ListedRow = Conversation & MessageRow;

/** A row: every cursor is a place in the own inbox. */
interface Row {
  readonly last: number;
  readonly revision: number;
  readonly read: number;
  readonly delivered: number;
  readonly peerRead: number;
  /** Items of the peer behind `read`, MAX_UNREAD at most; undefined until they are counted. */
  readonly unread?: number | undefined;
}

/** Who sent something, and its place in the sender's own inbox. */
export interface Sent {
  readonly sender: UserId;
  readonly sent: number;
}

const NONE: Row = { last: 0, revision: 0, read: 0, delivered: 0, peerRead: 0, unread: 0 };

/** Where each user stands with each peer; every cursor is a place in the user's own inbox. */
export class SqliteConversations {
  readonly #standings: SqliteStandings;
  readonly #statements: ReturnType<typeof statementsOf>;
  readonly #recent = new RecentRows<Row>(RECENT_CONVERSATIONS);

  constructor(database: Database, standings: SqliteStandings) {
    this.#standings = standings;
    this.#statements = statementsOf(database);
  }

  find({ user, peer, before, limit }: ConversationQuery): readonly ListedConversation[] {
    const { find } = this.#statements;
    const rows = find.all(user, peer ?? null, before ?? Number.MAX_SAFE_INTEGER, limit);
    return (rows as ListedRow[]).map((row) => ({ ...conversationOf(row), last: itemOf(row) }));
  }

  since(user: UserId, revision: number, limit: number): readonly Conversation[] {
    const changed = this.#standings.changedSince(user, revision);
    if (changed) return changed.slice(0, limit).map((peer) => this.#told(user, peer));
    return (this.#statements.since.all(user, revision, limit) as Conversation[]).map(
      conversationOf,
    );
  }

  /** The owner has sent an item to the peer, and its place is here: nothing that the owner is told. */
  sent(owner: UserId, peer: UserId, cursor: number): void {
    const before = this.#row(owner, peer);
    if (before === undefined) return this.#insert(owner, peer, { ...NONE, last: cursor });
    this.#statements.setLast.run(cursor, owner, peer);
    this.#remember(owner, peer, { ...before, last: cursor });
  }

  /** The owner has got an item of the peer at this place, which is told with this revision. */
  received(owner: UserId, peer: UserId, cursor: number, revision: number): void {
    const before = this.#row(owner, peer);
    const known = before ?? NONE;
    const unread = cursor > known.read ? oneMore(known.unread) : known.unread;
    const after = { ...known, last: cursor, revision, unread };
    if (before === undefined) return this.#insert(owner, peer, after);
    this.#statements.setNews.run(cursor, revision, owner, peer);
    this.#remember(owner, peer, after);
  }

  /** The user has read up to there; adds to `revised` whom it concerns. */
  read({ user, peer, cursor, isTold }: ReadMark, revised: Set<UserId>): void {
    const row = this.#row(user, peer);
    if (row === undefined || cursor <= row.read) return;
    const unread = cursor >= row.last ? 0 : undefined;
    this.#write(user, peer, { ...row, read: cursor, unread }, revised);
    if (!isTold || peer === user) return;
    const { first } = this.#standings.of(user);
    const sent = this.#statements.lastSent.get(user, peer, first, cursor);
    const last = sent as { sent: number } | undefined;
    if (last !== undefined) this.#peerRead(peer, user, last.sent, revised);
  }

  /** The user has what these sent, up to that place in their own inboxes: they learn so. */
  delivered(user: UserId, senders: readonly Sent[], revised: Set<UserId>): void {
    for (const { sender, sent } of senders) {
      const row = this.#row(sender, user);
      if (row === undefined || sent <= row.delivered) continue;
      this.#write(sender, user, { ...row, delivered: sent }, revised);
    }
  }

  /** An item of the peer is gone that the user may not have read: it is unread no more. */
  removed(user: UserId, peer: UserId, cursor: number, revised: Set<UserId>): void {
    const row = this.#row(user, peer);
    if (row === undefined || cursor <= row.read) return;
    this.#write(user, peer, { ...row, unread: undefined }, revised);
  }

  forget(): void {
    this.#recent.clear();
  }

  #peerRead(owner: UserId, peer: UserId, cursor: number, revised: Set<UserId>): void {
    const row = this.#row(owner, peer);
    if (row === undefined || cursor <= row.peerRead) return;
    const delivered = Math.max(row.delivered, cursor);
    this.#write(owner, peer, { ...row, peerRead: cursor, delivered }, revised);
  }

  /** A row in which something changed that its owner is told. */
  #write(owner: UserId, peer: UserId, row: Row, revised: Set<UserId>): void {
    const revision = this.#standings.revise(owner, peer);
    const { read, delivered, peerRead } = row;
    this.#statements.setMarks.run(revision, read, delivered, peerRead, owner, peer);
    this.#remember(owner, peer, { ...row, revision });
    revised.add(owner);
  }

  #told(owner: UserId, peer: UserId): Conversation {
    const row = this.#row(owner, peer);
    assert(row !== undefined, 'what was revised is there');
    const unread = row.unread ?? this.#count(owner, peer, row.read);
    this.#remember(owner, peer, { ...row, unread });
    return {
      peer,
      revision: row.revision,
      unread,
      readUpTo: row.read,
      deliveredUpTo: row.delivered,
      peerReadUpTo: row.peerRead,
    };
  }

  #count(owner: UserId, peer: UserId, read: number): number {
    if (peer === owner) return 0;
    const from = Math.max(read, this.#standings.of(owner).first - 1);
    const { unread } = this.#statements.count.get(owner, peer, from) as { unread: number };
    return unread;
  }

  #row(owner: UserId, peer: UserId): Row | undefined {
    const recent = this.#recent.get(keyOf(owner, peer));
    if (recent !== undefined) return recent;
    const row = this.#statements.read.get(owner, peer) as Row | undefined;
    if (row !== undefined) this.#remember(owner, peer, row);
    return row;
  }

  #insert(owner: UserId, peer: UserId, row: Row): void {
    this.#statements.insert.run(owner, peer, row.last, row.revision);
    this.#remember(owner, peer, row);
  }

  #remember(owner: UserId, peer: UserId, row: Row): void {
    this.#recent.set(keyOf(owner, peer), row);
  }
}

function oneMore(unread: number | undefined): number | undefined {
  return unread === undefined ? undefined : Math.min(unread + 1, MAX_UNREAD);
}

// The length keeps the two apart, whatever characters they hold.
function keyOf(owner: UserId, peer: UserId): string {
  return `${owner.length}:${owner}${peer}`;
}

/** The columns of `COLUMNS` as what is told. */
export function conversationOf(row: Conversation): Conversation {
  const { peer, revision, unread, readUpTo, deliveredUpTo, peerReadUpTo } = row;
  return { peer, revision, unread, readUpTo, deliveredUpTo, peerReadUpTo };
}

/** What a conversation `c` with the inbox `i` of its owner is told as; counted by one index, so many rows at most. */
export const COLUMNS = `c.peer, c.revision, c.read AS readUpTo, c.delivered AS deliveredUpTo,
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
    read: database.prepare(`
      SELECT last, revision, read, delivered, peer_read AS peerRead FROM conversations
      WHERE owner = ? AND peer = ?`),
    count: database.prepare(`
      SELECT count(*) AS unread FROM (SELECT 1 FROM messages
        WHERE recipient = ? AND sender = ? AND recipient_cursor > ? LIMIT ${MAX_UNREAD})`),
    insert: database.prepare(
      'INSERT INTO conversations (owner, peer, last, revision) VALUES (?, ?, ?, ?)',
    ),
    // Each names only the columns that change, so that no index is moved for the others.
    setLast: database.prepare('UPDATE conversations SET last = ? WHERE owner = ? AND peer = ?'),
    setNews: database.prepare(
      'UPDATE conversations SET last = ?, revision = ? WHERE owner = ? AND peer = ?',
    ),
    setMarks: database.prepare(`
      UPDATE conversations SET revision = ?, read = ?, delivered = ?, peer_read = ?
      WHERE owner = ? AND peer = ?`),
    // A record that came to one of the two only has no place at the other.
    lastSent: database.prepare(`
      SELECT sender_cursor AS sent FROM messages
      WHERE recipient = ? AND sender = ? AND recipient_cursor BETWEEN ? AND ? AND sender_cursor > 0
      ORDER BY recipient_cursor DESC LIMIT 1`),
  };
}
