import { describe, expect, test } from 'vitest';
import { SCHEMA_VERSION, migrate } from '../../../src/store/postgres/schema.ts';
import { StoreFault } from '../../../src/store/store.ts';
import { connect, newDatabase } from './databases.ts';

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
});
