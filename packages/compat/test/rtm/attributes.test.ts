import { MAX_ATTRIBUTES, MAX_ATTRIBUTE_BYTES } from '@ringline/protocol';
import { expect, test } from 'vitest';
import { LOGGED_IN, agora, agoraWorld, failureOf } from './support/world.ts';
import { toldBy } from './support/told.ts';

test.each(LOGGED_IN)(
  '[RTM50] %s: own attributes are set, added, deleted and cleared',
  async (_, make) => {
    const world = await make();
    const { client, server } = world;
    const of = { kind: 'user', user: 'alice' };
    const nothing = { set: [], remove: [], notify: false };
    await world.done(client.setLocalUserAttributes({ a: '1' }));
    expect(server.last('rtm-set-attributes')).toMatchObject({
      ...nothing,
      of,
      replace: true,
      set: [{ key: 'a', value: '1' }],
    });
    await world.done(client.addOrUpdateLocalUserAttributes({ b: '' }));
    expect(server.last('rtm-set-attributes')).toMatchObject({
      replace: false,
      set: [{ key: 'b', value: '' }],
    });
    await world.done(client.deleteLocalUserAttributesByKeys(['a']));
    expect(server.last('rtm-set-attributes')).toMatchObject({ replace: false, remove: ['a'] });
    await world.done(client.clearLocalUserAttributes());
    expect(server.last('rtm-set-attributes')).toMatchObject({ ...nothing, of, replace: true });
  },
);

test.each(LOGGED_IN)(
  '[RTM50] %s: attributes of users and channels are read, all or some',
  async (_, make) => {
    const world = await make();
    const { client, server } = world;
    const attributes = [{ key: 'a', value: '1', by: 'bob', at: 5 }];
    server.answers.set('rtm-get-attributes', { type: 'rtm-attributes-found', attributes });
    expect(await world.done(client.getUserAttributes('bob'))).toEqual({ a: '1' });
    expect(server.last('rtm-get-attributes')).not.toHaveProperty('keys');
    await world.done(client.getUserAttributesByKeys('bob', ['a']));
    expect(server.last('rtm-get-attributes')).toMatchObject({
      of: { kind: 'user', user: 'bob' },
      keys: ['a'],
    });
    const found = { a: { value: '1', lastUpdateUserId: 'bob', lastUpdateTs: 5 } };
    expect(await world.done(client.getChannelAttributes('room'))).toEqual(found);
    expect(await world.done(client.getChannelAttributesByKeys('room', ['a']))).toEqual(found);
    expect(server.last('rtm-get-attributes').of).toEqual({ kind: 'channel', channel: 'room' });
  },
);

test.each(LOGGED_IN)(
  '[RTM51] %s: those of a channel are changed, and its members hear of it on wish',
  async (_, make) => {
    const world = await make();
    const { client, server } = world;
    const told = { enableNotificationToChannelMembers: true };
    await world.done(client.setChannelAttributes('room', { a: '1' }, told));
    expect(server.last('rtm-set-attributes')).toMatchObject({
      of: { kind: 'channel', channel: 'room' },
      replace: true,
      notify: true,
    });
    await world.done(client.addOrUpdateChannelAttributes('room', { a: '1' }));
    await world.done(client.deleteChannelAttributesByKeys('room', ['a'], told));
    await world.done(client.clearChannelAttributes('room', {}));
    const said = server.all('rtm-set-attributes');
    expect(said.map(({ notify }) => notify)).toEqual([true, false, true, false]);
    const channel = client.createChannel('room');
    await world.done(channel.join());
    const events = toldBy(channel);
    const attributes = [{ key: 'a', value: '1', by: 'bob', at: 5 }];
    server.say({ type: 'rtm-attributes-changed', channel: 'room', attributes });
    await world.pass();
    expect(events).toEqual([
      ['AttributesUpdated', { a: { value: '1', lastUpdateUserId: 'bob', lastUpdateTs: 5 } }],
    ]);
  },
);

test('[RTM52] a login that was away for too long sets its own again, and one that was not does not', async () => {
  const world = await agora();
  await world.done(world.client.setLocalUserAttributes({ z: '0' }));
  await world.done(world.client.setLocalUserAttributes({ a: '1', b: '2' }));
  await world.done(world.client.deleteLocalUserAttributesByKeys(['b']));
  const before = world.server.all('rtm-set-attributes').length;
  world.server.welcome = { rtm: { resumed: true, gone: [] } };
  world.server.wire.drop();
  await world.pass(2_000);
  expect(world.server.all('rtm-set-attributes')).toHaveLength(before);
  world.server.welcome = { rtm: { resumed: false, gone: [] } };
  world.server.wire.drop();
  await world.pass(2_000);
  expect(world.server.last('rtm-set-attributes')).toMatchObject({
    replace: true,
    set: [{ key: 'a', value: '1' }],
  });
  expect(world.server.all('rtm-set-attributes')).toHaveLength(before + 1);
});

