import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { freePort, isFree } from '../src/free-port.ts';

/** The first that Linux gives to outgoing connections, unless it is told otherwise. */
const FIRST_OF_CONNECTIONS = 32_768;

test('a port can be listened at, and no outgoing connection gets it', async () => {
  const port = await freePort();
  const server = createServer().listen(port, '127.0.0.1');
  onTestFinished(() => void server.close());
  await once(server, 'listening');
  expect(port).toBeLessThan(FIRST_OF_CONNECTIONS);
});

test('no two are the same, though nobody listens there yet', async () => {
  const ports = await Promise.all(Array.from({ length: 50 }, () => freePort()));
  expect(new Set(ports).size).toBe(50);
});

test('a port that somebody has is not free, be it for TCP or for UDP', async () => {
  const [port, other] = [await freePort(), await freePort()];
  const server = createServer().listen(port, '127.0.0.1');
  const socket = createSocket('udp4').bind(other, '127.0.0.1');
  onTestFinished(() => {
    server.close();
    socket.close();
  });
  await Promise.all([once(server, 'listening'), once(socket, 'listening')]);
  expect([await isFree(port), await isFree(other)]).toEqual([false, false]);
});

test('an address that the machine does not have is a fault, and no endless search', async () => {
  await expect(freePort('192.0.2.1')).rejects.toThrow('EADDRNOTAVAIL');
});
