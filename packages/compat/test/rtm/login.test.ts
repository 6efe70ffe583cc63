import { CLOSE } from '@ringline/protocol';
import { expect, test } from 'vitest';
import { DIALECTS, agora, agoraWorld, anyrtc, anyrtcWorld, failureOf } from './support/world.ts';
import { toldBy } from './support/told.ts';

/** A token as Ringline's are, as far as a page reads it. */
function tokenOf(claims: object): string {
  return `head.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.signature`;
}

test.each(DIALECTS)('[RTM5] %s: a login is told in two steps', async (_, make) => {
  const world = make();
  const told = toldBy(world.client);
  await world.login();
  expect(told).toEqual([
    ['ConnectionStateChanged', 'CONNECTING', 'LOGIN'],
    ['ConnectionStateChanged', 'CONNECTED', 'LOGIN_SUCCESS'],
  ]);
  expect(world.server.last('hello')).toMatchObject({ rtm: { invitations: [] } });
});

test.each([
  [agoraWorld, 3],
  [anyrtcWorld, 2],
])('[RTM5] a uid that is none is INVALID_ARGUMENT (%#)', async (make, code) => {
  const { client } = make();
  for (const uid of ['', 'null', 'x'.repeat(65), 7, null, undefined] as string[]) {
    const failure = await failureOf(client.login({ uid, token: 'token' }));
    expect(failure).toEqual([code, 'LOGIN_ERR_INVALID_ARGUMENT']);
  }
});

test.each([
  [agora, 8],
  [anyrtc, 7],
])('[RTM5] a second login of one instance is ALREADY_LOGIN (%#)', async (make, code) => {
  const { client } = await make();
  const failure = await failureOf(client.login({ uid: 'alice', token: 'token' }));
  expect(failure).toEqual([code, 'LOGIN_ERR_ALREADY_LOGIN']);
});

test.each([
  [agoraWorld, 10],
  [anyrtcWorld, 9],
])('[RTM5] a third login within a second is TOO_OFTEN (%#)', async (make, code) => {
  const world = make();
  for (const _ of [1, 2]) {
    await world.login();
    await world.client.logout();
  }
  const again = () => failureOf(world.client.login({ uid: 'alice', token: 'token' }));
  expect(await again()).toEqual([code, 'LOGIN_ERR_TOO_OFTEN']);
  await world.pass(1_000);
  await world.login();
  expect(world.server.all('hello')).toHaveLength(3);
});

test.each([
  [agoraWorld, [5, 'LOGIN_ERR_INVALID_TOKEN'], [6, 'LOGIN_ERR_TOKEN_EXPIRED']],
  [anyrtcWorld, [4, 'LOGIN_ERR_INVALID_TOKEN'], [5, 'LOGIN_ERR_TOKEN_EXPIRED']],
])('[RTM6] a token that the server will not have is told apart (%#)', async (make, bad, old) => {
  const world = make();
  const told = toldBy(world.client);
  const login = (token?: string) =>
    failureOf(world.done(world.client.login({ uid: 'alice', token: token! })));
  expect(await login(tokenOf({ sub: 'bob' }))).toEqual(bad);
  expect(await login()).toEqual(bad);
  expect([told, world.server.heard]).toEqual([[], []]);
  world.server.turnAwayWith = CLOSE.unauthorized.code;
  expect(await login('forged')).toEqual(bad);
  const now = world.clock.now() / 1_000;
  await world.pass(1_000);
  expect(await login(tokenOf({ sub: 'alice', exp: now + 60 }))).toEqual(bad);
  expect(await login(tokenOf({ sub: 'alice', exp: now - 60 }))).toEqual(old);
  expect(told.at(-1)).toEqual(['ConnectionStateChanged', 'DISCONNECTED', 'LOGIN_FAILURE']);
});

