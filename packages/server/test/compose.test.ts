import { once } from 'node:events';
import { CLOSE, encode } from '@ringline/protocol';
import type { ServerMessage } from '@ringline/protocol';
import { freePort } from '@ringline/testkit/free-port';
import { expect, test } from 'vitest';
import { WebSocket } from 'ws';
import type { Running } from '../src/cli/world.ts';
import { compose } from '../src/compose.ts';
import { loadConfig } from '../src/config/load.ts';
import type { MachineClock } from '../src/clock.ts';
import { LEASE_MS, RENEW_LEASE_MS } from '../src/registrar/lease.ts';
import { MemoryStore } from '../src/store/memory/store.ts';
import { StoreFault } from '../src/store/store.ts';
import { SystemClock } from '../src/system-clock.ts';
import { closeOf } from './gateway/listening.ts';
import { MemoryLog } from './observe/memory-log.ts';

/** Composes a server in development mode, on a free port unless one is given. */
function composed(
  store: MemoryStore,
  port = '0',
  {
    flags = {},
    clock = new SystemClock(),
  }: { flags?: Record<string, string>; clock?: MachineClock } = {},
): Promise<Running> {
  const loaded = loadConfig({ flags: { port, ...flags }, env: {}, readFile: () => '' });
  if (!loaded.ok) throw new Error(loaded.problems.join());
  return compose(loaded.config, { store, clock, log: new MemoryLog() });
}

/** Time stands still but for what the test lets pass; timers run, but for one span: that is over when the test says so. */
class HeldClock extends SystemClock {
  readonly #held: number;
  readonly #startedAt = super.now();
  /** Time that has passed at once. */
  passedMs = 0;
  readonly began = Promise.withResolvers<() => void>();

  constructor(heldMs: number) {
    super();
    this.#held = heldMs;
  }

  override now(): number {
    return this.#startedAt + this.passedMs;
  }

