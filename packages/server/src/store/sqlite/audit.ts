import type { CallRecord, UserId } from '@ringline/protocol';
import type { AuditedCall, AuditedUser } from '../audit.ts';
import type { LogRow } from '../store.ts';
import type { Database } from './driver.ts';
import type { MessageRow } from './message-row.ts';
import { itemOf } from './message-row.ts';

interface CallRow {
  readonly n: number;
  readonly id: string;
  readonly version: number;
  readonly open: number;
}

interface LogLine {
  readonly version: number;
  readonly at: number;
  readonly cause: string;
  readonly after: string;
}

/** A message, and in whose inbox it lies. */
interface OwnedRow extends MessageRow {
  readonly owner: UserId;
}

interface UserRow {
  readonly user: UserId;
  readonly calls: string | null;
  readonly head: number | null;
  readonly acknowledged: number | null;
}

interface InboxRow {
  readonly count: number;
  readonly first: number | null;
  readonly last: number | null;
}

/** Reads everything. What only this needs, an index of messages by id, is made here and for this process. */
export class SqliteAudit {
  readonly #database: Database;
  #made: ReturnType<typeof statementsOf> | undefined;

  constructor(database: Database) {
    this.#database = database;
  }

  get #statements(): ReturnType<typeof statementsOf> {
    return (this.#made ??= statementsOf(this.#database));
  }

  calls(after: number, limit: number): readonly AuditedCall[] {
    const rows = this.#statements.calls.all(after, limit) as CallRow[];
    return rows.map(({ n, id, version, open }) => ({
      n,
      id,
      version,
      isOpen: open === 1,
      log: (this.#statements.log.all(n) as LogLine[]).map((row) => logRow(id, row)),
      records: (this.#statements.records.all(id) as { body: string }[]).map(
        ({ body }) => JSON.parse(body) as CallRecord,
      ),
      messages: (this.#statements.messages.all(`record:${id}`) as OwnedRow[]).map(
        ({ owner, ...row }) => ({
          owner,
          item: itemOf(row),
        }),
      ),
      events: (this.#statements.events.all(id) as { sequence: number }[]).map(
        ({ sequence }) => sequence,
      ),
    }));
  }

  users(after: UserId | undefined, limit: number): readonly AuditedUser[] {
    const rows = this.#statements.users.all(after ?? '', limit) as UserRow[];
    return rows.map(({ user, calls, head, acknowledged }) => {
      const { count, first, last } = this.#statements.inbox.get(user) as InboxRow;
      const oldest = this.#statements.oldest.get(user) as { at: number } | undefined;
      return {
        user,
        line: calls === null ? [] : (JSON.parse(calls) as string[]),
        inbox: {
          head: head ?? 0,
          acknowledged: acknowledged ?? 0,
          count,
          first: first ?? 0,
          last: last ?? 0,
          firstAt: oldest?.at ?? 0,
        },
      };
    });
  }

  strayRecords(limit: number): readonly string[] {
    const rows = this.#statements.stray.all(limit) as { call: string }[];
    return rows.map(({ call }) => call);
  }

  stuckDeliveries(limit: number): readonly number[] {
    const rows = this.#statements.stuck.all(limit) as { n: number }[];
    return rows.map(({ n }) => n);
  }
}

function logRow(call: string, { version, at, cause, after }: LogLine): LogRow {
  return {
    call,
    version,
    at,
    cause: JSON.parse(cause) as LogRow['cause'],
    after: JSON.parse(after) as LogRow['after'],
  };
}

function statementsOf(database: Database) {
  database.exec(`
    CREATE TEMP TABLE record_messages AS
      SELECT id, n FROM messages WHERE substr(id, 1, 7) = 'record:';
    CREATE INDEX record_messages_by_id ON record_messages (id);`);
  return {
    calls: database.prepare(
      'SELECT n, id, version, open FROM calls WHERE n > ? ORDER BY n LIMIT ?',
    ),
    log: database.prepare(
      'SELECT version, at, cause, after FROM call_log WHERE call = ? ORDER BY version',
    ),
    records: database.prepare('SELECT body FROM records WHERE call = ?'),
    messages: database.prepare(`
      SELECT i.owner, i.cursor, m.id, m.sender, m.recipient, m.at, m.body
      FROM record_messages r JOIN messages m ON m.n = r.n
        LEFT JOIN inbox i ON i.message = m.n AND (i.owner = m.sender AND i.cursor = m.sender_cursor
          OR i.owner = m.recipient AND i.cursor = m.recipient_cursor)
      WHERE r.id = ? AND i.owner IS NOT NULL ORDER BY i.owner, i.cursor`),
    events: database.prepare('SELECT sequence FROM events WHERE key = ? ORDER BY sequence'),
    users: database.prepare(`
      SELECT u.user, l.calls, b.head, b.acknowledged
      FROM (SELECT user FROM lines UNION SELECT owner FROM inboxes) u
        LEFT JOIN lines l ON l.user = u.user LEFT JOIN inboxes b ON b.owner = u.user
      WHERE u.user > ? ORDER BY u.user LIMIT ?`),
    inbox: database.prepare(
      'SELECT count(*) AS count, min(cursor) AS first, max(cursor) AS last FROM inbox WHERE owner = ?',
    ),
    oldest: database.prepare(`
      SELECT m.at FROM inbox i JOIN messages m ON m.n = i.message
      WHERE i.owner = ? ORDER BY i.cursor LIMIT 1`),
    stray: database.prepare(`
      SELECT call FROM records WHERE NOT EXISTS (SELECT 1 FROM calls WHERE id = records.call)
      LIMIT ?`),
    stuck: database.prepare(`
      SELECT n FROM deliveries d WHERE state = 'waiting' AND due_at IS NULL AND NOT EXISTS (
        SELECT 1 FROM deliveries e WHERE e.endpoint = d.endpoint AND e.lane = d.lane
          AND e.state = 'waiting' AND e.n < d.n) LIMIT ?`),
  };
}
