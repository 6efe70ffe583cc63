import { once } from 'node:events';
import { expect, test } from 'vitest';
import { allowedOrigins } from '../../src/http/origins.ts';
import { APP_ORIGIN } from '../http/fixture.ts';
import {
  closeOf,
  connected,
  everythingFrom,
  handshake,
  listening,
  refusedWith,
  tcp,
} from './listening.ts';

test('a page of an allowed origin connects, and so does a program, which has none', async () => {
  const server = await listening();
  await connected(server, { origin: APP_ORIGIN });
  await connected(server);
  expect(server.upgrade.count).toBe(2);
});

test.each(['https://evil.example', `${APP_ORIGIN}.evil.example`, 'http://localhost:8080', 'null'])(
  'a page of %s is refused with 403',
  async (origin) => {
    const server = await listening();
    const answer = await refusedWith(server.port, { origin });
    expect([answer.status, answer.body]).toEqual([403, expect.stringContaining(origin)]);
    expect(server.accepted).toEqual([]);
  },
);

test('in development pages of this machine connect, others do not', async () => {
  const server = await listening({ allowsOrigin: allowedOrigins('development', []) });
  await connected(server, { origin: 'http://localhost:5173' });
  expect(await refusedWith(server.port, { origin: APP_ORIGIN })).toMatchObject({ status: 403 });
});

test.each(['/', '/v1/connect/', '/v1/connected', '/v1/records', '//v1/connect'])(
  'nothing connects at %s',
  async (path) => {
    const server = await listening();
    expect(await refusedWith(server.port, { path })).toMatchObject({ status: 404 });
  },
);

test('while the server is not ready, devices are told to come back', async () => {
  const server = await listening();
  server.readiness.notReady('stopping');
  const answer = await refusedWith(server.port);
  expect(answer).toMatchObject({ status: 503, body: 'stopping', headers: { 'retry-after': '5' } });
});

test('beyond the most connections, devices wait until one has gone', async () => {
  const server = await listening({ maxConnections: 1 });
  const first = await connected(server);
  expect(await refusedWith(server.port)).toMatchObject({
    status: 503,
    body: 'too many connections',
  });
  first.client.close();
  await first.one.closed;
  await connected(server);
});

test.each([
  ['another method', handshake().replace('GET', 'POST'), 405],
  ['no key', handshake().replace(/Sec-WebSocket-Key.*\r\n/, ''), 400],
  ['another version', handshake().replace('Version: 13', 'Version: 12'), 400],
])('a handshake with %s is refused and the socket let go', async (_what, request, status) => {
  const server = await listening();
  const socket = await tcp(server.port);
  socket.write(request);
  expect(await everythingFrom(socket)).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
});

test('a client that is refused and does not close its side is let go all the same', async () => {
  const server = await listening();
  const socket = await tcp(server.port);
  socket.write(handshake('/elsewhere'));
  expect(await everythingFrom(socket)).toMatch(/^HTTP\/1\.1 404 Not Found\r\n/);
  // The test's end would wait for ever if the server still held it.
  await server.app.close();
});

test('an offer of another protocol is declined by answering', async () => {
  const server = await listening();
  const socket = await tcp(server.port);
  const headers = 'Host: a\r\nConnection: Upgrade, close\r\nUpgrade: h2c\r\n';
  socket.write(`GET /healthz HTTP/1.1\r\n${headers}\r\n`);
  expect(await everythingFrom(socket)).toMatch(/^HTTP\/1\.1 200 OK\r\n/);
});

test.each([
  ['says nothing', ''],
  ['stops within the handshake', handshake().slice(0, 60)],
  ['stops within a body', 'POST /dev/token HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\n{'],
])('a client that %s is let go in time', async (_what, bytes) => {
  const timeouts = { headersMs: 40, requestMs: 60, checkMs: 20 };
  const server = await listening({ timeouts });
  const socket = await tcp(server.port);
  socket.write(bytes);
  expect(await everythingFrom(socket)).toContain('HTTP/1.1 408 ');
});

test('when the server leaves, every device is told, and no new one is taken', async () => {
  const server = await listening();
  const { client, one } = await connected(server);
  const closed = closeOf(client);
  server.readiness.notReady('stopping');
  await server.upgrade.close();
  expect(await closed).toMatchObject({ code: 4503 });
  expect(await one.closed).toBe(4503);
  expect(await refusedWith(server.port)).toMatchObject({ status: 503 });
});

test('a device that does not answer the close does not hold the server', async () => {
  const server = await listening({ closeTimeoutMs: 20 });
  const socket = await tcp(server.port);
  socket.write(handshake());
  await once(socket, 'data');
  await server.upgrade.close();
  expect(server.upgrade.count).toBe(0);
  expect(await server.accepted[0]?.closed).toBe(1006);
});
