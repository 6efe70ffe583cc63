import { DatabaseSync } from 'node:sqlite';
import type { OpenDatabase } from './driver.ts';

/** SQLite as it comes with Node. */
export const openNodeSqlite: OpenDatabase = (file, lockWaitMs) =>
  new DatabaseSync(file, { timeout: lockWaitMs });
