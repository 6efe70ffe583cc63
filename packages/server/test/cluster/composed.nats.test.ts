import { NatsServer, findNats } from '@ringline/testkit/nats';
import { expect, test } from 'vitest';
import { MemoryStore } from '../../src/store/memory/store.ts';
import { callAcross, composedWith } from './across.ts';
import { MemoryLog } from '../observe/memory-log.ts';

test('[BUS15] what is composed with NATS_URL is on the bus, serves without it, and says where it stands', async () => {
  const server = await NatsServer.start({ program: findNats() ?? '' });
  const log = new MemoryLog();
  const store = new MemoryStore();
  const env = { NATS_URL: `nats://${server.address}` };
  const running = await composedWith(env, store, log);
  const other = await composedWith(env, store);
  const readyz = async () => (await fetch(`${running.url}/readyz`)).json() as Promise<unknown>;
  const metrics = async () => (await fetch(`${running.url}/metrics`)).text();
  expect(await readyz()).toEqual({ ready: true, bus: 'connected' });
  expect(await metrics()).toContain('\nringline_bus_connected 1\n');
  await callAcross(running, other);
  await server.kill();
  await expect.poll(readyz, { timeout: 30_000 }).toEqual({ ready: true, bus: 'away' });
  expect(await metrics()).toContain('\nringline_bus_connected 0\n');
  await running.close();
  await other.close();
  expect(log.lines.filter(({ level }) => level === 'error')).toHaveLength(1);
});
