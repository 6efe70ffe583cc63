import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { TcpProxy } from '../src/cluster/tcp-proxy.ts';

/** A server that says back what it hears, and a proxy that knows it by these names, one connection after the other. */
async function echoing(...names: readonly string[]) {
  const server = createServer((socket) => socket.on('error', () => {}).pipe(socket)).listen(0);
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const left = [...names];
  const proxy = await TcpProxy.open(() => ({ name: left.shift() ?? 'echo', port }));
  onTestFinished(async () => {
    await proxy.close();
    server.close();
  });
  return proxy;
}

async function connected({ port }: TcpProxy): Promise<Socket> {
  const socket = connect(port, '127.0.0.1');
  onTestFinished(() => void socket.destroy());
  await once(socket, 'connect');
  return socket;
}

/** What comes until so many characters are there. */
async function heard(socket: Socket, length: number): Promise<string> {
  let text = '';
  while (text.length < length) text += String((await once(socket, 'data'))[0]);
  return text;
}

test('what goes in comes out in order, whatever the delay is meanwhile', async () => {
  const proxy = await echoing();
  const socket = await connected(proxy);
  const all = heard(socket, 4);
  for (const [text, delayMs] of [
    ['a', 40],
    ['b', 20],
    ['c', 0],
    ['d', 10],
  ] as const) {
    proxy.delayMs = delayMs;
    socket.write(text);
    await new Promise(setImmediate);
  }
  expect(await all).toBe('abcd');
});

test('a silent network brings nothing, closes nothing, and brings all of it later; others go on', async () => {
  const proxy = await echoing('silent', 'loud');
  const [socket, other] = [await connected(proxy), await connected(proxy)];
  expect(proxy.targets).toEqual(['silent', 'loud']);
  const events: string[] = [];
  for (const name of ['data', 'close', 'error']) socket.on(name, () => events.push(name));
  proxy.silence('silent');
  socket.write('hello');
  for (let i = 0; i < 10; i++) {
    other.write('x');
    await heard(other, 1);
  }
  expect(events).toEqual([]);
  const all = heard(socket, 'hello'.length);
  proxy.silence();
  expect(await all).toBe('hello');
});

test('a cut resets connections to that target only, and a network that is gone takes none', async () => {
  const proxy = await echoing();
  const socket = await connected(proxy);
  proxy.cut('another');
  socket.write('hello');
  expect(await heard(socket, 5)).toBe('hello');
  const reset = once(socket, 'error');
  proxy.cut('echo');
  expect(await reset).toMatchObject([{ code: 'ECONNRESET' }]);
  proxy.isGone = true;
  const [why] = await once(connect(proxy.port, '127.0.0.1'), 'error');
  expect(why).toMatchObject({ code: 'ECONNRESET' });
});

test('a connection that one side ends in good order ends at the other, with all that was said', async () => {
  const proxy = await echoing();
  const socket = await connected(proxy);
  const all = heard(socket, 3);
  socket.end('bye');
  expect(await all).toBe('bye');
  await once(socket, 'close');
  expect(proxy.targets).toEqual([]);
});
