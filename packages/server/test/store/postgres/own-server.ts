import { PostgresServer, findPostgres } from '@ringline/testkit/postgres';
import { expect } from 'vitest';
import type { Client } from '../../../src/store/postgres/driver.ts';
import { afterwards, connect } from './databases.ts';

/** Longer than any machine takes that is not stuck. */
export const PATIENCE = { timeout: 120_000 };

/** A server of the test's own, and a session whose settings those of the server do not change. */
export async function ownServer(): Promise<{ server: PostgresServer; operator: Client }> {
  const server = await PostgresServer.start({ programs: findPostgres() ?? '', isDurable: true });
  afterwards(() => server.remove());
  const operator = await connect(server.url);
  return { server, operator };
}

/** Changes a setting of the server; resolves when its sessions have it, at the latest with their next statement. */
export async function set(operator: Client, setting: string, value: string): Promise<void> {
  await operator.exec(`alter system set ${setting} = '${value}'`);
  await operator.exec('select pg_reload_conf()');
  const shown = { name: `show ${setting}`, text: `show ${setting}` };
  await expect.poll(() => operator.rows(shown), PATIENCE).toEqual([{ [setting]: value }]);
}

/** How many sessions wait with their commit for a standby. */
export const HANGING = {
  name: 'hanging',
  text: `select count(*) as n from pg_stat_activity where wait_event = 'SyncRep'`,
};

/** What a promise is refused with. */
export function faultOf(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    () => undefined,
    (error: unknown) => error,
  );
}
