import { expect, test } from 'vitest';
import { allowedOrigins } from '../../src/http/origins.ts';
import { APP_ORIGIN, as, createTestApp } from './fixture.ts';

test('a page of an allowed origin may read answers, also refusals', async () => {
  const { app } = createTestApp();
  for (const headers of [await as('alice'), {}]) {
    const answer = await app.inject({
      url: '/v1/users',
      headers: { ...headers, origin: APP_ORIGIN },
    });
    expect(answer.headers['access-control-allow-origin']).toBe(APP_ORIGIN);
    expect(answer.headers.vary).toBe('Origin');
    expect(answer.headers['access-control-expose-headers']).toBe('retry-after');
  }
});

test('its preflight is allowed the Authorization header', async () => {
  const { app } = createTestApp();
  const headers = { origin: APP_ORIGIN, 'access-control-request-method': 'GET' };
  const answer = await app.inject({ method: 'OPTIONS', url: '/v1/records', headers });
  expect(answer.statusCode).toBe(204);
  expect(answer.headers).toMatchObject({
    'access-control-allow-origin': APP_ORIGIN,
    'access-control-allow-headers': expect.stringContaining('authorization'),
  });
});

test.each(['https://evil.example', `${APP_ORIGIN}.evil.example`, 'null', 'http://localhost:8080'])(
  'a page of %s may read nothing',
  async (origin) => {
    const { app } = createTestApp();
    for (const method of ['GET', 'OPTIONS'] as const) {
      const headers = { ...(await as('alice')), origin };
      const answer = await app.inject({ method, url: '/v1/users', headers });
      expect(Object.keys(answer.headers).join()).not.toContain('access-control');
    }
  },
);

test('only what is below /v1 is shared with other origins', async () => {
  const { app } = createTestApp();
  for (const url of ['/metrics', '/healthz', '/']) {
    const answer = await app.inject({ url, headers: { origin: APP_ORIGIN } });
    expect(answer.headers['access-control-allow-origin']).toBeUndefined();
  }
});

test.each([
  ['http://localhost:5173', true],
  ['https://127.0.0.1', true],
  ['http://127.8.8.8:1', true],
  ['http://[::1]:8080', true],
  ['http://localhost.evil.example', false],
  ['http://127.0.0.1.evil.example', false],
  ['http://192.168.1.2:8080', false],
  ['file://localhost', false],
  ['null', false],
  ['', false],
])('in development, is %j a page of this machine? %s', (origin, expected) => {
  expect(allowedOrigins('development', [])(origin)).toBe(expected);
  expect(allowedOrigins('production', [])(origin)).toBe(false);
});
