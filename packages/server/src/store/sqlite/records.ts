import type { CallRecord } from '@ringline/protocol';
import type { RecordQuery, StoredRecord } from '../store.ts';
import type { Database } from './driver.ts';

const EVER = Number.MAX_SAFE_INTEGER;

/** Call records in the order in which they were written; never changed, one per call. */
export class SqliteRecords {
  readonly #statements: ReturnType<typeof statementsOf>;

  constructor(database: Database) {
    this.#statements = statementsOf(database);
  }

  find(query: RecordQuery): readonly StoredRecord[] {
    const { user, peer, from = 0, to = EVER, before = EVER, limit } = query;
    const rows = this.#statements.find.all(user, peer ?? null, from, to, before, limit) as {
      position: number;
      body: string;
    }[];
    return rows.map(({ position, body }) => ({ position, record: JSON.parse(body) as CallRecord }));
  }

  write(record: CallRecord): void {
    const { call, caller, callee, endedAt } = record;
    this.#statements.insert.run(call, caller, callee, endedAt, JSON.stringify(record));
  }
}

/** The newest records in which the user has this part, by one index from its end. */
function foundAs(user: 'caller' | 'callee', peer: 'caller' | 'callee'): string {
  return `SELECT * FROM (
    SELECT position, body FROM records
    WHERE ${user} = ?1 AND (?2 IS NULL OR ${peer} = ?2)
      AND ended_at >= ?3 AND ended_at < ?4 AND position < ?5
    ORDER BY position DESC LIMIT ?6)`;
}

function statementsOf(database: Database) {
  return {
    insert: database.prepare(
      'INSERT INTO records (call, caller, callee, ended_at, body) VALUES (?, ?, ?, ?, ?)',
    ),
    find: database.prepare(`
      ${foundAs('caller', 'callee')} UNION ALL ${foundAs('callee', 'caller')}
      ORDER BY position DESC LIMIT ?6`),
  };
}
