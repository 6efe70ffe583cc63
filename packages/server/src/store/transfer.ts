import { setImmediate } from 'node:timers/promises';
import { StoreFault } from './store.ts';
import { TRANSFER_TABLES } from './transfer-tables.ts';
import type { TransferRow, TransferTable } from './transfer-tables.ts';

/** Rows read and written in one go: bounds the memory, whatever the size of the store. */
export const TRANSFER_PORTION = 500;

/** A store out of which everything is read, and which nobody writes meanwhile. */
export interface TransferSource {
  count(table: TransferTable): number;
  /** Rows in order, those after a row. */
  rows(table: TransferTable, after: TransferRow | undefined, limit: number): readonly TransferRow[];
  /** The last number that rows of this table were ever given; 0 for none. */
  counted(table: TransferTable): number;
  close(): void;
}

/** An empty store into which everything is written: all of it or, when `finish` is not reached, nothing. */
export interface TransferTarget {
  write(table: TransferTable, rows: readonly TransferRow[]): Promise<void>;
  count(table: TransferTable): Promise<number>;
  /** New rows are numbered from there. */
  countFrom(table: TransferTable, last: number): Promise<void>;
  /** Makes all of it durable at once. */
  finish(): Promise<void>;
  /** What was not finished is undone. */
  close(): Promise<void>;
}

/** How far it is: rows of a table that are written. */
export interface TransferProgress {
  readonly table: string;
  readonly done: number;
  readonly of: number;
}

/** Copies everything; how many rows in all. Throws StoreFault when something is missing in the end. */
export async function transfer(
  source: TransferSource,
  target: TransferTarget,
  tell: (progress: TransferProgress) => void,
): Promise<number> {
  let all = 0;
  for (const table of TRANSFER_TABLES) all += await transferTable(table, source, target, tell);
  await target.finish();
  return all;
}

async function transferTable(
  table: TransferTable,
  source: TransferSource,
  target: TransferTarget,
  tell: (progress: TransferProgress) => void,
): Promise<number> {
  const of = source.count(table);
  let done = 0;
  let last: TransferRow | undefined;
  for (;;) {
    const rows = source.rows(table, last, TRANSFER_PORTION);
    if (rows.length > 0) await target.write(table, rows);
    done += rows.length;
    last = rows.at(-1);
    tell({ table: table.name, done, of });
    if (rows.length < TRANSFER_PORTION) break;
    // A signal to stop is heard in between.
    await setImmediate();
  }
  await target.countFrom(table, source.counted(table));
  const there = await target.count(table);
  if (done !== of || there !== of) {
    const counts = `of ${of} rows of ${table.name} ${done} were read and ${there} written`;
    throw new StoreFault(`${counts}: nothing was transferred`, undefined);
  }
  return of;
}
