import { describe, expect, test } from 'vitest';
import { SCHEMA_VERSION, migrate } from '../../../src/store/postgres/schema.ts';
import { StoreFault } from '../../../src/store/store.ts';
import { T0, alice1, bob1, bound, commit, lost } from '../builders.ts';
import { connect, newDatabase, openStore } from './databases.ts';

describe('migrations', () => {
  test('an empty database is brought to the newest shape, once', async () => {
    const url = await newDatabase();
    expect(await migrate(url)).toBe(SCHEMA_VERSION);
    expect(await migrate(url)).toBe(0);
  });

  test('[SHR6] of many that start at once each migration is done by one', async () => {
    const url = await newDatabase();
    const done = await Promise.all(Array.from({ length: 6 }, () => migrate(url)));
    expect(done.toSorted((a, b) => a - b)).toEqual([0, 0, 0, 0, 0, SCHEMA_VERSION]);
  });

  test('[SHR6] a database of a newer program is refused, saying what to do, and left as it is', async () => {
    const url = await newDatabase();
    await migrate(url);
    const client = await connect(url);
    await client.exec(`insert into schema_version values (${SCHEMA_VERSION + 1})`);
    await expect(migrate(url)).rejects.toThrow(StoreFault);
    await expect(migrate(url)).rejects.toThrow(/newer Ringline.*DATABASE_URL/);
  });

  test.each([
    ['with the upgrade', ''],
    [
      'before it, as docs/postgresql.md says',
      `create index concurrently if not exists devices_lost
        on devices ((substring(rest from '"lostAt":([0-9]+)')::bigint))
        where substring(rest from '"lostAt":([0-9]+)')::bigint is not null`,
    ],
  ])('[RET5] devices of a database from before get their index: %s', async (_when, before) => {
    const url = await newDatabase();
    const store = await openStore(url);
    await commit(store, { devices: [bound(alice1), bound(bob1)] });
    await commit(store, { devices: [lost(bound(alice1), T0)] });
    const client = await connect(url);
    await client.exec('drop index devices_lost; delete from schema_version where version = 3');
    if (before !== '') await client.exec(before);
    expect(await migrate(url)).toBe(1);
    const indexes = {
      name: 'indexes',
      text: `select from pg_indexes where schemaname = current_schema() and tablename = 'devices'`,
    };
    expect(await client.rows(indexes)).toHaveLength(2);
    const forgotten = await store.forgetDevices(T0 + 1, { from: 0, limit: 9 });
    expect(forgotten).toEqual({ count: 1, nextFrom: null });
  });
});
