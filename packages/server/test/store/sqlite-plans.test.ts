import { describe, expect, test } from 'vitest';
import { SqliteDevices } from '../../src/store/sqlite/devices.ts';
import type { Database, Statement } from '../../src/store/sqlite/driver.ts';
import { openNodeSqlite } from '../../src/store/sqlite/node-sqlite.ts';
import { SqliteCalls } from '../../src/store/sqlite/calls.ts';
import { SqliteOutbox } from '../../src/store/sqlite/outbox.ts';
import { SqlitePastCalls } from '../../src/store/sqlite/past-calls.ts';
import { SqlitePastDevices } from '../../src/store/sqlite/past-devices.ts';
import { SqliteRecords } from '../../src/store/sqlite/records.ts';
import { MIGRATIONS } from '../../src/store/sqlite/schema.ts';

/** What grows with every call, user and device: what reads all of it takes longer every day. */
const OF_CALLS = ['events', 'deliveries', 'calls', 'call_log', 'call_quality', 'records'];
const LARGE = [...OF_CALLS, 'devices', 'lines', 'logins'];
/** Read once, when a process starts, and only what is due. */
const AT_START = 'UPDATE deliveries SET due_at = ?, claimed = 0';

/** A database whose statements are noted as they are prepared. */
class NotedSqlite {
  readonly prepared: string[] = [];
  readonly #database = openNodeSqlite(':memory:', 0);

  constructor(prepare: (database: Database) => unknown) {
    const database = this.#database;
    for (const migration of MIGRATIONS) database.exec(migration);
    prepare({
      isTransaction: false,
      prepare: (sql) => this.#prepare(sql),
      exec: (sql) => database.exec(sql),
      close: () => database.close(),
    });
  }

  /** How SQLite goes about a statement, a line for each table (https://sqlite.org/eqp.html). */
  planOf(sql: string): readonly string[] {
    const rows = this.#database.prepare(`EXPLAIN QUERY PLAN ${sql}`).all();
    return (rows as { detail: string }[]).map(({ detail }) => detail);
  }

  #prepare(sql: string): Statement {
    this.prepared.push(sql.replaceAll(/\s+/g, ' ').trim());
    return this.#database.prepare(sql);
  }
}

const noted = new NotedSqlite((database) => new SqliteOutbox(database));

describe('[WHK12] no statement of the outbox reads all that is in it', () => {
  test.each(noted.prepared.filter((sql) => !sql.startsWith(AT_START)))('%s', (sql) => {
    expect(faultsOf(sql, noted.planOf(sql))).toEqual([]);
  });

  test('what a start makes due again is sought among what is due', () => {
    const sql = noted.prepared.find((each) => each.startsWith(AT_START)) ?? '';
    expect(noted.planOf(sql)).toEqual(['SCAN deliveries USING INDEX deliveries_due']);
  });
});

test('[SHR8] who moved since is found by an index, in order', () => {
  const devices = new NotedSqlite((database) => new SqliteDevices(database));
  const read = devices.prepared.filter(
    (each) => each.includes('max(move)') || each.includes('(move,'),
  );
  expect(read).toHaveLength(4);
  for (const sql of read) {
    const plan = devices.planOf(sql);
    expect(plan.filter((line) => /^SCAN users|TEMP B-TREE/.test(line))).toEqual([]);
    expect(plan.join()).toContain('users_by_move');
  }
});

describe('[RET3] no statement that removes old calls reads all that are kept', () => {
  const past = new NotedSqlite((database) => {
    const [calls, records] = [new SqliteCalls(database), new SqliteRecords(database)];
    return new SqlitePastCalls(database, calls, records);
  });
  const prepared = past.prepared.filter((sql) => !sql.includes('FROM calls WHERE open'));
  test.each(prepared)('%s', (sql) => {
    expect(faultsOf(sql, past.planOf(sql))).toEqual([]);
  });
});

describe('[RET8] no statement that removes old devices reads all that are kept', () => {
  const past = new NotedSqlite(
    (database) => new SqlitePastDevices(database, new SqliteDevices(database)),
  );
  const prepared = past.prepared.filter(
    (sql) => sql.includes('lost_at') || sql.includes('DELETE FROM devices'),
  );
  test.each(prepared)('%s', (sql) => {
    const plan = past.planOf(sql);
    expect(faultsOf(sql, plan)).toEqual([]);
    expect(plan[0]).toContain(
      sql.includes('lost_at') ? 'devices_lost (lost_at>' : '(user=? AND device=?)',
    );
  });
});

/** Lines of a plan that read all of a large table, or sort what could be found in order. */
function faultsOf(sql: string, plan: readonly string[]): readonly string[] {
  // `FROM deliveries d`: a plan names a table by its alias.
  const names = LARGE.flatMap((table) => [table, ...aliasesOf(table, sql)]);
  const scanned = plan.filter((line) => names.some((name) => isScan(line, name)));
  // A page is as dear as what is on it.
  return [...scanned, ...plan.filter((line) => line.includes('TEMP B-TREE'))];
}

function aliasesOf(table: string, sql: string): readonly string[] {
  const named = sql.matchAll(new RegExp(`\\b${table} (?:AS )?(\\w+)`, 'g'));
  return [...named].map(([, alias = '']) => alias);
}

function isScan(line: string, name: string): boolean {
  return line === `SCAN ${name}` || line.startsWith(`SCAN ${name} `);
}
