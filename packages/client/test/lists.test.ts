import { expect, test } from 'vitest';
import type { ClientOptions, Fetch, RinglineClient } from '../src/index.ts';
import { REQUEST_TIMEOUT_MS } from '../src/timing.ts';
import { World, codeOf } from './support/world.ts';

const EMPTY = { items: [], next: null };

interface Answer {
  readonly status?: number;
  readonly body?: unknown;
  readonly retryAfter?: string;
}

/** A REST API that gives one answer after the other, the last one for ever, and remembers what it was asked. */
class ScriptedRest {
  readonly asked: { readonly url: string; readonly token: string }[] = [];
  readonly #answers: Answer[];

  constructor(...answers: Answer[]) {
    this.#answers = answers;
  }

  readonly fetch: Fetch = (url, { headers }) => {
    this.asked.push({ url, token: headers['authorization'] ?? '' });
    const next = this.#answers.length > 1 ? this.#answers.shift() : this.#answers[0];
    const { status = 200, body = EMPTY, retryAfter } = next ?? {};
    return Promise.resolve(
      new Response(typeof body === 'string' ? body : JSON.stringify(body), {
        status,
        ...(retryAfter !== undefined && { headers: { 'retry-after': retryAfter } }),
      }),
    );
  };
}

function clientOf(rest: ScriptedRest, options: Partial<ClientOptions> = {}): RinglineClient {
  return new World({ fetch: rest.fetch, ...options }).client;
}

function refused(status: number, code: string, more: object = {}): Answer {
  return { status, body: { error: { code, message: `because ${code}`, ...more } } };
}

test('a directory that is closed to this user is refused as such', async () => {
  const rest = new ScriptedRest(refused(403, 'not-permitted'));
  expect(await codeOf(clientOf(rest).users.list())).toBe('not-permitted');
});

test('records are asked for with the token, without a connection', async () => {
  const record = { call: 'call-of-bob-to-alice' };
  const rest = new ScriptedRest({ body: { items: [record], next: '17' } });
  const page = await clientOf(rest).records.list({
    peer: 'bob & co',
    cursor: '23',
    limit: 1,
    from: 0,
  });
  expect(page).toEqual({ items: [record], next: '17' });
  expect(rest.asked).toEqual([
    {
      url: 'https://calls.test/v1/records?peer=bob+%26+co&cursor=23&limit=1&from=0',
      token: 'Bearer token of alice',
    },
  ]);
});

test('the inbox is given as messages, and says where it ends', async () => {
  const envelope = { id: 'm5', cursor: 5, from: 'bob', to: 'alice', at: 1 };
  const item = { ...envelope, body: { kind: 'text', text: 'hello' } };
  const rest = new ScriptedRest({ body: { items: [item], next: null, head: 5 } });
  const page = await clientOf(rest).inbox.list({ cursor: 4, limit: 1 });
  expect(page).toEqual({ items: [{ ...envelope, kind: 'text', text: 'hello' }], head: 5 });
  expect(rest.asked[0]?.url).toBe('https://calls.test/v1/inbox?cursor=4&limit=1');
});

test('the first page is the one without a cursor, null counting as none', async () => {
  const rest = new ScriptedRest({});
  const client = clientOf(rest);
  expect(await client.users.list({ cursor: null })).toEqual(EMPTY);
  await client.users.list();
  expect(rest.asked.map(({ url }) => url)).toEqual(Array(2).fill('https://calls.test/v1/users'));
});

test.each([
  ['http://127.0.0.1:8080', 'http://127.0.0.1:8080/v1/users'],
  ['wss://calls.test/phone/v1/connect', 'https://calls.test/phone/v1/users'],
])('the REST API of %s lies beside its WebSocket', async (url, address) => {
  const rest = new ScriptedRest({});
  await clientOf(rest, { url }).users.list();
  expect(rest.asked[0]?.url).toBe(address);
});

test('a token that was turned away is fetched anew, once', async () => {
  let fetched = 0;
  const tokenProvider = () => `token ${++fetched}`;
  const unauthorized = refused(401, 'unauthorized');
  const renewed = new ScriptedRest(unauthorized, {});
  expect(await clientOf(renewed, { tokenProvider }).users.list()).toEqual(EMPTY);
  expect(renewed.asked.map(({ token }) => token)).toEqual(['Bearer token 1', 'Bearer token 2']);
  const never = new ScriptedRest(unauthorized);
  expect(await codeOf(clientOf(never, { tokenProvider }).users.list())).toBe('unauthorized');
  expect(never.asked).toHaveLength(2);
  const fixed = new ScriptedRest(unauthorized);
  expect(await codeOf(clientOf(fixed).users.list())).toBe('unauthorized');
  expect(fixed.asked).toHaveLength(1);
});

test('what the server refuses is a RinglineError with its words', async () => {
  const rest = new ScriptedRest(refused(400, 'malformed', { path: 'query.limit' }));
  await expect(clientOf(rest).records.list({ limit: 0 })).rejects.toMatchObject({
    name: 'RinglineError',
    code: 'malformed',
    message: 'because malformed',
    path: 'query.limit',
    retryAfterMs: undefined,
  });
  const busy = new ScriptedRest({ ...refused(429, 'rate-limited'), retryAfter: '3' });
  await expect(clientOf(busy).users.list()).rejects.toMatchObject({
    code: 'rate-limited',
    retryAfterMs: 3_000,
  });
});

test.each<[string, Partial<ClientOptions>]>([
  ['the network is away', { fetch: () => Promise.reject(new TypeError('Failed to fetch')) }],
  ['a proxy answers', { fetch: new ScriptedRest({ status: 502, body: '<h1>' }).fetch }],
  ['another server answers', { fetch: new ScriptedRest({ status: 500, body: {} }).fetch }],
  ['it knows no such list', { fetch: new ScriptedRest(refused(404, 'not-found')).fetch }],
  ['nothing is there', { fetch: new ScriptedRest({ status: 404, body: null }).fetch }],
  ['there is no token', { tokenProvider: () => Promise.reject(new Error('signed out')) }],
])('when %s the server is unreachable', async (_, options) => {
  expect(await codeOf(clientOf(new ScriptedRest({}), options).users.list())).toBe('unreachable');
});

test('an answer that does not come is not waited for', async () => {
  const world = new World({ fetch: () => new Promise(() => undefined) });
  const code = codeOf(world.client.users.list());
  await world.pass(REQUEST_TIMEOUT_MS);
  expect(await code).toBe('timeout');
});

test('conversations come with their last message as the app knows messages', async () => {
  const last = { cursor: 7, id: 'm7', from: 'bob', to: 'alice', at: 1 };
  const marks = { revision: 3, unread: 2, readUpTo: 4, deliveredUpTo: 0, peerReadUpTo: 0 };
  const body = { kind: 'text', text: 'hi' };
  const answer = { items: [{ peer: 'bob', ...marks, last: { ...last, body } }], next: '7' };
  const rest = new ScriptedRest({ body: answer });
  const page = await clientOf(rest).conversations.list({ peer: 'bob', limit: 1, cursor: '9' });
  const message = { ...last, kind: 'text', text: 'hi' };
  expect(page).toEqual({ items: [{ peer: 'bob', ...marks, last: message }], next: '7' });
  expect(rest.asked[0]?.url).toBe('https://calls.test/v1/conversations?peer=bob&limit=1&cursor=9');
});
