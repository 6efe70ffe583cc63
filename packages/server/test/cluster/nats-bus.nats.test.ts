import { once } from 'node:events';
import { createServer } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';
import { NatsServer, findNats } from '@ringline/testkit/nats';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { natsBus } from '../../src/cluster/nats-bus.ts';
import type { NatsSettings } from '../../src/cluster/nats-settings.ts';
import { WIRE_PROBE_MS } from '../../src/cluster/wire.ts';
import { realParts, started } from './closing.ts';
import { busContract } from './contract.ts';
import { EACH, numbered } from './deliveries.ts';
import { outageContract } from './outages.ts';
import { twoNodes } from './two-nodes.ts';

const servers: NatsServer[] = [];

async function newServer(...args: string[]): Promise<NatsServer> {
  const server = await NatsServer.start({ program: findNats() ?? '', args });
  servers.push(server);
  return server;
}

let shared: NatsServer;

beforeAll(async () => {
  shared = await newServer();
});

afterAll(async () => {
  for (const server of servers) await server.kill();
});

async function nodeOf(server: NatsServer, over: Partial<NatsSettings> = {}, parts = realParts()) {
  const settings = { servers: [server.address], tls: false, prefix: 'ringline', ...over };
  return { bus: await started(natsBus(settings, parts)), parts };
}

async function buses(server: NatsServer, over: Partial<NatsSettings> = {}) {
  const [a, b] = [await nodeOf(server, over), await nodeOf(server, over)];
  return twoNodes(a.bus, b.bus);
}

let made = 0;

busContract(() => buses(shared, { prefix: `test-${made++}` }));

outageContract(async () => {
  const server = await newServer();
  return {
    node: (parts) => nodeOf(server, {}, parts),
    kill: () => server.kill(),
    resume: () => server.resume(),
  };
});

test('[BUS14] two Ringlines with prefixes of their own share a NATS and hear nothing of each other', async () => {
  const one = await buses(shared, { prefix: 'one' });
  const other = await buses(shared, { prefix: 'other' });
  const heard: string[] = [];
  one.b.subscribe('bob', () => heard.push('one'));
  other.b.subscribe('bob', () => heard.push('other'));
  await one.settled();
  await other.settled();
  one.a.publish(EACH.missed);
  await one.settled();
  await other.settled();
  expect(heard).toEqual(['one']);
});

test('[BUS13] with a name and password, or a token, it is let in, and else says why it is not', async () => {
  const named = await newServer('--user', 'ringline', '--pass', 'se cret');
  const byName = await nodeOf(named, { user: 'ringline', password: 'se cret' });
  const without = await nodeOf(named);
  const token = await newServer('--auth', 'a-token');
  const byToken = await nodeOf(token, { token: 'a-token' });
  expect([byName, without, byToken].map(({ bus }) => bus.isConnected)).toEqual([true, false, true]);
  const [line] = without.parts.log.lines;
  expect(line).toMatchObject({ level: 'error', fields: { bus: 'NATS' } });
  expect(JSON.stringify(without.parts.log.lines)).not.toContain('se cret');
});

test('[BUS10] what is larger than the server takes is dropped, which is said at the start; what follows arrives', async () => {
  const config = await newServer('-c', '/dev/null');
  const { bus, parts } = await nodeOf(config);
  expect(bus.isConnected).toBe(true);
  const { bus: other } = await nodeOf(config);
  const { settled } = await twoNodes(bus, other);
  const heard: unknown[] = [];
  other.subscribe('bob', (delivery) => heard.push(delivery));
  await settled();
  bus.publish(numbered(1, 2_000_000));
  expect(parts.metrics.of('dropped')).toBe(1);
  bus.publish(numbered(2));
  await settled();
  expect(heard).toEqual([numbered(2)]);
});

/** The address of a server that speaks NATS, and reads nothing more once it has been told something. */
async function hangingServer(): Promise<string> {
  const info = { server_id: 'hanging', version: '2.11.0', proto: 1, max_payload: 1_048_576 };
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.on('data', (said) => {
      if (said.includes('PUB ')) socket.pause();
      else if (said.includes('PING')) socket.write('PONG\r\n');
    });
    socket.write(`INFO ${JSON.stringify(info)}\r\n`);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.close();
    for (const socket of sockets) socket.destroy();
  });
  return `127.0.0.1:${(server.address() as AddressInfo).port}`;
}

test('[BUS19] a service that hangs is found lost, also while what was said to it cannot be written', async () => {
  const settings = { servers: [await hangingServer()], tls: false, prefix: 'ringline' };
  const bus = await started(natsBus(settings, realParts()));
  // More than the systems of both sides keep.
  for (let i = 0; i < 30; i++) bus.publish(numbered(i, 500_000));
  await expect.poll(() => bus.isConnected, { timeout: 20 * WIRE_PROBE_MS }).toBe(false);
  await bus.close();
});

/** The address of a server that speaks NATS, and dies when somebody ceases to listen, as all do before they go. */
async function dyingServer(): Promise<string> {
  const info = { server_id: 'dying', version: '2.11.0', proto: 1, max_payload: 1_048_576 };
  const server = createServer((socket) => {
    socket.on('error', () => undefined);
    socket.on('data', (said) => {
      if (said.includes('UNSUB ')) socket.destroy();
      else if (said.includes('PING')) socket.write('PONG\r\n');
    });
    socket.write(`INFO ${JSON.stringify(info)}\r\n`);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  return `127.0.0.1:${(server.address() as AddressInfo).port}`;
}

test('[BUS7] a bus whose service dies as it is closed is closed all the same', async () => {
  const settings = { servers: [await dyingServer()], tls: false, prefix: 'ringline' };
  const bus = await started(natsBus(settings, realParts()));
  expect(bus.isConnected).toBe(true);
  await bus.close();
  expect(bus.isConnected).toBe(false);
});
