import { MAX_PAGE_ITEMS } from '@ringline/protocol';
import { expect, test } from 'vitest';
import type { CallPolicy } from '../../src/calls/call-policy.ts';
import { PERMISSIVE } from '../../src/calls/call-policy.ts';
import { DEFAULT_PAGE_ITEMS } from '../../src/http/validate.ts';
import { StoreFault } from '../../src/store/store.ts';
import { ALICE, clock, sign } from '../auth/tokens.ts';
import { createTestApp, deviceOf, get, lost, messageOf, put, recordOf } from './fixture.ts';

const upTo = (n: number) => Array.from({ length: n }, (_, i) => i + 1);

/** Follows `next` to the end, and gives every page. */
async function pagesOf(app: ReturnType<typeof createTestApp>['app'], url: string) {
  const pages: { items: Record<string, unknown>[]; next: string | null }[] = [];
  let next: string | null = '';
  while (next !== null) {
    const cursor: string = next && `&cursor=${encodeURIComponent(next)}`;
    const page = (await get(app, `${url}${cursor}`)).json<(typeof pages)[number]>();
    pages.push(page);
    next = page.next;
  }
  return pages.map((page) => page.items);
}

test('records are those of the asking user, newest first, page by page', async () => {
  const { app, store } = createTestApp();
  const records = upTo(5).map((n) => recordOf(n, n % 2 ? 'alice' : 'bob', n % 2 ? 'bob' : 'alice'));
  await put(store, { records: [...records, recordOf(6, 'bob', 'carol')] });
  const pages = await pagesOf(app, '/v1/records?limit=2');
  expect(pages.map((page) => page.map((record) => record.roomId))).toEqual([[5, 4], [3, 2], [1]]);
  expect(pages[2]?.[0]).toEqual({ ...recordOf(1, 'alice', 'bob'), quality: [] });
});

test('[QLT4] a record comes with what both its members reported, and with nothing of other calls', async () => {
  const { app, store } = createTestApp();
  const summary = { seconds: 9, mos: 4.2, mosMin: 3.9, lossRatio: 0.01, relayed: true };
  const records = [recordOf(1, 'alice', 'bob'), recordOf(2, 'bob', 'alice')];
  const [first, second] = records.map(({ call }) => call);
  const others = recordOf(3, 'bob', 'carol');
  await put(store, {
    records: [...records, others],
    quality: [
      { call: first!, user: 'bob', ...summary },
      { call: first!, user: 'alice', ...summary, mos: 3 },
      { call: others.call, user: 'bob', ...summary },
    ],
  });
  const { items } = (await get(app, '/v1/records')).json<{ items: object[] }>();
  expect(items).toEqual([
    { ...records[1], quality: [] },
    {
      ...records[0],
      quality: [
        { user: 'alice', ...summary, mos: 3 },
        { user: 'bob', ...summary },
      ],
    },
  ]);
  expect(items).toMatchObject([{ call: second }, { call: first }]);
});

test('records are found by peer and by the time of their end', async () => {
  const { app, store } = createTestApp();
  const peers = ['bob', 'carol', 'bob', 'bob', 'bob'];
  await put(store, { records: peers.map((peer, i) => recordOf(i + 1, 'alice', peer)) });
  const answer = await get(app, '/v1/records?peer=bob&from=3000&to=5000');
  expect(answer.json()).toMatchObject({ items: [{ roomId: 4 }, { roomId: 3 }], next: null });
});

test('the inbox is read from a cursor on, and tells its head', async () => {
  const { app, store } = createTestApp();
  await put(store, { inbox: upTo(5).map(messageOf) });
  const pages = await pagesOf(app, '/v1/inbox?limit=2');
  expect(pages.map((page) => page.map((item) => item.cursor))).toEqual([[1, 2], [3, 4], [5]]);
  expect((await get(app, '/v1/inbox?cursor=4')).json()).toMatchObject({
    items: [{ cursor: 5, from: 'bob', body: { kind: 'text', text: 'message 5' } }],
    next: null,
    head: 5,
  });
});

