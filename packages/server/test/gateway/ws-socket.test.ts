import { once } from 'node:events';
import { MAX_FRAME_BYTES } from '@ringline/protocol';
import { expect, test } from 'vitest';
import { closeOf, connected, handshake, listening, tcp } from './listening.ts';

test('texts go both ways, whole', async () => {
  const { client, one } = await connected(await listening());
  client.send('grüße 📞');
  expect(await one.frame()).toBe('grüße 📞');
  one.socket.send('zurück 📞');
  const [data, isBinary] = await once(client, 'message');
  expect([String(data), isBinary]).toEqual(['zurück 📞', false]);
});

test('a frame in several pieces arrives as one text', async () => {
  const { client, one } = await connected(await listening());
  client.send('one ', { fin: false });
  client.send('text', { fin: true });
  expect(await one.frame()).toBe('one text');
});

test('a ping of the server is answered by a pong', async () => {
  const { one } = await connected(await listening());
  one.socket.ping();
  await one.pong();
  expect(one.pongs).toBe(1);
});

test('the largest frame passes', async () => {
  const { client, one } = await connected(await listening());
  client.send('x'.repeat(MAX_FRAME_BYTES));
  expect(await one.frame()).toHaveLength(MAX_FRAME_BYTES);
});

test.each<[string, number, readonly (readonly [string | Buffer, boolean, boolean])[]]>([
  ['a frame beyond the limit', 1009, [['x'.repeat(MAX_FRAME_BYTES + 1), false, true]]],
  [
    'pieces that are beyond the limit together',
    1009,
    [
      ['x'.repeat(MAX_FRAME_BYTES), false, false],
      ['x', false, true],
    ],
  ],
  ['a binary frame', 1003, [[Buffer.from('{}'), true, true]]],
  ['a text that is not UTF-8', 1007, [[Buffer.from([0xc3, 0x28]), false, true]]],
])('%s closes with %i and is not delivered, nor what follows', async (_what, code, frames) => {
  const { client, one } = await connected(await listening());
  const closed = closeOf(client);
  for (const [data, binary, fin] of frames) client.send(data, { binary, fin });
  client.send('too late');
  expect(await closed).toMatchObject({ code });
  await one.closed;
  expect(one.frames).toEqual([]);
});

test('compression is not agreed to, whoever offers it', async () => {
  const { client } = await connected(await listening(), { perMessageDeflate: true });
  expect(client.extensions).toBe('');
});

test('the server closes with its code and reason', async () => {
  const { client, one } = await connected(await listening());
  const closed = closeOf(client);
  one.socket.close(4409, 'replaced');
  expect(await closed).toEqual({ code: 4409, reason: 'replaced' });
  expect(await one.closed).toBe(4409);
});

test('a reason that is too long is cut between characters', async () => {
  const { client, one } = await connected(await listening());
  const closed = closeOf(client);
  one.socket.close(4400, 'é'.repeat(100));
  expect(await closed).toEqual({ code: 4400, reason: 'é'.repeat(61) });
});

test('the client’s code is told, and a vanished client is 1006', async () => {
  const server = await listening();
  const first = await connected(server);
  first.client.close(1001);
  expect(await first.one.closed).toBe(1001);
  const second = await connected(server);
  second.client.terminate();
  expect(await second.one.closed).toBe(1006);
});

test('on a closed socket nothing happens any more', async () => {
  const { client, one } = await connected(await listening());
  client.close();
  await one.closed;
  one.socket.send('hello?');
  one.socket.ping();
  one.socket.close(4400, 'again');
  one.socket.terminate();
  expect(one.socket.queuedBytes).toBe(0);
});

test('what a client does not read is seen in the queue, and terminate lets go of it', async () => {
  const { client, one } = await connected(await listening());
  client.pause();
  const frame = 'x'.repeat(1_000_000);
  for (let i = 0; i < 30; i++) one.socket.send(frame);
  expect(one.socket.queuedBytes).toBeGreaterThan(1_000_000);
  one.socket.terminate();
  expect(await one.closed).toBe(1006);
});

test('a client that stops in the middle of a frame can be dropped', async () => {
  const server = await listening();
  const socket = await tcp(server.port);
  socket.write(handshake());
  await once(socket, 'data');
  // A masked text frame of 100 bytes, of which only three come.
  socket.write(Buffer.from([0x81, 0x80 | 100, 1, 2, 3, 4, 0x61, 0x62, 0x63]));
  const [one] = server.accepted;
  one?.socket.terminate();
  expect(await one?.closed).toBe(1006);
  expect(one?.frames).toEqual([]);
  expect(server.upgrade.count).toBe(0);
});
