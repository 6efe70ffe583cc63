import { NatsServer, findNats } from '@ringline/testkit/nats';
import { expect, test } from 'vitest';
import { compose } from '../src/compose.ts';
import { loadConfig } from '../src/config/load.ts';
import { MemoryStore } from '../src/store/memory/store.ts';
import { MemoryLog } from './observe/memory-log.ts';

test('[BUS15] what is composed with NATS_URL is on the bus, serves without it, and says where it stands', async () => {
  const server = await NatsServer.start({ program: findNats() ?? '' });
  const env = { NATS_URL: `nats://${server.address}`, VOICE: 'off' };
  const loaded = loadConfig({ flags: { port: '0' }, env, readFile: () => '' });
  if (!loaded.ok) throw new Error(loaded.problems.join());
  const log = new MemoryLog();
  const running = await compose(loaded.config, { store: new MemoryStore(), log });
  const readyz = async () => (await fetch(`${running.url}/readyz`)).json() as Promise<unknown>;
  const metrics = async () => (await fetch(`${running.url}/metrics`)).text();
  expect(await readyz()).toEqual({ ready: true, bus: 'connected' });
  expect(await metrics()).toContain('\nringline_bus_connected 1\n');
  await server.kill();
  await expect.poll(readyz).toEqual({ ready: true, bus: 'away' });
  expect(await metrics()).toContain('\nringline_bus_connected 0\n');
  await running.close();
  expect(log.lines.filter(({ level }) => level === 'error')).toHaveLength(1);
});
