import { expect, test } from 'vitest';
import { mintToken } from '../../src/auth/mint.ts';
import type { MintDevToken } from '../../src/http/dev-token.ts';
import { SECRET, authenticator, clock } from '../auth/tokens.ts';
import { createTestApp } from './fixture.ts';

const mintDevToken: MintDevToken = (peer) =>
  mintToken({ secret: SECRET }, peer, { now: clock.now(), ttlSeconds: 60 });

const HOST = 'localhost:8080';

function ask(payload: object | string, headers: Record<string, string> = {}) {
  const { app } = createTestApp({ mintDevToken });
  return app.inject({
    method: 'POST',
    url: '/dev/token',
    headers: { host: HOST, 'content-type': 'application/json', ...headers },
    payload,
  });
}

test('in development anybody on this machine gets a token', async () => {
  for (const host of [HOST, '127.0.0.1:1', '[::1]:8080', 'localhost']) {
    const answer = await ask({ user: 'alice', name: 'Alice' }, { host, origin: `http://${host}` });
    expect(answer.headers['cache-control']).toBe('no-store');
    expect(await authenticator().verify(answer.json<{ token: string }>().token)).toMatchObject({
      kind: 'valid',
      identity: { peer: { user: 'alice', name: 'Alice' } },
    });
  }
});

test('in production there is no such address', async () => {
  const { app } = createTestApp();
  const answer = await app.inject({
    method: 'POST',
    url: '/dev/token',
    payload: { user: 'alice' },
  });
  expect(answer.statusCode).toBe(404);
});

test.each([
  ['a page of another site', { origin: 'https://evil.example' }],
  ['a page on another port', { origin: 'http://localhost:3000' }],
  ['a sandboxed page', { origin: 'null' }],
  ['a page whose name was rebound', { host: 'evil.example', origin: 'http://evil.example' }],
  ['a name that only begins so', { host: 'localhost.evil.example' }],
  ['a number that only begins so', { host: '127.0.0.1.evil.example:8080' }],
])('%s gets no token', async (_what, headers) => {
  const answer = await ask({ user: 'alice' }, headers);
  expect([answer.statusCode, answer.json().error.code]).toEqual([403, 'forbidden']);
});

test.each<[string, object, string]>([
  ['no user', {}, 'body.user'],
  ['an empty user', { user: '' }, 'body.user'],
  ['a user that is a number', { user: 7 }, 'body.user'],
  ['a control character', { user: 'a\u0000' }, 'body.user'],
  ['a name beyond its limit', { user: 'alice', name: 'a'.repeat(257) }, 'body.name'],
  ['an unknown field', { user: 'alice', admin: true }, 'body.admin'],
])('%s is refused and named', async (_what, body, path) => {
  const answer = await ask(body);
  expect([answer.statusCode, answer.json().error]).toEqual([
    400,
    { code: 'malformed', path, message: expect.stringContaining(path) },
  ]);
});

test.each<[string, string, Record<string, string>, number, string]>([
  ['broken JSON', '{"user":', {}, 400, 'malformed'],
  ['a poisoned prototype', '{"user":"a","__proto__":{}}', {}, 400, 'malformed'],
  [
    'a form',
    'user=alice',
    { 'content-type': 'application/x-www-form-urlencoded' },
    415,
    'unsupported-media-type',
  ],
  [
    'plain text, which needs no preflight',
    '{"user":"alice"}',
    { 'content-type': 'text/plain' },
    415,
    'unsupported-media-type',
  ],
  ['a body beyond its limit', JSON.stringify({ user: 'a'.repeat(17_000) }), {}, 413, 'too-large'],
])('%s is refused', async (_what, body, headers, status, code) => {
  const answer = await ask(body, headers);
  expect([answer.statusCode, answer.json().error.code]).toEqual([status, code]);
});
