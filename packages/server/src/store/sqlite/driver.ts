import { AssertionError } from 'node:assert/strict';
import { StoreFault } from '../store.ts';

/** What is bound to a statement and what its columns hold. */
export type Value = string | number | null;

/** A prepared statement; a row is an object by column name. */
export interface Statement {
  get(...values: Value[]): unknown;
  all(...values: Value[]): unknown[];
  run(...values: Value[]): {
    readonly changes: number | bigint;
    readonly lastInsertRowid: number | bigint;
  };
}

/** One connection to one SQLite file: what `node:sqlite` and better-sqlite3 have in common. */
export interface Database {
  /** Whether a transaction is open: SQLite rolls back by itself after some errors. */
  readonly isTransaction: boolean;
  prepare(sql: string): Statement;
  exec(sql: string): void;
  close(): void;
}

/** Opens or creates a file, waiting so many milliseconds for another's lock. */
export type OpenDatabase = (file: string, lockWaitMs: number) => Database;

/** Primary result codes of SQLite (https://sqlite.org/rescode.html). */
const SQLITE_BUSY = 5;
const SQLITE_CONSTRAINT = 19;

/** Runs the work in a transaction: all of it is durable when this returns, none of it when this throws. */
export function inTransaction<T>(database: Database, work: () => T): T {
  database.exec('BEGIN IMMEDIATE');
  try {
    const result = work();
    database.exec('COMMIT');
    return result;
  } catch (error) {
    if (database.isTransaction) database.exec('ROLLBACK');
    throw error;
  }
}

/** Whether another process holds the file. */
export function isBusy(error: unknown): boolean {
  return primaryCodeOf(error) === SQLITE_BUSY;
}

/** Whether the step itself is at fault and not the world. */
export function isDefect(error: unknown): boolean {
  const code = primaryCodeOf(error);
  return code === SQLITE_CONSTRAINT || (code === undefined && !isClosed(error));
}

/** The error as the port names it: a StoreFault for the world's, an AssertionError for our own. */
export function named(error: unknown): Error {
  const message = error instanceof Error ? error.message : String(error);
  if (!isDefect(error)) return new StoreFault(`SQLite: ${message}`, error);
  if (primaryCodeOf(error) === undefined && error instanceof Error) return error;
  return new AssertionError({ message: `a step that must not be: ${message}` });
}

// A closed database answers with Node's code and none of SQLite's.
function isClosed(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ERR_INVALID_STATE';
}

function primaryCodeOf(error: unknown): number | undefined {
  if (!(error instanceof Error) || !('errcode' in error)) return undefined;
  return typeof error.errcode === 'number' ? error.errcode & 0xff : undefined;
}
