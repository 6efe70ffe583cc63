import { randomBytes } from 'node:crypto';
import { onTestFinished } from 'vitest';
import { Client } from '../../../src/store/postgres/driver.ts';
import { openPostgresStore } from '../../../src/store/postgres/store.ts';
import type { PostgresStore } from '../../../src/store/postgres/store.ts';

const cleanUps: (() => void | Promise<void>)[] = [];

/** Done after the test that runs, the last first. */
export function afterwards(cleanUp: () => void | Promise<void>): void {
  // Hooks of a module are those of one file only, and several share this module.
  if (cleanUps.length === 0) onTestFinished(cleanUpAll);
  cleanUps.push(cleanUp);
}

async function cleanUpAll(): Promise<void> {
  for (const cleanUp of cleanUps.splice(0).toReversed()) await cleanUp();
}

/** The server that the tests of this run share. */
export function serverUrl(): string {
  const url = process.env['TEST_DATABASE_URL'];
  if (!url) throw new Error('no PostgreSQL: run this with `npx vitest run --project postgres`');
  return url;
}

/** A client that is closed after the test. */
export async function connect(url: string): Promise<Client> {
  const client = await Client.connect({ url });
  afterwards(() => client.close());
  return client;
}

/** The URL of an empty schema of its own, which goes away after the test. */
export async function newDatabase(server = serverUrl()): Promise<string> {
  const name = `test_${randomBytes(8).toString('hex')}`;
  const client = await connect(server);
  await client.exec(`create schema ${name}`);
  afterwards(() => client.exec(`drop schema ${name} cascade`).catch(() => undefined));
  return `${server}?options=-csearch_path%3D${name}`;
}

/** A store in an empty schema of its own, closed after the test unless the test closes it. */
export async function openStore(url?: string): Promise<PostgresStore> {
  const store = await openPostgresStore(url ?? (await newDatabase()));
  afterwards(() => store.close().catch(() => undefined));
  return store;
}

/** Waits until a statement waits for what this client holds. */
export async function untilSomebodyWaits(holder: Client, watcher: Client): Promise<void> {
  const [own] = await holder.rows<{ pid: number }>({
    name: 'pid',
    text: 'select pg_backend_pid() as pid',
  });
  const waiting = {
    name: 'waiting',
    text: 'select from pg_stat_activity where $1 = any (pg_blocking_pids(pid))',
  };
  while ((await watcher.rows(waiting, [own?.pid ?? 0])).length === 0);
}
