import { readFileSync } from 'node:fs';
import { StoreFault } from '../store.ts';
import { Client } from './driver.ts';
import type { Session } from './driver.ts';

/** The files of each migration; applied in order, each once: the table `schema_version` counts them. */
const MIGRATIONS: readonly (readonly string[])[] = [
  ['migrations/0001-foundation.sql', 'migrations/0001-locks.sql', 'migrations/commit-steps-v1.sql'],
  ['migrations/0002-forgotten.sql'],
  ['migrations/0003-lost-devices.sql'],
];

/** The newest shape of the database. */
export const SCHEMA_VERSION = MIGRATIONS.length;

const LOCK = {
  name: 'migration_lock',
  // One for each schema: two nodes that start at once bring it up one after the other.
  text: `select pg_advisory_xact_lock(hashtextextended('ringline ' || current_schema(), 0))`,
};
const VERSION = {
  name: 'schema_version',
  text: 'select coalesce(max(version), 0) as version from schema_version',
};

/**
 * Brings the database to the newest shape, or to one before it, whoever else does so at once, and says how many
 * migrations that took; throws StoreFault when a newer program has been here.
 */
export async function migrate(url: string, to = SCHEMA_VERSION): Promise<number> {
  const client = await Client.connect({ url, statementTimeoutMs: 0 });
  try {
    await client.exec('begin');
    const done = await bringUp(client, to);
    await client.exec('commit');
    return done;
  } finally {
    // What was begun is undone with the connection.
    await client.close();
  }
}

async function bringUp(session: Session, to: number): Promise<number> {
  await session.rows(LOCK);
  await session.exec('create table if not exists schema_version (version integer primary key)');
  const [row] = await session.rows<{ version: number }>(VERSION);
  const version = row?.version ?? 0;
  if (version > SCHEMA_VERSION) {
    const advice = 'start the newer program again, or give this one another DATABASE_URL';
    throw new StoreFault(`the database was written by a newer Ringline: ${advice}`, undefined);
  }
  for (let next = version; next < to; next++) {
    for (const file of MIGRATIONS[next] ?? []) await session.exec(textOf(file));
    await session.exec(`insert into schema_version values (${next + 1})`);
  }
  return Math.max(0, to - version);
}

/** An SQL file beside this one. */
export function textOf(file: string): string {
  return readFileSync(new URL(file, import.meta.url), 'utf8');
}
