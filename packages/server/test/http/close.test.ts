import { once } from 'node:events';
import { connect } from 'node:net';
import type { AddressInfo } from 'node:net';
import { VirtualClock } from '@ringline/testkit';
import { expect, test } from 'vitest';
import { closeApp } from '../../src/http/close.ts';
import { createTestApp } from './fixture.ts';

test('a request under way is answered before the server closes', async () => {
  const { app } = createTestApp();
  let answer = () => {};
  const asked = new Promise<void>((resolve) => {
    app.get('/slow', (_request, reply) => {
      answer = () => void reply.send('done');
      resolve();
    });
  });
  const url = await app.listen({ host: '127.0.0.1', port: 0 });
  const response = fetch(`${url}/slow`);
  await asked;
  const closed = closeApp(app, new VirtualClock());
  answer();
  expect(await (await response).text()).toBe('done');
  await closed;
});

test('a client that never ends its request is cut off in time', async () => {
  const { app } = createTestApp();
  await app.listen({ host: '127.0.0.1', port: 0 });
  const { port } = app.server.address() as AddressInfo;
  const socket = connect(port, '127.0.0.1');
  socket.write('POST /dev/token HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\n{');
  await once(app.server, 'request');
  const clock = new VirtualClock();
  const closed = closeApp(app, clock, 100);
  const gone = once(socket, 'close');
  socket.resume();
  expect(clock.pending).toBe(1);
  clock.advance(100);
  await closed;
  await gone;
});