test('[RTM52] a logout forgets them', async () => {
  const world = await agora();
  await world.done(world.client.setLocalUserAttributes({ a: '1' }));
  await world.client.logout();
  await world.login();
  world.server.wire.drop();
  await world.pass(2_000);
  expect(world.server.all('rtm-set-attributes')).toHaveLength(1);
});

test.each(LOGGED_IN)(
  '[RTM53] %s: what is too large is SIZE_OVERFLOW, what is no attribute INVALID_ARGUMENT',
  async (_, make) => {
    const world = await make();
    const set = async (attributes: unknown) => {
      const done = world.done(world.client.setLocalUserAttributes(attributes as { a: string }));
      return done.then(
        () => 'done',
        ({ data }: { data: string }) => data.replace('ATTRIBUTE_OPERATION_ERR_', ''),
      );
    };
    const many = (count: number) =>
      Object.fromEntries(Array.from({ length: count }, (_, i) => [`key ${i}`, '']));
    const full = '.'.repeat(MAX_ATTRIBUTE_BYTES);
    expect(await set(many(MAX_ATTRIBUTES))).toBe('done');
    expect(await set(many(MAX_ATTRIBUTES + 1))).toBe('SIZE_OVERFLOW');
    expect(await set({ a: full, b: full.slice(2) })).toBe('done');
    expect(await set({ a: full, b: full.slice(1) })).toBe('SIZE_OVERFLOW');
    expect(await set({ a: `${full}.` })).toBe('SIZE_OVERFLOW');
    expect(await set({ ['é'.repeat(16)]: '' })).toBe('done');
    for (const bad of [{ [`${'é'.repeat(16)}.`]: '' }, { '': 'x' }, { a: 7 }, {}, null]) {
      expect(await set(bad)).toBe('INVALID_ARGUMENT');
    }
    // Only the server knows what was there before.
    world.server.refuse('rtm-set-attributes', 'malformed', { path: 'set' });
    expect(await set({ a: '1' })).toBe('SIZE_OVERFLOW');
    world.server.refuse('rtm-set-attributes', 'rate-limited');
    expect(await set({ a: '1' })).toBe('TOO_OFTEN');
  },
);

test('[RTM53] a channel’s may be twice as large', async () => {
  const world = await agora();
  const full = '.'.repeat(MAX_ATTRIBUTE_BYTES);
  const most = { a: full, b: full, c: full, d: full.slice(4) };
  await world.done(world.client.setChannelAttributes('room', most));
  const over = world.client.setChannelAttributes('room', { ...most, d: full.slice(3) });
  expect(await failureOf(over)).toEqual([4, 'ATTRIBUTE_OPERATION_ERR_SIZE_OVERFLOW']);
});

test.each(LOGGED_IN)('[RTM53] %s: keys, users and channels that are none', async (_, make) => {
  const { client } = await make();
  const bad = [3, 'ATTRIBUTE_OPERATION_ERR_INVALID_ARGUMENT'];
  for (const failing of [
    client.deleteLocalUserAttributesByKeys([]),
    client.getUserAttributesByKeys('bob', ['']),
    client.getUserAttributes(''),
    client.getChannelAttributes(''),
    client.clearChannelAttributes('x'.repeat(65)),
  ]) {
    expect(await failureOf(failing)).toEqual(bad);
  }
  const { client: out } = agoraWorld();
  expect(await failureOf(out.getUserAttributes('bob'))).toEqual([
    102,
    'ATTRIBUTE_OPERATION_ERR_USER_NOT_LOGGED_IN',
  ]);
});

test('[RTM53] those of a user who is not there are USER_NOT_FOUND', async () => {
  const world = await agora();
  world.server.refuse('rtm-get-attributes', 'unknown-user');
  const failure = await failureOf(world.done(world.client.getUserAttributes('bob')));
  expect(failure).toEqual([6, 'ATTRIBUTE_OPERATION_ERR_USER_NOT_FOUND']);
});

test('[RTM52] what the app has changed while it was away is not undone', async () => {
  const world = await agora();
  await world.done(world.client.setLocalUserAttributes({ mood: 'old', age: '1' }));
  world.server.dropFor(40_000);
  await world.pass(33_000);
  // The client looks for its server anew, and finds it.
  while (world.server.all('hello').length < 2) {
    const change = world.client.addOrUpdateLocalUserAttributes({ mood: 'newest' });
    change.catch(() => undefined);
    await world.pass(4_000);
  }
  await world.pass(1_000);
  const restored = world.server.all('rtm-set-attributes').findLast(({ replace }) => replace);
  expect(restored?.set).toEqual([
    { key: 'mood', value: 'newest' },
    { key: 'age', value: '1' },
  ]);
});

test('[RTM52] over many reconnects they are set again once', async () => {
  const world = await agora();
  await world.done(world.client.setLocalUserAttributes({ mood: 'old' }));
  world.server.refuse('rtm-set-attributes', 'unavailable');
  for (let i = 0; i < 5; i++) {
    world.server.wire.drop();
    await world.pass(3_000);
  }
  world.server.answers.clear();
  const before = world.server.all('rtm-set-attributes').length;
  await world.pass(5_000);
  expect(world.server.all('rtm-set-attributes')).toHaveLength(before + 1);
});
