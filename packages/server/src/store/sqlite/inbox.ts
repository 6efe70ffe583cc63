import type { InboxItem, UserId } from '@ringline/protocol';
import { MAX_RECEIPT_SPAN } from '../receipts.ts';
import type {
  InboxStanding,
  MessageKey,
  NewInboxItem,
  SentMessage,
  StoredInboxItem,
} from '../store.ts';
import type { Sent, SqliteConversations } from './conversations.ts';
import type { Database } from './driver.ts';
import type { MessageRow } from './message-row.ts';
import { itemOf } from './message-row.ts';
import { RecentRows } from '../recent-rows.ts';
import type { SqliteStandings } from './standings.ts';

const RECENT_INBOXES = 2000;

/** The item that was written last. */
interface Newest extends Sent {
  readonly cursor: number;
}

/** Every user's inbox: items with cursors 1, 2, 3 …. */
export class SqliteInboxes {
  readonly #standings: SqliteStandings;
  readonly #conversations: SqliteConversations;
  readonly #statements: ReturnType<typeof statementsOf>;
  /** Mostly that alone is acknowledged. */
  readonly #newest = new RecentRows<Newest>(RECENT_INBOXES);

  constructor(database: Database, standings: SqliteStandings, conversations: SqliteConversations) {
    this.#standings = standings;
    this.#conversations = conversations;
    this.#statements = statementsOf(database);
  }

  after(user: UserId, cursor: number, limit: number): readonly InboxItem[] {
    if (cursor >= this.#standings.of(user).head) return [];
    const rows = this.#statements.after.all(user, cursor, limit) as MessageRow[];
    return rows.map(itemOf);
  }

  history(user: UserId, peer: UserId, before: number, limit: number): readonly InboxItem[] {
    const pair = pairOf(user, peer);
    const rows = this.#statements.history.all(user, before, ...pair, limit) as MessageRow[];
    return rows.map(itemOf);
  }

  /** What the user sent under this key. */
  sent({ from, key }: MessageKey): SentMessage | undefined {
    const row = this.#statements.sent.get(from, key) as SentMessage | undefined;
    return row && { ...row };
  }

  /** A device of the user has everything up to there; adds to `revised` who wrote it. */
  acknowledge(user: UserId, cursor: number, revised: Set<UserId>): void {
    const before = this.#standings.of(user);
    if (cursor <= before.acknowledged) return;
    this.#standings.acknowledge(user, cursor);
    this.#conversations.delivered(user, this.#senders(user, before, cursor), revised);
  }

  /** Puts the item into both inboxes; adds to `revised` for whom it is news. */
  write(item: NewInboxItem, revised: Set<UserId>): readonly StoredInboxItem[] {
    const { id, from, to, at, key = null } = item;
    const body = JSON.stringify(item.body);
    const owners = [...new Set(item.owners ?? [from, to])];
    const cursors = new Map(owners.map((owner) => [owner, this.#advance(owner, from, to)]));
    const [sent, received] = [cursors.get(from) ?? 0, cursors.get(to) ?? 0];
    const places = [sent, received, ...pairOf(from, to)];
    const written = this.#statements.append.run(id, from, to, ...places, at, body, key);
    const message = Number(written.lastInsertRowid);
    if (from !== to && received > 0) revised.add(to);
    return [...cursors].map(([owner, cursor]) => {
      this.#statements.deliver.run(owner, cursor, message);
      this.#newest.set(owner, { cursor, sender: from, sent });
      return { owner, item: { cursor, id, from, to, at, body: item.body } };
    });
  }

  forget(): void {
    this.#newest.clear();
  }

  /** Who wrote to the user what was not acknowledged yet and lies up to there. */
  #senders(user: UserId, before: InboxStanding, cursor: number): readonly Sent[] {
    const { acknowledged, first } = before;
    const newest = this.#newest.get(user);
    const isNewestAlone = newest?.cursor === cursor && cursor === acknowledged + 1;
    if (isNewestAlone && cursor >= first) return newest.sender === user ? [] : [newest];
    const from = Math.max(acknowledged, cursor - MAX_RECEIPT_SPAN);
    return this.#statements.senders.all(user, from, cursor) as Sent[];
  }

  /** The next place in this inbox; for the recipient it is a new revision as well. */
  #advance(owner: UserId, from: UserId, to: UserId): number {
    const isNews = owner !== from;
    const { head, revision } = this.#standings.append(owner, isNews ? from : undefined);
    if (isNews) this.#conversations.received(owner, from, head, revision);
    else this.#conversations.sent(owner, to, head);
    return head;
  }
}

/** A conversation is found by its two users, whoever wrote; any fixed order will do. */
export function pairOf(a: UserId, b: UserId): [UserId, UserId] {
  return a < b ? [a, b] : [b, a];
}

function statementsOf(database: Database) {
  return {
    append: database.prepare(`
      INSERT INTO messages
        (id, sender, recipient, sender_cursor, recipient_cursor, user_a, user_b, at, body, key)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`),
    sent: database.prepare(
      'SELECT id, recipient AS "to", at FROM messages WHERE sender = ? AND key = ?',
    ),
    deliver: database.prepare('INSERT INTO inbox (owner, cursor, message) VALUES (?, ?, ?)'),
    senders: database.prepare(`
      SELECT m.sender, max(m.sender_cursor) AS sent FROM inbox x JOIN messages m ON m.n = x.message
      WHERE x.owner = ?1 AND x.cursor > ?2 AND x.cursor <= ?3 AND m.sender <> ?1 GROUP BY m.sender`),
    after: database.prepare(`
      SELECT i.cursor, m.id, m.sender, m.recipient, m.at, m.body
      FROM inbox i JOIN messages m ON m.n = i.message
      WHERE i.owner = ? AND i.cursor > ? ORDER BY i.cursor LIMIT ?`),
    // Within one inbox the order of cursors is the order of messages. What was removed from this
    // inbox may still lie in the peer's; what never came here has no place.
    history: database.prepare(`
      SELECT iif(m.sender = ?1, m.sender_cursor, m.recipient_cursor) AS cursor,
        m.id, m.sender, m.recipient, m.at, m.body
      FROM messages m
      WHERE m.user_a = ?3 AND m.user_b = ?4
        AND iif(m.sender = ?1, m.sender_cursor, m.recipient_cursor) > 0
        AND m.n >= (SELECT message FROM inbox WHERE owner = ?1 ORDER BY cursor LIMIT 1)
        AND m.n < ifnull(
        (SELECT message FROM inbox WHERE owner = ?1 AND cursor >= ?2 ORDER BY cursor LIMIT 1),
        ${Number.MAX_SAFE_INTEGER})
      ORDER BY m.n DESC LIMIT ?5`),
  };
}
