import type { InboxBody, InboxItem, UserId } from '@ringline/protocol';
import type { NewInboxItem, StoredInboxItem } from '../store.ts';
import type { Database } from './driver.ts';

interface MessageRow {
  readonly cursor: number;
  readonly id: string;
  readonly sender: UserId;
  readonly recipient: UserId;
  readonly at: number;
  readonly body: string;
}

/** Every user's inbox: items with cursors 1, 2, 3 …, and how far they were acknowledged. */
export class SqliteInboxes {
  readonly #statements: ReturnType<typeof statementsOf>;

  constructor(database: Database) {
    this.#statements = statementsOf(database);
  }

  head(user: UserId): number {
    const row = this.#statements.inbox.get(user) as { head: number } | undefined;
    return row?.head ?? 0;
  }

  acknowledged(user: UserId): number {
    const row = this.#statements.inbox.get(user) as { acknowledged: number } | undefined;
    return row?.acknowledged ?? 0;
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

  acknowledge(user: UserId, cursor: number): void {
    this.#statements.acknowledge.run(user, cursor);
  }

  write(item: NewInboxItem): readonly StoredInboxItem[] {
    const { id, from, to, at } = item;
    const body = JSON.stringify(item.body);
    const owners = from === to ? [from] : [from, to];
    const cursors = owners.map((owner) => this.#advance(owner));
    const [sent = 0, received = sent] = cursors;
    const pair = pairOf(from, to);
    const written = this.#statements.append.run(id, from, to, sent, received, ...pair, at, body);
    const message = Number(written.lastInsertRowid);
    return owners.map((owner, i) => {
      const cursor = cursors[i] ?? 0;
      this.#statements.deliver.run(owner, cursor, message);
      return { owner, item: { cursor, ...item } };
    });
  }

  #advance(owner: UserId): number {
    return (this.#statements.advance.get(owner) as { head: number }).head;
  }
}

// A conversation is found by its two users, whoever wrote; any fixed order will do.
function pairOf(a: UserId, b: UserId): [UserId, UserId] {
  return a < b ? [a, b] : [b, a];
}

function itemOf({ cursor, id, sender, recipient, at, body }: MessageRow): InboxItem {
  return { cursor, id, from: sender, to: recipient, at, body: JSON.parse(body) as InboxBody };
}

function statementsOf(database: Database) {
  return {
    inbox: database.prepare('SELECT head, acknowledged FROM inboxes WHERE owner = ?'),
    advance: database.prepare(`
      INSERT INTO inboxes (owner, head, acknowledged) VALUES (?, 1, 0)
      ON CONFLICT DO UPDATE SET head = head + 1 RETURNING head`),
    acknowledge: database.prepare(`
      INSERT INTO inboxes (owner, head, acknowledged) VALUES (?, 0, ?)
      ON CONFLICT DO UPDATE SET acknowledged = max(acknowledged, excluded.acknowledged)`),
    append: database.prepare(`
      INSERT INTO messages
        (id, sender, recipient, sender_cursor, recipient_cursor, user_a, user_b, at, body)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`),
    deliver: database.prepare('INSERT INTO inbox (owner, cursor, message) VALUES (?, ?, ?)'),
    after: database.prepare(`
      SELECT i.cursor, m.id, m.sender, m.recipient, m.at, m.body
      FROM inbox i JOIN messages m ON m.n = i.message
      WHERE i.owner = ? AND i.cursor > ? ORDER BY i.cursor LIMIT ?`),
    // Within one inbox the order of cursors is the order of messages.
    history: database.prepare(`
      SELECT iif(m.sender = ?1, m.sender_cursor, m.recipient_cursor) AS cursor,
        m.id, m.sender, m.recipient, m.at, m.body
      FROM messages m
      WHERE m.user_a = ?3 AND m.user_b = ?4 AND m.n < ifnull(
        (SELECT message FROM inbox WHERE owner = ?1 AND cursor >= ?2 ORDER BY cursor LIMIT 1),
        ${Number.MAX_SAFE_INTEGER})
      ORDER BY m.n DESC LIMIT ?5`),
  };
}