test('the directory lists users seen, and who is there', async () => {
  const { app, store } = createTestApp();
  const users = ['bob', 'alice', 'zoë & co'];
  await put(store, { devices: users.map((user) => deviceOf(user)) });
  await put(store, { devices: [lost(deviceOf('alice')), lost(deviceOf('zoë & co'))] });
  expect((await get(app, '/v1/users')).json().items).toMatchObject([
    { user: 'alice', name: 'ALICE', online: false },
    { user: 'bob', name: 'BOB', online: true },
    { user: 'zoë & co', online: false },
  ]);
  const pages = await pagesOf(app, '/v1/users?limit=1');
  expect(pages.flat().map((entry) => entry.user)).toEqual(['alice', 'bob', 'zoë & co']);
});

/** What Alice, or whose token this is, finds in the directory of a server with this policy. */
async function directoryOf(policy: Partial<CallPolicy>, claims: object = {}) {
  const { app, store } = createTestApp({ policy: { ...PERMISSIVE, ...policy } });
  await put(store, { devices: [deviceOf('bob')] });
  const authorization = `Bearer ${await sign({ ...ALICE, ...claims })}`;
  const answer = await app.inject({ url: '/v1/users', headers: { authorization } });
  const { items, error } = answer.json<{ items?: object[]; error?: object }>();
  return items ?? [answer.statusCode, error];
}

const REFUSED = [403, { code: 'not-permitted', message: expect.stringContaining('contacts') }];

test('[POL9] the directory is closed to all by the server, or to one user by the token', async () => {
  expect(await directoryOf({ directory: false })).toEqual(REFUSED);
  expect(await directoryOf({}, { directory: false })).toEqual(REFUSED);
  expect(await directoryOf({ directory: false }, { directory: true })).toEqual(REFUSED);
  expect(await directoryOf({}, { directory: true })).toMatchObject([{ user: 'bob' }]);
});

test('[POL10] who may not see who is there lists users without a word of that', async () => {
  const bob = { user: 'bob', name: 'BOB' };
  expect(await directoryOf({})).toEqual([{ ...bob, online: true, seenAt: clock.now() }]);
  expect(await directoryOf({ presence: false })).toEqual([bob]);
  expect(await directoryOf({}, { presence: false })).toEqual([bob]);
});

test('a last page that is full is known to be the last', async () => {
  const { app, store } = createTestApp();
  await put(store, { inbox: upTo(4).map(messageOf) });
  const pages = await pagesOf(app, '/v1/inbox?limit=2');
  expect(pages.map((page) => page.length)).toEqual([2, 2]);
});

test('conversations are listed with their last item, newest first, in pages', async () => {
  const { app, store } = createTestApp();
  const from = (user: string, n: number) => ({ ...messageOf(n), from: user, to: 'alice' });
  const inbox = [from('bob', 1), from('carol', 2), from('bob', 3), from('dave', 4)];
  await put(store, { inbox });
  const reads = [{ user: 'alice', peer: 'bob', cursor: 1, isTold: true }];
  await put(store, { reads });
  const first = (await get(app, '/v1/conversations?limit=2')).json();
  expect(first).toEqual({
    items: [
      {
        peer: 'dave',
        revision: 4,
        unread: 1,
        readUpTo: 0,
        deliveredUpTo: 0,
        peerReadUpTo: 0,
        last: { cursor: 4, ...inbox[3] },
      },
      expect.objectContaining({ peer: 'bob', unread: 1, readUpTo: 1 }),
    ],
    next: '3',
  });
  const rest = (await get(app, `/v1/conversations?cursor=${first.next}`)).json();
  expect(rest).toMatchObject({ items: [{ peer: 'carol' }], next: null });
  const one = (await get(app, '/v1/conversations?peer=carol')).json();
  expect(one.items).toMatchObject([{ peer: 'carol', last: { cursor: 2 } }]);
});

test('a page holds fifty items unless asked, and never more than its limit', async () => {
  const { app, store } = createTestApp();
  await put(store, { inbox: upTo(MAX_PAGE_ITEMS + 1).map(messageOf) });
  expect((await get(app, '/v1/inbox')).json().items).toHaveLength(DEFAULT_PAGE_ITEMS);
  const full = (await get(app, `/v1/inbox?limit=${MAX_PAGE_ITEMS}`)).json();
  expect(full.items).toHaveLength(MAX_PAGE_ITEMS);
  expect(full.next).toBe(String(MAX_PAGE_ITEMS));
});

