import { PostgresServer, findPostgres } from '@ringline/testkit/postgres';
import { afterAll, expect, test } from 'vitest';
import { postgresBus } from '../../src/cluster/postgres-bus.ts';
import { newDatabase } from '../store/postgres/databases.ts';
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
