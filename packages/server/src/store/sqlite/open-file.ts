import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { StoreFault } from '../store.ts';
import { isBusy } from './driver.ts';
import type { Database, OpenDatabase } from './driver.ts';
import { openNodeSqlite } from './node-sqlite.ts';
import { prepareFile } from './schema.ts';

/** A process that goes away needs this long to let go of its file. */
const LOCK_WAIT_MS = 2_000;

/**
 * Takes a file for this process alone, brings it to the newest shape, and makes of it what is wanted;
 * throws StoreFault when it cannot.
 */
export function openSqliteFile<Made>(
  file: string,
  make: (database: Database) => Made,
  open: OpenDatabase = openNodeSqlite,
): Made {
  let database: Database | undefined;
  try {
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
    database = open(file, LOCK_WAIT_MS);
    prepareFile(database, file);
    return make(database);
  } catch (error) {
    database?.close();
    throw openingFault(file, error);
  }
}

function openingFault(file: string, error: unknown): StoreFault {
  if (error instanceof StoreFault) return error;
  if (isBusy(error)) {
    const advice = 'stop that process, or give this one another DATA_DIR';
    return new StoreFault(`${file} is in use by another process: ${advice}`, error);
  }
  const message = error instanceof Error ? error.message : String(error);
  return new StoreFault(`${file} cannot be opened: ${message}`, error);
}
