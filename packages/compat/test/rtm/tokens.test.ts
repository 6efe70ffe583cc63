import { CLOSE } from '@ringline/protocol';
import { expect, test } from 'vitest';
import { agora, agoraWorld, anyrtc, anyrtcWorld, failureOf } from './support/world.ts';
import { toldBy } from './support/told.ts';
import { invited } from './support/views.ts';

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

/** A page with an invitation of alice's own and one of bob, whose token has just expired. */
async function expired(make: typeof agoraWorld | typeof anyrtcWorld) {
  const world = make();
  world.server.welcome = { tokenExpiresMs: 10_000 };
  await world.login();
  const own = world.client.createLocalInvitation('bob');
  own.send();
  world.server.show(invited());
  const asked: Promise<{ remote: readonly { refuse(): void }[] }> =
    world.client.pendingInvitations();
  const { remote } = await world.done(asked);
  await world.pass(10_000);
  world.server.refuse('rtm-cancel', 'forbidden');
  world.server.refuse('rtm-refuse', 'forbidden');
  world.server.answers.set('renew-token', { type: 'done', tokenExpiresMs: 100_000 });
  own.cancel();
  remote[0]!.refuse();
  await world.pass();
  const said = () => [world.server.all('rtm-cancel').length, world.server.all('rtm-refuse').length];
  return { world, said };
}

test.each([[agoraWorld], [anyrtcWorld]])(
  '[RTM10] what the expired token forbade is said again with the new one (%#)',
  async (make) => {
    const { world, said } = await expired(make);
    await world.pass(5_000);
    expect(said()).toEqual([1, 1]);
    await world.done(world.client.renewToken('another'));
    await world.pass();
    expect(said()).toEqual([2, 2]);
    // Forbidden with a token that is good, it is forbidden for good.
    await world.done(world.client.renewToken('a third'));
    await world.pass(5_000);
    expect(said()).toEqual([2, 2]);
  },
);

test('[RTM10] and when the connection came back with it; another login says nothing of it', async () => {
  const closed = await expired(agoraWorld);
  closed.world.server.welcome = {};
  closed.world.server.close(CLOSE.unauthorized.code);
  await closed.world.pass();
  await closed.world.done(closed.world.client.renewToken('another'));
  await closed.world.pass();
  expect(closed.said()).toEqual([2, 2]);
  const left = await expired(anyrtcWorld);
  await left.world.done(left.world.client.logout());
  await left.world.login();
  await left.world.pass(5_000);
  expect(left.said()).toEqual([1, 1]);
});

test('[RTM10] with `tokenFor` the client’s own renewals count: later refusals are final at once', async () => {
  const world = agoraWorld({ tokenFor: () => tokenUntil(world.clock.now() + 3_600_000) });
  world.server.welcome = { tokenExpiresMs: 60_000 };
  world.server.answers.set('renew-token', { type: 'done', tokenExpiresMs: 3_600_000 });
  await world.login();
  await world.pass(120_000);
  expect(world.server.all('renew-token')).toHaveLength(1);
  world.server.refuse('rtm-invite', 'forbidden');
  const invitation = world.client.createLocalInvitation('bob');
  const told = toldBy(invitation);
  invitation.send();
  await world.pass();
  expect(told).toEqual([['LocalInvitationFailure', 'UNKNOWN']]);
});

function tokenUntil(ms: number): string {
  const claims = { sub: 'alice', exp: Math.floor(ms / 1000) };
  return `e30.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.`;
}
