import { MAX_WATCHED_USERS } from '@ringline/protocol';
import { expect, test } from 'vitest';
import { LOGGED_IN, agora, anyrtc, failureOf } from './support/world.ts';
import { toldBy } from './support/told.ts';

test.each(LOGGED_IN)(
  '[RTM40] %s: a subscription tells once where all its peers stand',
  async (_, make) => {
    const world = await make();
    const lost = world.clock.now();
    world.server.presences.set('carol', { user: 'carol', state: 'offline' });
    world.server.presences.set('dave', { user: 'dave', state: 'offline', since: lost - 10_000 });
    const told = toldBy(world.client);
    await world.done(world.client.subscribePeersOnlineStatus(['bob', 'carol', 'dave']));
    await world.pass();
    expect(told).toEqual([
      ['PeersOnlineStatusChanged', { bob: 'ONLINE', carol: 'OFFLINE', dave: 'UNREACHABLE' }],
    ]);
  },
);

test('[RTM41] a lost peer is unreachable after 6 s, and offline after 30 s', async () => {
  const world = await agora();
  await world.done(world.client.subscribePeersOnlineStatus(['bob']));
  const told = toldBy(world.client);
  const since = world.clock.now();
  world.server.say({ type: 'presence', users: [{ user: 'bob', state: 'offline', since }] });
  // The page knows the server's clock but for the way of the welcome.
  await world.pass(6_019);
  expect(told).toEqual([]);
  await world.pass(1);
  expect(told).toEqual([['PeersOnlineStatusChanged', { bob: 'UNREACHABLE' }]]);
  await world.pass(23_999);
  expect(told).toHaveLength(1);
  await world.pass(1);
  expect(told.slice(1)).toEqual([['PeersOnlineStatusChanged', { bob: 'OFFLINE' }]]);
});

test('[RTM41] by the server’s clock, whatever the page’s says', async () => {
  const world = await agora();
  const hourAhead = world.clock.now() + 3_600_000;
  world.server.welcome = { at: hourAhead + 4_000 };
  world.server.wire.drop();
  await world.pass(2_000);
  world.server.presences.set('bob', { user: 'bob', state: 'offline', since: hourAhead });
  const told = toldBy(world.client);
  await world.done(world.client.subscribePeersOnlineStatus(['bob']));
  expect(told).toEqual([['PeersOnlineStatusChanged', { bob: 'ONLINE' }]]);
  await world.pass(2_000);
  expect(told.slice(1)).toEqual([['PeersOnlineStatusChanged', { bob: 'UNREACHABLE' }]]);
});

test('[RTM41] one that left is offline at once; one that is back in time was never away', async () => {
  const world = await agora();
  await world.done(world.client.subscribePeersOnlineStatus(['bob', 'carol']));
  const told = toldBy(world.client);
  const since = world.clock.now();
  world.server.say({
    type: 'presence',
    users: [
      { user: 'bob', state: 'offline', since, left: true },
      { user: 'carol', state: 'offline', since },
    ],
  });
  await world.pass();
  expect(told).toEqual([['PeersOnlineStatusChanged', { bob: 'OFFLINE' }]]);
  world.server.say({ type: 'presence', users: [{ user: 'carol', state: 'online' }] });
  await world.pass(60_000);
  expect(told).toHaveLength(1);
});

test('[RTM42] subscriptions add up, end one by one, are named again after a reconnect, and go with the logout', async () => {
  const world = await agora();
  const { client } = world;
  await world.done(client.subscribePeersOnlineStatus(['bob']));
  await world.done(client.subscribePeersOnlineStatus(['carol', 'bob', 'dave']));
  await world.done(client.unsubscribePeersOnlineStatus(['carol']));
  const subscribed = () => client.queryPeersBySubscriptionOption('ONLINE_STATUS');
  expect(await subscribed()).toEqual(['bob', 'dave']);
  const told = toldBy(client);
  world.server.wire.drop();
  await world.pass(2_000);
  expect(world.server.last('watch').users).toEqual(['bob', 'dave']);
  world.server.say({ type: 'presence', users: [{ user: 'carol', state: 'offline', left: true }] });
  await world.pass();
  expect(told).toEqual([]);
  await client.logout();
  expect(await failureOf(subscribed())).toEqual([
    102,
    'QUERY_PEERS_BY_SUBSCRIPTION_OPTION_ERR_USER_NOT_LOGGED_IN',
  ]);
  await world.login();
  expect(await subscribed()).toEqual([]);
});

