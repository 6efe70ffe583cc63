import type { CallId, UserId } from '@ringline/protocol';
import type { PastCall, PastDone, PastPortion } from '../past-calls.ts';
import { pastDone, pastOf } from '../past-calls.ts';
import type { SqliteCalls } from './calls.ts';
import type { Database } from './driver.ts';
import type { SqliteRecords } from './records.ts';

/** Of a record that has lost its call `n` and `version` are null: it holds nothing back. */
interface LoggedRow extends PastCall {
  readonly n: number | null;
  readonly version: number | null;
}

interface PastRow extends PastCall {
  readonly n: number | null;
  readonly call: CallId;
  readonly callee: UserId;
  /** Whether an event of it is kept. */
  readonly held: number;
}

/** Removes what need not be kept of calls that are over, within a transaction of who calls. */
export class SqlitePastCalls {
  readonly #calls: SqliteCalls;
  readonly #records: SqliteRecords;
  readonly #statements: ReturnType<typeof statementsOf>;

  constructor(database: Database, calls: SqliteCalls, records: SqliteRecords) {
    this.#calls = calls;
    this.#records = records;
    this.#statements = statementsOf(database);
  }

  shortenLogs(before: number, limit: number): number {
    const { logged, shorten, mark } = this.#statements;
    const past = pastOf(logged.all(limit) as LoggedRow[], before);
    for (const { n, version } of past) shorten.run(n, version);
    const last = past.at(-1);
    if (last) mark.run('logs', last.position, before);
    return past.length;
  }

  forget(before: number, portion: PastPortion): PastDone {
    const { after = 0, limit } = portion;
    const past = pastOf(this.#statements.past.all(after, limit) as PastRow[], before);
    const gone = past.filter(({ held }) => held === 0);
    for (const row of gone) this.#remove(row);
    const last = gone.at(-1);
    if (last) this.#statements.mark.run('calls', last.position, before);
    return pastDone(past, gone, portion);
  }

  #remove({ position, n, call, callee }: PastRow): void {
    const { removeLog, removeCall, removeQuality, removeRecord } = this.#statements;
    removeLog.run(n);
    removeCall.run(n);
    removeQuality.run(call);
    removeRecord.run(position);
    this.#calls.gone(call);
    this.#records.gone(callee);
  }
}

/** Up to where what is over was removed. */
export const FORGOTTEN = 'SELECT what, position, before FROM forgotten';

const RECORDS = `records r LEFT JOIN calls c ON c.id = r.call
        LEFT JOIN call_log l ON l.call = c.n AND l.version = c.version`;
const OVER_AT = 'max(r.ended_at, ifnull(l.at, 0))';

function statementsOf(database: Database) {
  return {
    logged: database.prepare(`
      SELECT r.position, ${OVER_AT} AS overAt, c.n, c.version
      FROM ${RECORDS}
      WHERE r.position > ifnull((SELECT position FROM forgotten WHERE what = 'logs'), 0)
      ORDER BY r.position LIMIT ?`),
    shorten: database.prepare('DELETE FROM call_log WHERE call = ? AND version < ?'),
    past: database.prepare(`
      SELECT r.position, ${OVER_AT} AS overAt, c.n, r.call, r.callee,
        EXISTS (SELECT 1 FROM events WHERE key = r.call) AS held
      FROM ${RECORDS}
      WHERE r.position > ? ORDER BY r.position LIMIT ?`),
    removeLog: database.prepare('DELETE FROM call_log WHERE call = ?'),
    removeCall: database.prepare('DELETE FROM calls WHERE n = ?'),
    removeQuality: database.prepare('DELETE FROM call_quality WHERE call = ?'),
    removeRecord: database.prepare('DELETE FROM records WHERE position = ?'),
    mark: database.prepare(`
      INSERT INTO forgotten (what, position, before) VALUES (?, ?, ?)
      ON CONFLICT DO UPDATE SET position = max(position, excluded.position),
        before = max(before, excluded.before)`),
  };
}
