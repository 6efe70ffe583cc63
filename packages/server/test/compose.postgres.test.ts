import { once } from 'node:events';
import { encode } from '@ringline/protocol';
import { expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { run } from '../src/cli/run.ts';
import type { Running } from '../src/cli/world.ts';
import { compose, openStore } from '../src/compose.ts';
import { loadConfig } from '../src/config/load.ts';
import { testWorld } from './cli/fixture.ts';
import { MemoryLog } from './observe/memory-log.ts';
import { afterwards, newDatabase } from './store/postgres/databases.ts';

/** A server on this database, closed after the test unless the test closes it. */
async function serverOn(url: string, log: MemoryLog): Promise<Running> {
  const env = { PORT: '0', DATABASE_URL: url, VOICE: 'off' };
  const loaded = loadConfig({ flags: {}, env, readFile: () => '' });
  if (!loaded.ok) throw new Error(loaded.problems.join());
  const running = await compose(loaded.config, { log });
  afterwards(() => running.close());
  return running;
}

async function tokenOf({ url }: Running, user: string): Promise<string> {
  const headers = { 'content-type': 'application/json' };
  const body = JSON.stringify({ user });
  const minted = await fetch(`${url}/dev/token`, { method: 'POST', headers, body });
  return ((await minted.json()) as { token: string }).token;
}

/** A signed-in device: its socket, once it is welcome. */
async function deviceAt(server: Running, user: string): Promise<WebSocket> {
  const socket = new WebSocket(`${server.url.replace('http', 'ws')}/v1/connect`);
  await once(socket, 'open');
  const token = await tokenOf(server, user);
  socket.send(encode({ type: 'hello', versions: [1], token, device: `${user}1`, calls: [] }));
  await once(socket, 'message');
  return socket;
}

test('two servers share a database: what one takes the other tells, and all of it fits together', async () => {
  const url = await newDatabase();
  const log = new MemoryLog();
  const [one, other] = await Promise.all([serverOn(url, log), serverOn(url, log)]);
  const device = await deviceAt(one, 'alice');
  const body = { kind: 'text', text: 'hello \u0000' } as const;
  device.send(encode({ type: 'send', seq: 1, to: 'bob', body }));
  await once(device, 'message');
  const authorization = `Bearer ${await tokenOf(other, 'bob')}`;
  const told = async (path: string): Promise<unknown> => {
    const answer = await fetch(`${other.url}${path}`, { headers: { authorization } });
    return answer.json();
  };
  expect(await told('/v1/inbox')).toMatchObject({ items: [{ from: 'alice', body }] });
  expect(await told('/v1/users')).toMatchObject({ items: [{ user: 'alice', online: true }] });
  await Promise.all([one.close(), other.close()]);
  const { world, out, err } = testWorld({ openStore: (config) => openStore(config) });
  const code = await run(['verify', '--database-url', url], world);
  expect({ code, err: err() }).toEqual({ code: 0, err: '' });
  expect(out()).toMatch(/2 items.*all fits together/);
  expect(JSON.stringify(log)).not.toContain('postgres://');
});