test.each([
  [agoraWorld, 7],
  [anyrtcWorld, 6],
])('[RTM6] a server that denies RTM is told apart (%#)', async (make, code) => {
  const world = make();
  world.server.turnAwayWith = CLOSE.notPermitted.code;
  const login = world.client.login({ uid: 'alice', token: 'sealed' });
  expect(await failureOf(world.done(login))).toEqual([code, 'LOGIN_ERR_NOT_AUTHORIZED']);
});

test('[RTM6] a token of another user is refused, also when only the server can read it', async () => {
  const world = agoraWorld();
  world.server.welcome = { user: 'bob' };
  const told = toldBy(world.client);
  const login = world.client.login({ uid: 'alice', token: 'sealed' });
  expect(await failureOf(world.done(login))).toEqual([5, 'LOGIN_ERR_INVALID_TOKEN']);
  expect(told).not.toContainEqual(['ConnectionStateChanged', 'CONNECTED', 'LOGIN_SUCCESS']);
});

test.each([
  [agoraWorld, 10_000, 9],
  [anyrtcWorld, 6_000, 8],
])('[RTM6] without an answer a login times out (%#)', async (make, ms, code) => {
  const world = make();
  world.server.silentOn.add('hello');
  const told = toldBy(world.client);
  const startedAt = world.clock.now();
  const failure = await failureOf(world.done(world.client.login({ uid: 'alice', token: 't' })));
  expect(failure).toEqual([code, 'LOGIN_ERR_TIMEOUT']);
  expect(world.clock.now() - startedAt).toBe(ms);
  expect(told.at(-1)).toEqual(['ConnectionStateChanged', 'DISCONNECTED', 'LOGIN_TIMEOUT']);
});

test.each(DIALECTS)(
  '[RTM7] %s: a logout is told, and then the listeners are gone',
  async (_, make) => {
    const world = make();
    await world.login();
    const told = toldBy(world.client);
    await world.client.logout();
    await world.pass();
    expect(world.server.wire.isOpen).toBe(false);
    await world.login();
    expect(told).toEqual([['ConnectionStateChanged', 'DISCONNECTED', 'LOGOUT']]);
  },
);

test.each(DIALECTS)(
  '[RTM7] %s: without a login there is nothing to log out of',
  async (_, make) => {
    expect(await failureOf(make().client.logout())).toEqual([102, 'LOGOUT_ERR_USER_NOT_LOGGED_IN']);
  },
);

test.each([
  [agoraWorld, 1],
  [anyrtcWorld, 10],
])('[RTM7] a logout aborts the login that is under way (%#)', async (make, code) => {
  const world = make();
  const login = failureOf(world.client.login({ uid: 'alice', token: 'token' }));
  await world.client.logout();
  expect(await world.done(login)).toEqual([code, 'LOGIN_ERR_ABORTED_BY_LOGOUT']);
});

test.each(DIALECTS)(
  '[RTM8] %s: a connection that is away is told of after 4 s',
  async (_, make) => {
    const world = make();
    await world.login();
    const told = toldBy(world.client);
    world.server.dropFor(60_000);
    await world.pass(3_999);
    expect(told).toEqual([]);
    await world.pass(1);
    expect(told).toEqual([['ConnectionStateChanged', 'RECONNECTING', 'INTERRUPTED']]);
    await world.pass(90_000);
    expect(told.slice(1)).toEqual([['ConnectionStateChanged', 'CONNECTED', 'LOGIN_SUCCESS']]);
  },
);

test.each(DIALECTS)(
  '[RTM8] %s: of one that answers nothing it is told 4 s after the last answer, and it is replaced',
  async (_, make) => {
    const world = make();
    await world.login();
    const told = toldBy(world.client);
    await world.pass(2_500);
    const asked = world.server.all('rtm-ping').length;
    world.server.silentOn.add('rtm-ping');
    await world.pass(3_000);
    expect([asked, told]).toEqual([1, []]);
    world.server.silentOn.clear();
    await world.pass(1_000);
    expect(told).toEqual([['ConnectionStateChanged', 'RECONNECTING', 'INTERRUPTED']]);
    await world.pass(1_000);
    expect(told.slice(1)).toEqual([['ConnectionStateChanged', 'CONNECTED', 'LOGIN_SUCCESS']]);
    expect(world.server.all('hello')).toHaveLength(2);
  },
);

