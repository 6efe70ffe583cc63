import { once } from 'node:events';
import { encode } from '@ringline/protocol';
import { expect, onTestFinished, test } from 'vitest';
import { WebSocket } from 'ws';
import { compose } from '../../src/compose.ts';
import { loadConfig } from '../../src/config/load.ts';
import { MAX_CONNECTIONS_PER_HOST } from '../../src/outbound/limits.ts';
import { MemoryStore } from '../../src/store/memory/store.ts';
import { REQUESTS_PER_ENDPOINT } from '../../src/webhooks/courier.ts';
import { MemoryLog } from '../observe/memory-log.ts';
import { Receiver } from '../outbound/receiver.ts';
import { WEBHOOK_SECRET } from '../support/receiver.ts';

/** A server with these endpoints at one receiver. */
async function telling(paths: readonly string[], url: string): Promise<string> {
  const endpoint = { format: 'standard', secrets: [WEBHOOK_SECRET], events: ['message.sent'] };
  const file = paths.map((path) => ({ ...endpoint, id: path, url: `${url}/${path}` }));
  const env = { VOICE: 'off', WEBHOOKS_FILE: 'webhooks.json' };
  const loaded = loadConfig({ flags: { port: '0' }, env, readFile: () => JSON.stringify(file) });
  if (!loaded.ok) throw new Error(loaded.problems.join());
  const running = await compose(loaded.config, { store: new MemoryStore(), log: new MemoryLog() });
  onTestFinished(() => running.close());
  return running.url;
}

/** Alice's device, welcomed. */
async function alice(url: string): Promise<WebSocket> {
  const headers = { 'content-type': 'application/json' };
  const body = JSON.stringify({ user: 'alice' });
  const minted = await fetch(`${url}/dev/token`, { method: 'POST', headers, body });
  const { token } = (await minted.json()) as { token: string };
  const socket = new WebSocket(`${url.replace('http', 'ws')}/v1/connect`);
  await once(socket, 'open');
  socket.send(encode({ type: 'hello', versions: [1], token, device: 'alice1', calls: [] }));
  await once(socket, 'message');
  onTestFinished(() => socket.terminate());
  return socket;
}

test('[WHK7] endpoints of one host that stall keep another there from nothing', async () => {
  const stalling = MAX_CONNECTIONS_PER_HOST / REQUESTS_PER_ENDPOINT + 1;
  const paths = Array.from({ length: stalling }, (_, i) => `stalls-${i}`);
  const receiver = new Receiver(({ path }, response) => {
    if (path === '/well') response.end();
  });
  const url = await receiver.listen();
  onTestFinished(() => receiver.close());
  const socket = await alice(await telling([...paths, 'well'], url));
  const arrived = () => {
    const well = receiver.received.filter(({ path }) => path === '/well').length;
    // Those that stall are given up after a while, and tried again.
    const isFull = receiver.received.length - well >= stalling * REQUESTS_PER_ENDPOINT;
    return { well, isFull };
  };
  const count = 2 * REQUESTS_PER_ENDPOINT;
  for (let seq = 1; seq <= count; seq++) {
    const body = { kind: 'text', text: `message ${seq}` } as const;
    socket.send(encode({ type: 'send', seq, to: `user-${seq}`, body }));
  }
  const all = { well: count, isFull: true };
  await expect.poll(arrived, { timeout: 30_000, interval: 20 }).toEqual(all);
});