  override after(ms: number, run: () => void) {
    if (ms !== this.#held) return super.after(ms, run);
    this.began.resolve(run);
    return { cancel: () => undefined };
  }
}

const connectTo = (url: string) => new WebSocket(`${url.replace('http', 'ws')}/v1/connect`);

async function tokenOf(url: string, user: string): Promise<string> {
  const headers = { 'content-type': 'application/json' };
  const body = JSON.stringify({ user });
  const minted = await fetch(`${url}/dev/token`, { method: 'POST', headers, body });
  return ((await minted.json()) as { token: string }).token;
}

test('what is composed serves, gives development tokens and takes devices', async () => {
  const running = await composed(new MemoryStore());
  const { url } = running;
  expect((await fetch(`${url}/readyz`)).status).toBe(200);
  const authorization = `Bearer ${await tokenOf(url, 'alice')}`;
  expect((await fetch(`${url}/v1/inbox`, { headers: { authorization } })).status).toBe(200);
  const device = connectTo(url);
  await once(device, 'open');
  device.send('what is this?');
  expect(await closeOf(device)).toMatchObject({ code: CLOSE.malformed.code });
  await running.close();
});

test('asked to stop, it tells its devices, closes the store last, and is gone', async () => {
  const store = new MemoryStore();
  const happened: string[] = [];
  store.close = async () => void happened.push('store closed');
  const running = await composed(store);
  const device = connectTo(running.url);
  await once(device, 'open');
  const token = await tokenOf(running.url, 'alice');
  device.send(encode({ type: 'hello', versions: [1], token, device: 'alice1', calls: [] }));
  await once(device, 'message');
  device.on('message', (message: Buffer) => {
    happened.push((JSON.parse(message.toString()) as ServerMessage).type);
    device.close();
  });
  await Promise.all([running.close(), running.close()]);
  expect(happened).toEqual(['leaving', 'store closed']);
  await expect(fetch(`${running.url}/healthz`)).rejects.toThrow('fetch failed');
});

test('[GTW27] asked to stop, it says at /readyz that it is not ready, and lets go its devices when DRAIN_NOTICE_MS have passed', async () => {
  const noticeMs = 7_654;
  const clock = new HeldClock(noticeMs);
  const flags = { 'drain-notice-ms': String(noticeMs), 'drain-spread-ms': '0' };
  const running = await composed(new MemoryStore(), '0', { flags, clock });
  const { url } = running;
  const device = connectTo(url);
  await once(device, 'open');
  const token = await tokenOf(url, 'alice');
  device.send(encode({ type: 'hello', versions: [1], token, device: 'alice1', calls: [] }));
  await once(device, 'message');
  const happened: string[] = [];
  device.on('message', (message: Buffer) => {
    happened.push((JSON.parse(message.toString()) as ServerMessage).type);
    device.close();
  });
  const closed = running.close();
  const noticed = await clock.began.promise;
  const ready = await fetch(`${url}/readyz`);
  expect([ready.status, await ready.json()]).toEqual([503, { ready: false, reason: 'stopping' }]);
  const late = connectTo(url);
  late.on('error', () => undefined);
  const [, response] = await once(late, 'unexpected-response');
  expect(response).toMatchObject({ statusCode: 503 });
  late.terminate();
  device.send(encode({ type: 'heartbeat', calls: [] }));
  await once(device, 'message');
  expect(happened).toEqual(['alive']);
  noticed();
  await closed;
});

test('[REG16] without its lease it says at /readyz that it is not ready and why, takes no sockets, and keeps those that it has', async () => {
  const clock = new HeldClock(RENEW_LEASE_MS);
  const running = await composed(new MemoryStore(), '0', { clock });
  const { url } = running;
  const device = connectTo(url);
  await once(device, 'open');
  expect(await (await fetch(`${url}/metrics`)).text()).toMatch(/^ringline_lease_held 1$/m);
  clock.passedMs = LEASE_MS - 1_000;
  expect((await fetch(`${url}/readyz`)).status).toBe(200);
  clock.passedMs = LEASE_MS + 1;
  const ready = await fetch(`${url}/readyz`);
  const reason = 'no lease: the store was not reached for 10 s';
  expect([ready.status, await ready.json()]).toEqual([503, { ready: false, reason }]);
  const late = connectTo(url);
  late.on('error', () => undefined);
  const [, response] = await once(late, 'unexpected-response');
  expect(response).toMatchObject({ statusCode: 503 });
  late.terminate();
  expect(device.readyState).toBe(WebSocket.OPEN);
  const renew = await clock.began.promise;
  renew();
  expect((await fetch(`${url}/readyz`)).status).toBe(200);
  await running.close();
});

test('its metrics say how many sockets it takes', async () => {
  const running = await composed(new MemoryStore(), '0', { flags: { 'max-connections': '77' } });
  const metrics = await (await fetch(`${running.url}/metrics`)).text();
  expect(metrics).toMatch(/^ringline_connections_max 77$/m);
  await running.close();
});

test('when the store does not answer at the start, nothing is left behind', async () => {
  const port = String(await freePort());
  const broken = new MemoryStore();
  const happened: string[] = [];
  broken.close = async () => void happened.push('store closed');
  broken.renewLease = () => Promise.reject(new StoreFault('the disk is full', undefined));
  await expect(composed(broken, port)).rejects.toThrow('the disk is full');
  expect(happened).toEqual(['store closed']);
  const next = await composed(new MemoryStore(), port);
  await next.close();
});

test('while it starts, the process is alive, not ready, and takes no device', async () => {
  const slow = new MemoryStore();
  const renew = slow.renewLease.bind(slow);
  const [asked, answer] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  slow.renewLease = async (...args) => {
    asked.resolve();
    await answer.promise;
    return renew(...args);
  };
  const port = String(await freePort());
  const running = composed(slow, port);
  await asked.promise;
  const url = `http://127.0.0.1:${port}`;
  expect((await fetch(`${url}/healthz`)).status).toBe(200);
  expect(await (await fetch(`${url}/readyz`)).json()).toEqual({ ready: false, reason: 'starting' });
  const device = connectTo(url);
  device.on('error', () => undefined);
  const [, response] = await once(device, 'unexpected-response');
  expect(response).toMatchObject({ statusCode: 503 });
  device.terminate();
  answer.resolve();
  await (await running).close();
});