test('[RTM8] one whose answers are slow is not away, nor is one that refuses the question', async () => {
  const world = await agora();
  const told = toldBy(world.client);
  world.server.refuse('rtm-ping', 'rate-limited');
  await world.pass(60_100);
  expect(told).toEqual([]);
  expect(world.server.all('rtm-ping')).toHaveLength(30);
  world.server.silentOn.add('rtm-ping');
  for (let asked = 0; asked < 10; asked++) {
    await world.pass(2_000);
    const question = world.server.last('rtm-ping');
    world.clock.after(1_500, () => world.server.answer(question));
  }
  expect([told, world.server.all('hello').length]).toEqual([[], 1]);
});

test('[RTM8] nobody asks without a connection, nor after a logout', async () => {
  const world = await agora();
  world.server.dropFor(20_000);
  await world.pass(20_000);
  expect(world.server.all('rtm-ping')).toEqual([]);
  await world.client.logout();
  await world.pass(20_000);
  expect(world.server.all('rtm-ping')).toEqual([]);
});

test('[RTM8] one that is back sooner is not told of', async () => {
  const world = await agora();
  const told = toldBy(world.client);
  world.server.wire.drop();
  await world.pass(60_000);
  expect(told).toEqual([]);
  expect(world.server.all('hello')).toHaveLength(2);
});

test.each([
  ['agora', agora, 'ABORTED'],
  ['anyrtc', anyrtc, 'DISCONNECTED'],
] as const)('[RTM9] %s: another login of the user ends this one', async (_, make, state) => {
  const world = await make();
  const told = toldBy(world.client);
  world.server.close(CLOSE.replaced.code);
  await world.pass(60_000);
  expect(told).toEqual([['ConnectionStateChanged', state, 'REMOTE_LOGIN']]);
  expect(world.server.all('hello')).toHaveLength(1);
  await world.login();
  expect(told.at(-1)).toEqual(['ConnectionStateChanged', 'CONNECTED', 'LOGIN_SUCCESS']);
});

test('[RTM9] after it Agora’s app logs out, and in again', async () => {
  const world = await agora();
  world.server.close(CLOSE.replaced.code);
  await world.pass();
  const told = toldBy(world.client);
  await world.client.logout();
  await world.login();
  expect(told).toEqual([['ConnectionStateChanged', 'DISCONNECTED', 'LOGOUT']]);
});

test('[RTM9] with `everyDevice` a login says that the others stay', async () => {
  const world = await agora({ everyDevice: true });
  expect(world.server.last('hello').rtm).toEqual({ invitations: [], beside: true });
  const alone = await agora();
  expect(alone.server.last('hello').rtm).toEqual({ invitations: [] });
});

test('[RTM9] one that the server turns away for another reason is banned', async () => {
  const world = await agora();
  const told = toldBy(world.client);
  world.server.close(CLOSE.tooManyDevices.code);
  await world.pass();
  expect(told).toEqual([['ConnectionStateChanged', 'ABORTED', 'BANNED_BY_SERVER']]);
});

test('[RTM5] anyRTC’s client says who is logged in, and with which token', async () => {
  const world = anyrtcWorld();
  expect([world.client.uid, world.client.token]).toEqual(['', null]);
  await world.login();
  expect([world.client.uid, world.client.token]).toEqual(['alice', 'token of alice']);
  await world.done(world.client.renewToken('another'));
  expect(world.client.token).toBe('another');
  await world.client.logout();
  expect([world.client.uid, world.client.token]).toEqual(['', null]);
});
