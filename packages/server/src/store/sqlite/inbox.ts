import type { InboxItem, UserId } from '@ringline/protocol';
import type { InboxStanding, NewInboxItem, StoredInboxItem } from '../store.ts';
import type { SqliteConversations } from './conversations.ts';
import type { Database } from './driver.ts';
import type { MessageRow } from './message-row.ts';
import { itemOf } from './message-row.ts';

const EMPTY: InboxStanding = { head: 0, first: 1, acknowledged: 0, revision: 0 };

/** Every user's inbox: items with cursors 1, 2, 3 …, and how far they were acknowledged. */
export class SqliteInboxes {
  readonly #conversations: SqliteConversations;
  readonly #statements: ReturnType<typeof statementsOf>;

  constructor(database: Database, conversations: SqliteConversations) {
    this.#conversations = conversations;
    this.#statements = statementsOf(database);
  }

  standing(user: UserId): InboxStanding {
    const row = this.#statements.standing.get(user) as InboxStanding | undefined;
    return row === undefined ? EMPTY : { ...row };
  }

  after(user: UserId, cursor: number, limit: number): readonly InboxItem[] {
    const rows = this.#statements.after.all(user, cursor, limit) as MessageRow[];
    return rows.map(itemOf);
  }

  history(user: UserId, peer: UserId, before: number, limit: number): readonly InboxItem[] {
    const pair = pairOf(user, peer);
    const rows = this.#statements.history.all(user, before, ...pair, limit) as MessageRow[];
    return rows.map(itemOf);
  }

  /** A device of the user has everything up to there; adds to `revised` who wrote it. */
  acknowledge(user: UserId, cursor: number, revised: Set<UserId>): void {
    const { acknowledged } = this.standing(user);
    if (cursor <= acknowledged) return;
    this.#statements.acknowledge.run(user, cursor);
    this.#conversations.delivered(user, acknowledged, cursor, revised);
  }

  /** Puts the item into both inboxes; adds to `revised` for whom it is news. */
  write(item: NewInboxItem, revised: Set<UserId>): readonly StoredInboxItem[] {
    const { id, from, to, at } = item;
    const body = JSON.stringify(item.body);
    const owners = [...new Set(item.owners ?? [from, to])];
    const cursors = new Map(owners.map((owner) => [owner, this.#advance(owner, from, to)]));
    const [sent, received] = [cursors.get(from) ?? 0, cursors.get(to) ?? 0];
    const pair = pairOf(from, to);
    const written = this.#statements.append.run(id, from, to, sent, received, ...pair, at, body);
    const message = Number(written.lastInsertRowid);
    if (from !== to && received > 0) revised.add(to);
    return [...cursors].map(([owner, cursor]) => {
      this.#statements.deliver.run(owner, cursor, message);
      return { owner, item: { cursor, id, from, to, at, body: item.body } };
    });
  }

  /** The next place in this inbox; for the recipient it is a new revision as well. */
  #advance(owner: UserId, from: UserId, to: UserId): number {
    const isNews = owner !== from;
    const row = this.#statements.advance.get(owner, isNews ? 1 : 0);
    const { head, revision } = row as { head: number; revision: number };
    const peer = isNews ? from : to;
    this.#conversations.note(owner, peer, head, isNews ? revision : 0);
    return head;
  }
}

// A conversation is found by its two users, whoever wrote; any fixed order will do.
function pairOf(a: UserId, b: UserId): [UserId, UserId] {
  return a < b ? [a, b] : [b, a];
}

function statementsOf(database: Database) {
  return {
    standing: database.prepare(
      'SELECT head, first, acknowledged, revision FROM inboxes WHERE owner = ?',
    ),
    advance: database.prepare(`
      INSERT INTO inboxes (owner, head, acknowledged, revision) VALUES (?1, 1, 0, ?2)
      ON CONFLICT DO UPDATE SET head = head + 1, revision = revision + ?2
      RETURNING head, revision`),
    acknowledge: database.prepare(`
      INSERT INTO inboxes (owner, head, acknowledged) VALUES (?, 0, ?)
      ON CONFLICT DO UPDATE SET acknowledged = excluded.acknowledged`),
    append: database.prepare(`
      INSERT INTO messages
        (id, sender, recipient, sender_cursor, recipient_cursor, user_a, user_b, at, body)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`),
    deliver: database.prepare('INSERT INTO inbox (owner, cursor, message) VALUES (?, ?, ?)'),
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