test.each([
  ['/v1/records?limit=0', 'query.limit'],
  ['/v1/records?limit=101', 'query.limit'],
  ['/v1/records?limit=ten', 'query.limit'],
  ['/v1/records?limit=1&limit=2', 'query.limit'],
  ['/v1/records?limit=-1', 'query.limit'],
  ['/v1/records?from=1e3', 'query.from'],
  ['/v1/records?to=9007199254740993', 'query.to'],
  ['/v1/records?peer=', 'query.peer'],
  ['/v1/records?peer=%00', 'query.peer'],
  ['/v1/records?peer=' + 'a'.repeat(65), 'query.peer'],
  ['/v1/records?user=bob', 'query.user'],
  ['/v1/records?__proto__=1', 'query.__proto__'],
  ['/v1/inbox?cursor=one', 'query.cursor'],
  ['/v1/conversations?cursor=bob', 'query.cursor'],
  ['/v1/conversations?peer=', 'query.peer'],
  ['/v1/conversations?unread=1', 'query.unread'],
  ['/v1/inbox?token=eyJ', 'query.token'],
  ['/v1/users?cursor=%07', 'query.cursor'],
])('%s is refused and %s is named', async (url, path) => {
  const { app } = createTestApp();
  const answer = await get(app, url);
  expect([answer.statusCode, answer.json()]).toEqual([
    400,
    { error: { code: 'malformed', path, message: expect.stringContaining(path) } },
  ]);
});

test.each<[string, Record<string, string>, RegExp]>([
  ['no token', {}, /missing/],
  ['another scheme', { authorization: 'Basic YWxpY2U6eA==' }, /missing/],
  ['a token in a cookie', { cookie: 'token=x' }, /missing/],
  ['two tokens', { authorization: 'Bearer a b' }, /missing/],
  ['a forged token', { authorization: 'Bearer a.b.c' }, /is refused/],
])('%s is no way in', async (_what, headers, why) => {
  const { app } = createTestApp();
  for (const url of ['/v1/records', '/v1/inbox', '/v1/conversations', '/v1/users']) {
    const answer = await app.inject({ url, headers });
    expect(answer.statusCode).toBe(401);
    expect(answer.headers['www-authenticate']).toBe('Bearer');
    expect(answer.json().error).toMatchObject({
      code: 'unauthorized',
      message: expect.stringMatching(why),
    });
  }
});

test('an expired token reads nothing', async () => {
  const { app } = createTestApp();
  const authorization = `Bearer ${await sign({ sub: 'alice', exp: 1 })}`;
  const answer = await app.inject({ url: '/v1/inbox', headers: { authorization } });
  expect([answer.statusCode, answer.json().error.message]).toEqual([401, 'The token has expired.']);
});

test('what does not exist below /v1 is told in JSON', async () => {
  const { app } = createTestApp();
  for (const [method, url] of [
    ['GET', '/v1/nothing'],
    ['POST', '/v1/records'],
    ['GET', '/v1'],
  ] as const) {
    const answer = await app.inject({ method, url: `${url}?secret=1` });
    expect([answer.statusCode, answer.json()]).toEqual([
      404,
      { error: { code: 'not-found', message: `There is no ${method} ${url}.` } },
    ]);
  }
});

test('an address that cannot be decoded is malformed', async () => {
  const { app } = createTestApp();
  const answer = await app.inject('/v1/%ff');
  expect([answer.statusCode, answer.json().error.code]).toEqual([400, 'malformed']);
});

test('while the store is away the answer is unavailable, and the operator is told why', async () => {
  const { app, store, log } = createTestApp();
  const fault = new StoreFault('the disk is full', undefined);
  app.addHook('preHandler', async () => {
    store.inboxHead = () => Promise.reject(fault);
  });
  const answer = await get(app, '/v1/inbox');
  expect([answer.statusCode, answer.json().error.code]).toEqual([503, 'unavailable']);
  expect(answer.headers['retry-after']).toBe('1');
  expect(answer.body).not.toContain('disk');
  expect(log.lines).toMatchObject([{ level: 'error', fields: { err: fault, route: '/v1/inbox' } }]);
});

test('a defect is answered without its details', async () => {
  const { app, log } = createTestApp({
    authenticator: { verify: () => Promise.reject(new Error('undefined is not a function')) },
  });
  const answer = await get(app, '/v1/inbox');
  expect([answer.statusCode, answer.json().error.code]).toEqual([500, 'internal']);
  expect(answer.body).not.toContain('undefined');
  expect(log.lines).toHaveLength(1);
});
