import { once } from 'node:events';
import { createServer } from 'node:http';
import { connect } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { Balancer } from '../src/balancer.ts';
import { nodesWanted } from '../src/server.ts';

const WITHIN = { timeout: 30_000, interval: 10 };

/** A node that answers with its name, and keeps what a device sends. */
async function node(name: string) {
  const at = { isReady: true };
  const server = createServer(({ url }, answer) => {
    if (url === '/readyz') answer.writeHead(at.isReady ? 200 : 503);
    answer.end(name);
  });
  server.on('upgrade', (_, socket) => socket.write(`${name}\n`));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  return { at, server, port: (server.address() as AddressInfo).port };
}

async function balanced(...names: readonly string[]) {
  const nodes = await Promise.all(names.map(node));
  const balancer = await Balancer.open(nodes.map(({ port }) => port));
  onTestFinished(() => balancer.close());
  return { balancer, nodes };
}

/** A device's connection, and the name of the node that it is at. */
async function device({ port }: Balancer): Promise<{ socket: Socket; at: string }> {
  const socket = connect(port, '127.0.0.1');
  onTestFinished(() => void socket.destroy());
  socket.write(
    'GET /v1/connect HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n',
  );
  const [said] = (await once(socket, 'data')) as [Buffer];
  return { socket, at: said.toString().trim() };
}

const ask = async ({ port }: Balancer) =>
  (await fetch(`http://127.0.0.1:${port}/`, { headers: { connection: 'close' } })).text();

test('as many devices as nodes are on as many nodes, also when they come at once', async () => {
  const { balancer } = await balanced('one', 'two', 'three');
  const devices = await Promise.all([1, 2, 3].map(() => device(balancer)));
  expect(new Set(devices.map(({ at }) => at))).toEqual(new Set(['one', 'two', 'three']));
  expect(balancer.devices).toEqual([1, 1, 1]);
});

test('a device goes where the fewest are, whatever else is asked meanwhile', async () => {
  const { balancer } = await balanced('one', 'two', 'three');
  const [first, second] = [await device(balancer), await device(balancer)];
  await device(balancer);
  expect(new Set([await ask(balancer), await ask(balancer), await ask(balancer)]).size).toBe(3);
  second.socket.destroy();
  await expect.poll(() => balancer.devices.toSorted((a, b) => a - b), WITHIN).toEqual([0, 1, 1]);
  await ask(balancer);
  expect((await device(balancer)).at).toBe(second.at);
  expect(first.at).not.toBe(second.at);
});

test('a node that is not ready, or away, gets nothing; without any the connection is closed', async () => {
  const { balancer, nodes } = await balanced('one', 'two');
  const [one, two] = nodes;
  if (!one || !two) throw new Error('two nodes were made');
  one.at.isReady = false;
  for (let i = 0; i < 3; i++) expect((await device(balancer)).at).toBe('two');
  expect(balancer.newest).toBe(1);
  one.at.isReady = true;
  two.server.close();
  for (let i = 0; i < 3; i++) expect(await ask(balancer)).toBe('one');
  one.at.isReady = false;
  await expect(ask(balancer)).rejects.toThrow('fetch failed');
});

test.each([
  ['', undefined],
  ['2', 2],
  ['9', 9],
])('RINGLINE_CLUSTER “%s” asks for %s nodes', (text, nodes) => {
  expect(nodesWanted(text)).toBe(nodes);
});

test.each(['1', '10', '2.5', 'yes'])(
  'RINGLINE_CLUSTER “%s” is refused, with what it may be',
  (text) => {
    expect(() => nodesWanted(text)).toThrow('2 to 9');
  },
);
