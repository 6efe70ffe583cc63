import { describe, expect, test } from 'vitest';
import { SCHEMA_VERSION, migrate } from '../../../src/store/postgres/schema.ts';
import { StoreFault } from '../../../src/store/store.ts';
import { T0 } from '../builders.ts';
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
    ['before it, as docs/postgresql.md says', MAKE_INDEX],
  ])('[RET5] devices of a database from before get their index: %s', async (_when, before) => {
    const { url, client } = await fromBefore();
    if (before !== '') await client.exec(before);
    const made = await client.rows(VALID_INDEXES);
    await migrate(url);
    const indexes = await client.rows(VALID_INDEXES);
    expect(indexes).toHaveLength(2);
    expect(indexes).toEqual(expect.arrayContaining([...made]));
    const store = await openStore(url);
    const forgotten = await store.forgetDevices(T0 + 1, { from: 0, limit: 9 });
    expect(forgotten).toEqual({ count: 2, nextFrom: null });
  });

  test('[RET5] an index that was given up halfway is made anew', async () => {
    const { url, client } = await fromBefore();
    const broken = MAKE_INDEX.replace('create index', 'create unique index');
    await expect(client.exec(broken)).rejects.toThrow('could not create unique index');
    expect(await client.rows(VALID_INDEXES)).toHaveLength(1);
    await migrate(url);
    expect(await client.rows(VALID_INDEXES)).toHaveLength(2);
  });
});

/** As docs/postgresql.md has it. */
const MAKE_INDEX = `create index concurrently if not exists devices_lost
  on devices ((substring(rest from '"lostAt":([0-9]+)')::bigint))
  where substring(rest from '"lostAt":([0-9]+)')::bigint is not null`;

/** Those by which devices are found. */
const VALID_INDEXES = {
  name: 'indexes',
  text: `select indexrelid::bigint as id from pg_index where indrelid = 'devices'::regclass and indisvalid`,
};

/** A database of the shape before that index, with devices two of which were lost at the same moment. */
async function fromBefore() {
  const url = await newDatabase();
  await migrate(url, 2);
  const client = await connect(url);
  await client.exec(`insert into devices
      (user_id, device, version, last_seq, acknowledged, results, rest)
    values ('alice', 'alice1', 2, 0, 0, '', '{"binding":null,"lostAt":${T0}}'),
      ('bob', 'bob1', 2, 0, 0, '', '{"binding":null,"lostAt":${T0}}'),
      ('carol', 'carol1', 1, 0, 0, '', '{"binding":null,"lostAt":null}')`);
  return { url, client };
}