test.each(LOGGED_IN)(
  '[RTM43] %s: at most 512 peers, 10 changes in 5 s, and ids that are ids',
  async (_, make) => {
    const world = await make();
    const { client } = world;
    const many = (count: number) => Array.from({ length: count }, (_, i) => `user ${i}`);
    const subscribe = (ids: unknown) =>
      failureOf(world.done(client.subscribePeersOnlineStatus(ids as string[])));
    await world.done(client.subscribePeersOnlineStatus(many(MAX_WATCHED_USERS)));
    expect(await subscribe(['one more'])).toEqual([6, 'PEER_SUBSCRIPTION_STATUS_ERR_OVERFLOW']);
    const bad = [2, 'PEER_SUBSCRIPTION_STATUS_ERR_INVALID_ARGUMENT'];
    for (const ids of [[], 'bob', [7], ['']]) expect(await subscribe(ids)).toEqual(bad);
    for (let i = 0; i < 9; i++) await world.done(client.subscribePeersOnlineStatus(['user 1']));
    expect(await subscribe(['user 1'])).toEqual([5, 'PEER_SUBSCRIPTION_STATUS_ERR_TOO_OFTEN']);
    await world.pass(5_000);
    for (const code of ['forbidden', 'not-permitted'] as const) {
      world.server.refuse('watch', code);
      expect(await subscribe(['user 1'])).toEqual([3, 'PEER_SUBSCRIPTION_STATUS_ERR_REJECTED']);
    }
    expect(await client.queryPeersBySubscriptionOption('ONLINE_STATUS')).toHaveLength(512);
  },
);

test.each(LOGGED_IN)(
  '[RTM44] %s: a question says who is there: not who left, nor who is lost for 30 s',
  async (_, make) => {
    const world = await make();
    const now = world.clock.now();
    const stand = [
      { user: 'bob', state: 'online' },
      { user: 'carol', state: 'offline', since: now - 29_000 },
      { user: 'dave', state: 'offline', since: now - 31_000 },
      { user: 'erin', state: 'offline', since: now, left: true },
      { user: 'frank', state: 'offline' },
    ] as const;
    for (const each of stand) world.server.presences.set(each.user, each);
    const ids = stand.map(({ user }) => user);
    expect(await world.done(world.client.queryPeersOnlineStatus(ids))).toEqual({
      bob: true,
      carol: true,
      dave: false,
      erin: false,
      frank: false,
    });
  },
);

test.each([
  [agora, [2, 3, 4, 5]],
  [anyrtc, [0, 1, 2, 3]],
])(
  '[RTM45] the errors of a question have other numbers in each dialect (%#)',
  async (make, codes) => {
    const world = await make();
    const query = (ids: unknown) =>
      failureOf(world.done(world.client.queryPeersOnlineStatus(ids as string[])));
    const prefix = 'QUERY_PEERS_ONLINE_STATUS_ERR_';
    const most = Array.from({ length: 256 }, (_, i) => `user ${i}`);
    expect(Object.keys(await world.done(world.client.queryPeersOnlineStatus(most)))).toHaveLength(
      256,
    );
    const bad = [codes[0], `${prefix}INVALID_ARGUMENT`];
    for (const ids of [[...most, 'one more'], [], ['null']]) expect(await query(ids)).toEqual(bad);
    world.server.refuse('query-presence', 'forbidden');
    expect(await query(['bob'])).toEqual([codes[1], `${prefix}REJECTED`]);
    world.server.refuse('query-presence', 'rate-limited');
    expect(await query(['bob'])).toEqual([codes[3], `${prefix}TOO_OFTEN`]);
    world.server.silentOn.add('query-presence');
    expect(await query(['bob'])).toEqual([codes[2], `${prefix}TIMEOUT`]);
  },
);

test('[RTM43] a change that was refused changes nothing', async () => {
  const world = await agora();
  const { client, server } = world;
  await world.done(client.subscribePeersOnlineStatus(['bob']));
  server.refuse('watch', 'forbidden');
  await failureOf(world.done(client.subscribePeersOnlineStatus(['carol'])));
  await failureOf(world.done(client.unsubscribePeersOnlineStatus(['bob'])));
  expect(await client.queryPeersBySubscriptionOption('ONLINE_STATUS')).toEqual(['bob']);
});

test('[RTM42] a subscription that was refused is not asked for again after a reconnect', async () => {
  const world = await agora();
  await world.done(world.client.subscribePeersOnlineStatus(['bob']));
  world.server.refuse('watch', 'malformed');
  await failureOf(world.done(world.client.subscribePeersOnlineStatus(['carol'])));
  world.server.answers.clear();
  world.server.wire.drop();
  await world.pass(3_000);
  expect(world.server.all('hello').length).toBeGreaterThan(1);
  expect(world.server.last('watch').users).toEqual(['bob']);
});

test('[RTM42] a subscription that another one overtakes over a reconnect says where its peers stand', async () => {
  const world = await agora();
  const told = toldBy(world.client);
  world.server.silentOn.add('watch');
  const bob = world.client.subscribePeersOnlineStatus(['bob']);
  await world.pass();
  const carol = world.client.subscribePeersOnlineStatus(['carol']);
  await world.pass();
  world.server.silentOn.clear();
  world.server.wire.drop();
  await world.done(Promise.all([bob, carol]));
  await world.pass(1_000);
  const standing = told.filter(([name]) => name === 'PeersOnlineStatusChanged');
  expect(standing).toHaveLength(2);
  expect(standing.map(([, status]) => status)).toEqual(
    expect.arrayContaining([{ bob: 'ONLINE' }, { carol: 'ONLINE' }]),
  );
});
