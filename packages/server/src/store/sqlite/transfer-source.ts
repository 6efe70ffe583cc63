import { existsSync } from 'node:fs';
import type { Call, Invitation } from '@ringline/call';
import { StoreFault } from '../store.ts';
import type { TransferSource } from '../transfer.ts';
import type { ColumnKind, TransferRow, TransferTable } from '../transfer-tables.ts';
import type { Database, Value } from './driver.ts';
import { named } from './driver.ts';
import { openSqliteFile } from './open-file.ts';

/** A row as SQLite has it. */
type Row = Readonly<Record<string, Value>>;

/** What a column of PostgreSQL holds that SQLite has within a body. */
const DERIVED: Readonly<Record<string, Readonly<Record<string, (row: Row) => Value>>>> = {
  calls: {
    caller: ({ after }) => (JSON.parse(String(after)) as Call).caller.user,
    callee: ({ after }) => (JSON.parse(String(after)) as Call).callee.user,
  },
  invitations: { version: ({ body }) => (JSON.parse(String(body)) as Invitation).version },
};

/** Tables whose rows carry more for what is derived. */
const FROM: Readonly<Record<string, string>> = {
  calls: `(SELECT c.*, l.after FROM calls c
    JOIN call_log l ON l.call = c.n AND l.version = c.version)`,
};

/** Opens the store in a file for reading everything; throws StoreFault when there is none, or a server has it. */
export function openTransferSource(file: string): SqliteTransferSource {
  if (!existsSync(file)) {
    const advice = 'set DATA_DIR to where the server kept everything';
    throw new StoreFault(`there is no ${file}: ${advice}`, undefined);
  }
  return openSqliteFile(file, (database) => new SqliteTransferSource(database));
}

/** Everything in one SQLite file, brought to its newest shape. */
export class SqliteTransferSource implements TransferSource {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  count({ name }: TransferTable): number {
    return this.#number(`SELECT count(*) AS number FROM ${name}`);
  }

  counted({ name, counts }: TransferTable): number {
    if (counts === undefined) return 0;
    // Some tables remember numbers of rows that are gone, and of records it is written up to where they are.
    const gone = name === 'records' ? `(SELECT position FROM forgotten WHERE what = 'calls')` : '0';
    return this.#number(`SELECT max(
      ifnull((SELECT max(${counts}) FROM ${name}), 0), ifnull(${gone}, 0),
      ifnull((SELECT seq FROM sqlite_sequence WHERE name = '${name}'), 0)) AS number`);
  }

  rows(table: TransferTable, after: TransferRow | undefined, limit: number) {
    const { name, order } = table;
    const place = order.join(', ');
    const beyond = after ? `WHERE (${place}) > (${order.map(() => '?').join(', ')})` : '';
    const sql = `SELECT * FROM ${FROM[name] ?? name} ${beyond} ORDER BY ${place} LIMIT ?`;
    const values = after ? order.map((column) => after[column] as Value) : [];
    const rows = this.#answer(() => this.#database.prepare(sql).all(...values, limit)) as Row[];
    return rows.map((row) => rowOf(table, row));
  }

  close(): void {
    this.#database.close();
  }

  #number(sql: string): number {
    const row = this.#answer(() => this.#database.prepare(sql).get()) as { number: number };
    return row.number;
  }

  #answer<T>(work: () => T): T {
    try {
      return work();
    } catch (error) {
      throw named(error);
    }
  }
}

function rowOf({ name, columns }: TransferTable, row: Row): TransferRow {
  const derived = DERIVED[name] ?? {};
  return Object.fromEntries(
    Object.entries(columns).map(([column, kind]) => {
      const value = derived[column] ? derived[column](row) : (row[column] ?? null);
      return [column, valueOf(kind, value)];
    }),
  );
}

function valueOf(kind: ColumnKind, value: Value): TransferRow[string] {
  if (kind === 'flag') return value === 1;
  if (kind === 'keys') return JSON.parse(String(value)) as string[];
  return value;
}
