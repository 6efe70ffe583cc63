import { PostgresServer, findPostgres } from '@ringline/testkit/postgres';
import { afterAll, expect, test } from 'vitest';
import { postgresBus } from '../../src/cluster/postgres-bus.ts';
import { Client } from '../../src/store/postgres/driver.ts';
import { afterwards, newDatabase } from '../store/postgres/databases.ts';
import { HANGING, PATIENCE, ownServer, set } from '../store/postgres/own-server.ts';
import { realParts, started } from './closing.ts';
import { busContract } from './contract.ts';
import { EACH } from './deliveries.ts';
import { outageContract } from './outages.ts';
import { twoNodes } from './two-nodes.ts';

const servers: PostgresServer[] = [];

afterAll(async () => {
  for (const server of servers) await server.remove();
});

async function nodeOf(url: string, parts = realParts()) {
  return { bus: await started(postgresBus(url, parts)), parts };
}

async function buses(url: string) {
  const [a, b] = [await nodeOf(url), await nodeOf(url)];
  return twoNodes(a.bus, b.bus);
}

busContract(async () => buses(await newDatabase()));

outageContract(async () => {
  const server = await PostgresServer.start({ programs: findPostgres() ?? '' });
  servers.push(server);
  return {
    node: (parts) => nodeOf(server.url, parts),
    kill: () => server.stop('immediate'),
    resume: () => server.resume(),
  };
});

test('[BUS14] two Ringlines in schemas of their own share a database and hear nothing of each other', async () => {
  const one = await buses(await newDatabase());
  const other = await buses(await newDatabase());
  const heard: string[] = [];
  one.b.subscribe('bob', () => heard.push('one'));
  other.b.subscribe('bob', () => heard.push('other'));
  one.a.publish(EACH.missed);
  await one.settled();
  await other.settled();
  expect(heard).toEqual(['one']);
});

test('[BUS20] a PostgreSQL that was made read-only is left, and not connected to again before it takes writing', async () => {
  const { server, operator } = await ownServer();
  const { bus, parts } = await nodeOf(server.url);
  expect(bus.isConnected).toBe(true);
  await set(operator, 'default_transaction_read_only', 'on');
  bus.publish(EACH.missed);
  await parts.metrics.until(false);
  const late = await nodeOf(server.url);
  expect(late.bus.isConnected).toBe(false);
  const [said] = late.parts.log.lines;
  expect(said).toMatchObject({ level: 'error' });
  expect(String(Object.values(said?.fields ?? {}))).toMatch(/leads to the server that does/);
  await operator.exec('set default_transaction_read_only = off');
  await operator.exec('alter system reset default_transaction_read_only');
  await operator.exec('select pg_reload_conf()');
  await Promise.all([parts, late.parts].map(({ metrics }) => metrics.until(true)));
});

test('[BUS20] a synchronous standby that is away is not waited for', async () => {
  const { server, operator } = await ownServer();
  await operator.exec('create table written (n integer)');
  const { a, b, settled } = await buses(server.url);
  const heard: string[] = [];
  b.subscribe('bob', () => heard.push('bob'));
  await set(operator, 'synchronous_standby_names', 'nobody');
  const other = await Client.connect({ url: server.url, statementTimeoutMs: 0 });
  afterwards(() => other.close());
  const writing = async () => {
    for (;;) await other.exec('insert into written values (1)');
  };
  void writing().catch(() => undefined);
  await expect.poll(() => operator.rows(HANGING), PATIENCE).toEqual([{ n: 1 }]);
  a.publish(EACH.missed);
  await settled();
  expect(heard).toEqual(['bob']);
  expect(await operator.rows(HANGING)).toEqual([{ n: 1 }]);
});
