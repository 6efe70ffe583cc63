import { expect, test } from 'vitest';
import { MemoryStore } from '../../src/store/memory/store.ts';
import { callAcross, composedWith } from './across.ts';
import { MemoryLog } from '../observe/memory-log.ts';
import { newDatabase } from '../store/postgres/databases.ts';

test('[BUS15] what is composed with DATABASE_URL alone is on the bus of its database, and calls cross it', async () => {
  const env = { DATABASE_URL: await newDatabase() };
  const log = new MemoryLog();
  const store = new MemoryStore();
  const one = await composedWith(env, store, log);
  const other = await composedWith(env, store, log);
  const ready: unknown = await (await fetch(`${one.url}/readyz`)).json();
  expect(ready).toEqual({ ready: true, bus: 'connected' });
  await callAcross(one, other);
  await one.close();
  await other.close();
  expect(log.lines.filter(({ level }) => level === 'error')).toEqual([]);
});
