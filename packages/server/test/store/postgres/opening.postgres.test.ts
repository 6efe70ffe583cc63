import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openStore } from '../../../src/compose.ts';
import { StoreFault } from '../../../src/store/store.ts';
import { commit, lineOf } from '../builders.ts';
import { afterwards, connect, newDatabase } from './databases.ts';
import { faultOf } from './own-server.ts';

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
  await expect(opening).rejects.toThrow(/"nowhere" does not exist .*createdb/);
  await expect(opening).rejects.not.toThrow(/secret/);
});

test('[SHR5] a role that is not there, may not write or has no connection left is told what to do, and so is TLS without a certificate', async () => {
  const databaseUrl = await newDatabase();
  const owner = await connect(databaseUrl);
  const role = `plain_${randomBytes(4).toString('hex')}`;
  const as = (user: string) => databaseUrl.replace('postgres@', `${user}:secret@`);
  const opened = (url: string) => openStore({ dataDir: '', databaseUrl: url });
  const faults = [await faultOf(opened(as(role)))];
  await owner.exec(`create role ${role} login`);
  afterwards(() => owner.exec(`drop role ${role}`));
  faults.push(await faultOf(opened(as(role))));
  await owner.exec(`alter role ${role} connection limit 0`);
  faults.push(await faultOf(opened(as(role))));
  faults.push(await faultOf(opened(`${databaseUrl}&sslmode=verify-full`)));
  const texts = [
    /role "plain_.*" does not exist .*make the role/,
    /permission denied .*|no schema .*: make the .*/,
    /too many connections .*raise max_connections/,
    /does not support SSL connections: turn ssl on/,
  ];
  faults.forEach((fault, i) => {
    expect(fault).toBeInstanceOf(StoreFault);
    expect(String(fault)).toMatch(texts[i] ?? '');
    expect(String(fault)).not.toMatch(/secret/);
  });
});
