import { CLOSE } from '@ringline/protocol';
import { expect, test } from 'vitest';
import { agora, agoraWorld, anyrtc, anyrtcWorld, failureOf } from './support/world.ts';
import { toldBy } from './support/told.ts';

test.each([
  [agoraWorld, 'TokenPrivilegeWillExpire'],
  [anyrtcWorld, 'TokenWillExpired'],
])('[RTM10] the app is told 30 s before its token expires (%#)', async (make, event) => {
  const world = make();
  world.server.welcome = { tokenExpiresMs: 100_000 };
  await world.login();
  const told = toldBy(world.client);
  await world.pass(69_900);
  expect(told).toEqual([]);
  await world.pass(100);
  expect(told).toEqual([[event]]);
});

test.each([[agora], [anyrtc]])(
  '[RTM10] a new token is given to the connection (%#)',
  async (make) => {
    const world = await make();
    world.server.answers.set('renew-token', { type: 'done', tokenExpiresMs: 100_000 });
    await world.done(world.client.renewToken('another'));
    expect(world.server.last('renew-token').token).toBe('another');
    const told = toldBy(world.client);
    await world.pass(70_000);
    expect(told).toHaveLength(1);
    world.server.wire.drop();
    await world.pass(2_000);
    expect(world.server.last('hello').token).toBe('another');
  },
);

test('[RTM10] Agora’s app hears that the token ran out when the connection needs another', async () => {
  const world = agoraWorld();
  world.server.welcome = { tokenExpiresMs: 10_000 };
  await world.login();
  const told = toldBy(world.client);
  await world.pass(11_000);
  world.server.welcome = {};
  world.server.close(CLOSE.unauthorized.code);
  await world.pass(60_000);
  expect(told).toEqual([
    ['TokenPrivilegeWillExpire'],
    ['ConnectionStateChanged', 'RECONNECTING', 'TOKEN_EXPIRED'],
    ['TokenExpired'],
  ]);
  expect(world.server.all('hello')).toHaveLength(1);
  await world.done(world.client.renewToken('another'));
  expect(world.server.last('hello').token).toBe('another');
  expect(told.at(-1)).toEqual(['ConnectionStateChanged', 'CONNECTED', 'LOGIN_SUCCESS']);
});

test('[RTM10] anyRTC’s app hears it when the token runs out, and once', async () => {
  const world = anyrtcWorld();
  world.server.welcome = { tokenExpiresMs: 10_000 };
  await world.login();
  const told = toldBy(world.client);
  await world.pass(10_000);
  expect(told.at(-1)).toEqual(['TokenDidExpired']);
  world.server.close(CLOSE.unauthorized.code);
  await world.pass(60_000);
  const expiries = () => told.filter(([name]) => name === 'TokenDidExpired').length;
  expect(expiries()).toBe(1);
  expect(told.at(-1)).toEqual(['ConnectionStateChanged', 'RECONNECTING', 'INTERRUPTED']);
  world.server.answers.set('renew-token', { type: 'done', tokenExpiresMs: 10_000 });
  await world.done(world.client.renewToken('another'));
  await world.pass(10_000);
  expect(expiries()).toBe(2);
});

test('[RTM10] what is no token of this login is told apart', async () => {
  const world = await agora();
  const renew = (token: string) => failureOf(world.done(world.client.renewToken(token)));
  expect(await renew('')).toEqual([2, 'RENEW_TOKEN_ERR_INVALID_ARGUMENT']);
  const ofBob = `head.${btoa('{"sub":"bob"}')}.signature`;
  expect(await renew(ofBob)).toEqual([6, 'RENEW_TOKEN_ERR_INVALID_TOKEN']);
  world.server.refuse('renew-token', 'unauthorized');
  expect(await renew('forged')).toEqual([6, 'RENEW_TOKEN_ERR_INVALID_TOKEN']);
  await world.pass(1_000);
  const many = await Promise.all([1, 2, 3].map(() => renew('forged')));
  expect(many.at(-1)).toEqual([4, 'RENEW_TOKEN_ERR_TOO_OFTEN']);
  expect(await failureOf(agoraWorld().client.renewToken('token'))).toEqual([
    102,
    'RENEW_TOKEN_ERR_USER_NOT_LOGGED_IN',
  ]);
});

test('[RTM10] an app without tokens of its own has them given by `tokenFor`', async () => {
  const asked: string[] = [];
  const tokenFor = (uid: string) => `token ${asked.push(uid)}`;
  const world = agoraWorld({ tokenFor });
  world.server.welcome = { tokenExpiresMs: 100_000 };
  await world.done(world.client.login({ uid: 'alice' }));
  const told = toldBy(world.client);
  await world.pass(99_000);
  expect(world.server.last('hello').token).toBe('token 1');
  expect(world.server.all('renew-token').length).toBeGreaterThan(0);
  expect([asked[0], told]).toEqual(['alice', []]);
});
