import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openStore } from '../../../src/compose.ts';
import { StoreFault } from '../../../src/store/store.ts';
import { commit, lineOf } from '../builders.ts';
import { connect, newDatabase } from './databases.ts';

test('DATABASE_URL takes the place of the file in DATA_DIR, which is not made', async () => {
  const databaseUrl = await newDatabase();
  const dataDir = join(tmpdir(), 'ringline-no-such-folder');
  for (const version of [1, 2]) {
    const store = await openStore({ dataDir, databaseUrl });
    await commit(store, { lines: [lineOf('alice', version)] });
    await store.close();
  }
  expect(existsSync(dataDir)).toBe(false);
  const client = await connect(databaseUrl);
  const lines = { name: 'lines', text: 'select version from lines' };
  expect(await client.rows(lines)).toEqual([{ version: 2 }]);
});

test('a database that is not there is a fault that says so, without the password', async () => {
  const databaseUrl = (await newDatabase())
    .replace('postgres@', 'postgres:secret@')
    .replace(/\/postgres\?/, '/nowhere?');
  const opening = openStore({ dataDir: '', databaseUrl });
  await expect(opening).rejects.toThrow(StoreFault);
  await expect(opening).rejects.toThrow(/"nowhere" does not exist/);
  await expect(opening).rejects.not.toThrow(/secret/);
});
