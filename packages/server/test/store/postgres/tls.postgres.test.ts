import { PostgresServer, findPostgres } from '@ringline/testkit/postgres';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { postgresBus } from '../../../src/cluster/postgres-bus.ts';
import { openPostgresStore } from '../../../src/store/postgres/store.ts';
import { realParts, started } from '../../cluster/closing.ts';
import { EACH } from '../../cluster/deliveries.ts';
import { twoNodes } from '../../cluster/two-nodes.ts';
import { commit, lineOf } from '../builders.ts';
import { connect } from './databases.ts';

let server: PostgresServer;

beforeAll(async () => {
  const programs = findPostgres();
  if (programs === undefined) throw new Error('no PostgreSQL');
  server = await PostgresServer.start({ programs, isTls: true });
});

afterAll(() => server.remove());

const withTls = () =>
  `${server.url}?sslmode=verify-full&sslrootcert=${encodeURIComponent(server.certificate)}`;

test('with sslmode=verify-full everything goes over TLS', async () => {
  const store = await openPostgresStore(withTls());
  await commit(store, { lines: [lineOf('alice', 1)] });
  await store.close();
  const client = await connect(withTls());
  const sessions = {
    name: 'tls',
    text: 'select ssl from pg_stat_ssl where pid = pg_backend_pid()',
  };
  expect(await client.rows(sessions)).toEqual([{ ssl: true }]);
});

test('nodes hear each other over TLS', async () => {
  const nodeOf = () => started(postgresBus(withTls(), realParts()));
  const { a, b, settled } = await twoNodes(await nodeOf(), await nodeOf());
  const heard: string[] = [];
  b.subscribe('bob', ({ kind }) => heard.push(kind));
  await settled();
  a.publish(EACH.missed);
  await settled();
  expect(heard).toEqual([EACH.missed.kind]);
});

test('[SHR5] a server that nobody vouches for is not spoken to', async () => {
  const opening = openPostgresStore(`${server.url}?sslmode=verify-full`);
  await expect(opening).rejects.toThrow(/self-signed certificate.*sslrootcert/);
});

test('[SHR5] nor is one of another name', async () => {
  const opening = openPostgresStore(withTls().replace('127.0.0.1', 'localhost'));
  await expect(opening).rejects.toThrow(
    /does not match certificate.*by a name that its certificate has/,
  );
});

test('[SHR5] where the server takes TLS alone, the refusal says that there was none', async () => {
  await expect(openPostgresStore(server.url)).rejects.toThrow(
    /no encryption .*sslmode, in DATABASE_URL/,
  );
});
