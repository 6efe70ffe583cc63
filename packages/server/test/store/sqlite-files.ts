import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach } from 'vitest';
import type { Database, OpenDatabase, Statement } from '../../src/store/sqlite/driver.ts';
import { openNodeSqlite } from '../../src/store/sqlite/node-sqlite.ts';
import { openSqliteStore } from '../../src/store/sqlite/store.ts';
import type { SqliteStore } from '../../src/store/sqlite/store.ts';

const cleanUps: (() => void | Promise<void>)[] = [];

afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).toReversed()) await cleanUp();
});

/** A path in a new directory that goes away after the test. */
export function newFile(): string {
  const directory = mkdtempSync(join(tmpdir(), 'ringline-store-'));
  cleanUps.push(() => rmSync(directory, { recursive: true, force: true }));
  return join(directory, 'data', 'ringline.db');
}

/** A store that is closed after the test, unless the test closes it. */
export function openStore(file = newFile(), open?: OpenDatabase): SqliteStore {
  const store = openSqliteStore(file, open);
  cleanUps.push(() => store.close().catch(() => undefined));
  return store;
}

/** A driver that counts commits and statements, and can be made to fail. */
export class WatchedSqlite {
  commits = 0;
  statements = 0;
  /** What the next COMMITs throw. */
  commitError: Error | undefined;
  #database: Database | undefined;

  readonly open: OpenDatabase = (file, lockWaitMs) => {
    const database = openNodeSqlite(file, lockWaitMs);
    this.#database = database;
    return {
      get isTransaction() {
        return database.isTransaction;
      },
      prepare: (sql) => this.#counted(database.prepare(sql)),
      exec: (sql) => this.#exec(database, sql),
      close: () => database.close(),
    };
  };

  /** Allows the file so many pages more; with 0 the disk is full. */
  allowPages(more: number): void {
    if (this.#database === undefined) throw new Error('no database is open');
    const { page_count: count } = this.#database.prepare('PRAGMA page_count').get() as {
      page_count: number;
    };
    this.#database.exec(`PRAGMA max_page_count = ${count + more}`);
  }

  #counted(statement: Statement): Statement {
    const count = () => (this.statements += 1);
    return {
      get: (...values) => (count(), statement.get(...values)),
      all: (...values) => (count(), statement.all(...values)),
      run: (...values) => (count(), statement.run(...values)),
    };
  }

  #exec(database: Database, sql: string): void {
    if (sql === 'COMMIT') {
      if (this.commitError !== undefined) throw this.commitError;
      this.commits += 1;
    }
    database.exec(sql);
  }
}

/** What SQLite throws when the disk is full. */
export function diskFull(): Error {
  return Object.assign(new Error('database or disk is full'), {
    code: 'ERR_SQLITE_ERROR',
    errcode: 13,
  });
}
