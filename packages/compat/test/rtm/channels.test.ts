import { MAX_JOINED_CHANNELS, MAX_MESSAGE_BYTES } from '@ringline/protocol';
import { expect, test } from 'vitest';
import { LOGGED_IN, agora, agoraWorld, anyrtc, failureOf } from './support/world.ts';
import { toldBy } from './support/told.ts';

/** Logged in, and in a channel. */
async function joined(make: typeof agora | typeof anyrtc) {
  const world = await make();
  const channel = world.client.createChannel('room');
  await world.done(channel.join());
  return { world, channel, told: toldBy(channel) };
}

test.each(LOGGED_IN)('[RTM60] %s: join, members, leave', async (_, make) => {
  const { world, channel } = await joined(make);
  expect([channel.channelId, world.server.last('rtm-join').channel]).toEqual(['room', 'room']);
  world.server.answers.set('rtm-members', {
    type: 'rtm-members-found',
    members: ['alice', 'bob'],
  });
  expect(await world.done(channel.getMembers())).toEqual(['alice', 'bob']);
  await world.done(channel.leave());
  expect(world.server.last('rtm-leave').channel).toBe('room');
  expect(await failureOf(channel.getMembers())).toEqual([5, 'GET_MEMBERS_ERR_NOT_IN_CHANNEL']);
  expect(await failureOf(channel.leave())).toEqual([3, 'LEAVE_CHANNEL_ERR_NOT_IN_CHANNEL']);
});

test('[RTM61] messages to the channel, Agora’s also with bytes, come to its members', async () => {
  const world = await agora();
  const channel = world.client.createChannel('room');
  await world.done(channel.join());
  const told = toldBy(channel);
  await world.done(channel.sendMessage({ text: 'hello' }));
  expect(world.server.last('rtm-publish')).toMatchObject({
    channel: 'room',
    body: { kind: 'text', text: 'hello' },
  });
  await world.done(channel.sendMessage({ rawMessage: new Uint8Array([1]), messageType: 'RAW' }));
  const { body } = world.server.last('rtm-publish');
  const message = { type: 'rtm-channel-message', message: 'm', from: 'bob', at: 5, body } as const;
  for (const to of ['room', 'another']) world.server.say({ ...message, channel: to });
  await world.pass();
  const raw = { rawMessage: new Uint8Array([1]), description: '', messageType: 'RAW' };
  expect(told).toEqual([['ChannelMessage', raw, 'bob', { serverReceivedTs: 5 }]]);
});

test('[RTM67] what the server says again after a reconnect is told once, also among others', async () => {
  const { world, told } = await joined(agora);
  const body = { kind: 'text', text: 'hello' } as const;
  const say = (message: string, from: string) =>
    world.server.say({ type: 'rtm-channel-message', message, channel: 'room', from, at: 5, body });
  for (const id of ['m1', 'm2', 'm1', 'm2', 'm3']) say(id, 'bob');
  say('m1', 'carol');
  await world.pass();
  expect(told).toHaveLength(4);
});

test('[RTM61] anyRTC’s are told with `isOfflineMessage`', async () => {
  const { world, told } = await joined(anyrtc);
  const body = { kind: 'text', text: 'hello' } as const;
  world.server.say({
    type: 'rtm-channel-message',
    message: 'm',
    channel: 'room',
    from: 'bob',
    at: 5,
    body,
  });
  await world.pass();
  const properties = { isOfflineMessage: false, serverReceivedTs: 5 };
  expect(told[0]?.slice(2)).toEqual(['bob', properties]);
});

test.each(LOGGED_IN)(
  '[RTM62] %s: who comes and goes is told, without oneself, and how many there are',
  async (_, make) => {
    const { world, told } = await joined(make);
    const change = { type: 'rtm-members-changed', channel: 'room' } as const;
    world.server.say({ ...change, joined: ['alice', 'bob'], left: [], count: 2 });
    world.server.say({ ...change, joined: ['carol'], left: ['bob'], count: 2 });
    world.server.say({ ...change, joined: [], left: [], count: 600 });
    await world.pass();
    expect(told).toEqual([
      ['MemberJoined', 'bob'],
      ['MemberCountUpdated', 2],
      ['MemberJoined', 'carol'],
      ['MemberLeft', 'bob'],
      ['MemberCountUpdated', 600],
    ]);
  },
);

test('[RTM63] a login that was away for too long joins again, one that was not does not', async () => {
  const { world } = await joined(agora);
  world.server.welcome = { rtm: { resumed: true, gone: [] } };
  world.server.wire.drop();
  await world.pass(2_000);
  expect(world.server.all('rtm-join')).toHaveLength(1);
  world.server.welcome = {};
  world.server.wire.drop();
  await world.pass(2_000);
  expect(world.server.all('rtm-join')).toHaveLength(2);
});

test('[RTM63] a logout leaves all channels', async () => {
  const { world, channel } = await joined(agora);
  await world.client.logout();
  await world.login();
  const message = { text: 'hello' };
  expect(await failureOf(channel.sendMessage(message))).toEqual([
    5,
    'CHANNEL_MESSAGE_ERR_NOT_IN_CHANNEL',
  ]);
  await world.done(channel.join());
  expect(world.server.all('rtm-join')).toHaveLength(2);
});

test.each(LOGGED_IN)('[RTM64] %s: joining has the vendor’s errors', async (_, make) => {
  const { world, channel } = await joined(make);
  const join = (id: string) => failureOf(world.done(world.client.createChannel(id).join()));
  expect(await failureOf(channel.join())).toEqual([6, 'JOIN_CHANNEL_ERR_ALREADY_JOINED']);
  expect(await join('room')).toEqual([211, 'JOIN_CHANNEL_ERR_ALREADY_JOINED_CHANNEL_OF_SAME_ID']);
  for (const [code, number, name] of [
    ['rate-limited', 7, 'TOO_OFTEN'],
    ['forbidden', 2, 'REJECTED'],
    ['unavailable', 1, 'FAILURE'],
    ['too-many-channels', 5, 'EXCEED_LIMIT'],
  ] as const) {
    world.server.refuse('rtm-join', code);
    expect(await join(`another ${code}`)).toEqual([number, `JOIN_CHANNEL_ERR_${name}`]);
  }
  world.server.silentOn.add('rtm-join');
  expect(await join('a slow one')).toEqual([4, 'JOIN_CHANNEL_TIMEOUT']);
  const bad = [1, 'CREATE_CHANNEL_ERR_INVALID_ARGUMENT'];
  for (const id of ['', 'null', 'x'.repeat(65), 7 as unknown as string]) {
    expect(await failureOf(() => world.client.createChannel(id))).toEqual(bad);
  }
  await world.client.logout();
  expect(await failureOf(channel.join())).toEqual([102, 'JOIN_CHANNEL_ERR_USER_NOT_LOGGED_IN']);
});

test('[RTM64] the same channel twice in 5 s and no more', async () => {
  const { world, channel } = await joined(agora);
  await world.done(channel.leave());
  await world.done(channel.join());
  await world.done(channel.leave());
  const failure = await failureOf(channel.join());
  expect(failure).toEqual([8, 'JOIN_CHANNEL_ERR_JOIN_SAME_CHANNEL_TOO_OFTEN']);
  await world.pass(5_000);
  await world.done(channel.join());
  expect(world.server.all('rtm-join')).toHaveLength(3);
});

test('[RTM64] at most 20 channels', async () => {
  const { world, channel } = await joined(agora);
  for (let i = 1; i < MAX_JOINED_CHANNELS; i++) {
    await world.done(world.client.createChannel(`room ${i}`).join());
  }
  const last = world.client.createChannel('one more');
  expect(await failureOf(last.join())).toEqual([5, 'JOIN_CHANNEL_ERR_EXCEED_LIMIT']);
  await world.done(channel.leave());
  await world.done(last.join());
  expect(world.server.last('rtm-join').channel).toBe('one more');
});

test('[RTM64] leave() aborts a join that is under way', async () => {
  const world = await agora();
  world.server.silentOn.add('rtm-join');
  const channel = world.client.createChannel('room');
  const join = failureOf(channel.join());
  await world.pass();
  await world.done(channel.leave());
  expect(await join).toEqual([210, 'JOIN_CHANNEL_ERR_ABORTED_BY_LEAVE']);
});

test.each(LOGGED_IN)('[RTM65] %s: a message has the vendor’s errors', async (_, make) => {
  const { world, channel } = await joined(make);
  const send = (text: unknown) =>
    failureOf(world.done(channel.sendMessage({ text: text as string })));
  const bad = [4, 'CHANNEL_MESSAGE_ERR_INVALID_MESSAGE'];
  expect(await send('.'.repeat(MAX_MESSAGE_BYTES + 1))).toEqual(bad);
  expect(await send(7)).toEqual(bad);
  world.server.refuse('rtm-publish', 'wrong-state');
  expect(await send('hello')).toEqual([5, 'CHANNEL_MESSAGE_ERR_NOT_IN_CHANNEL']);
  world.server.refuse('rtm-publish', 'rate-limited');
  expect(await send('hello')).toEqual([3, 'CHANNEL_MESSAGE_ERR_TOO_OFTEN']);
  world.server.silentOn.add('rtm-publish');
  expect(await send('hello')).toEqual([2, 'CHANNEL_MESSAGE_ERR_TIMEOUT']);
});

test.each(LOGGED_IN)('[RTM66] %s: members of at most 32 channels are counted', async (_, make) => {
  const world = await make();
  const { client } = world;
  world.server.answers.set('rtm-count', { type: 'rtm-counted', counts: [2, 0] });
  expect(await world.done(client.getChannelMemberCount(['a', 'b']))).toEqual({ a: 2, b: 0 });
  const count = (ids: unknown) =>
    failureOf(world.done(client.getChannelMemberCount(ids as string[])));
  const prefix = 'GET_CHANNEL_MEMBER_COUNT_ERR_';
  const many = Array.from({ length: 33 }, (_, i) => `room ${i}`);
  expect(await count(many)).toEqual([5, `${prefix}EXCEED_LIMIT`]);
  await world.done(client.getChannelMemberCount(many.slice(1)));
  for (const ids of [[], [''], 'room']) {
    expect(await count(ids)).toEqual([2, `${prefix}INVALID_ARGUMENT`]);
  }
  world.server.refuse('rtm-count', 'rate-limited');
  expect(await count(['a'])).toEqual([3, `${prefix}TOO_OFTEN`]);
  expect(await failureOf(agoraWorld().client.getChannelMemberCount(['a']))).toEqual([
    102,
    `${prefix}USER_NOT_LOGGED_IN`,
  ]);
});

test('[RTM63] a join that is under way over a reconnect is asked once more, not twice', async () => {
  const world = await agora();
  world.server.silentOn.add('rtm-join');
  const channel = world.client.createChannel('room');
  const join = channel.join();
  await world.pass();
  world.server.silentOn.clear();
  world.server.wire.drop();
  await world.done(join);
  expect(world.server.all('rtm-join')).toHaveLength(2);
});

test('[RTM64] a channel that could not be joined is free for another object', async () => {
  const world = await agora();
  world.server.refuse('rtm-join', 'unavailable');
  const failure = await failureOf(world.done(world.client.createChannel('room').join()));
  expect(failure).toEqual([1, 'JOIN_CHANNEL_ERR_FAILURE']);
  world.server.answers.clear();
  await world.done(world.client.createChannel('room').join());
  expect(world.server.all('rtm-join')).toHaveLength(2);
});

test('[RTM64] leave() and join() in a row: the second join is whole', async () => {
  const world = await agora();
  world.server.silentOn.add('rtm-join');
  const channel = world.client.createChannel('room');
  const told = toldBy(channel);
  const first = failureOf(channel.join());
  await world.pass();
  world.server.silentOn.clear();
  const left = channel.leave();
  const second = channel.join();
  expect((await world.done(first))[1]).toBe('JOIN_CHANNEL_ERR_ABORTED_BY_LEAVE');
  await world.done(Promise.all([left, second]));
  const message = { type: 'rtm-channel-message', message: 'm', from: 'bob', at: 5 } as const;
  world.server.say({ ...message, channel: 'room', body: { kind: 'text', text: 'hi' } });
  await world.pass();
  expect(told.map(([name]) => name)).toEqual(['ChannelMessage']);
  const other = failureOf(world.client.createChannel('room').join());
  expect((await other)[1]).toBe('JOIN_CHANNEL_ERR_ALREADY_JOINED_CHANNEL_OF_SAME_ID');
});

test('[RTM63] a channel that was left while the page was away is left at the server too', async () => {
  const { world, channel } = await joined(agora);
  world.server.welcome = { rtm: { resumed: true, gone: [] } };
  world.server.dropFor(20_000);
  await world.pass(1_000);
  const failure = await failureOf(world.done(channel.leave()));
  expect(failure[1]).toBe('LEAVE_CHANNEL_ERR_FAILURE');
  await world.pass(60_000);
  expect(world.server.all('hello').length).toBeGreaterThan(1);
  expect(world.server.all('rtm-leave')).toHaveLength(1);
});

test('[RTM63] joined again meanwhile, it is not left', async () => {
  const { world, channel } = await joined(agora);
  world.server.welcome = { rtm: { resumed: true, gone: [] } };
  world.server.dropFor(20_000);
  await world.pass(1_000);
  await failureOf(world.done(channel.leave()));
  const again = channel.join();
  await world.pass(60_000);
  await again;
  expect(world.server.all('rtm-leave')).toEqual([]);
});

test('[RTM64] a join that had no answer is taken back', async () => {
  const world = await agora();
  world.server.silentOn.add('rtm-join');
  const channel = world.client.createChannel('room');
  const failure = await failureOf(world.done(channel.join()));
  expect(failure[1]).toBe('JOIN_CHANNEL_TIMEOUT');
  await world.pass();
  expect(world.server.all('rtm-leave')).toHaveLength(1);
});

test('[RTM63] a channel that is left while it is being joined again stays left', async () => {
  const { world, channel } = await joined(agora);
  world.server.refuse('rtm-join', 'unavailable', { retryAfterMs: 1_000 });
  world.server.wire.drop();
  await world.pass(3_000);
  await world.done(channel.leave());
  world.server.answers.clear();
  await world.pass(5_000);
  const said = world.server.heard.map(({ type }) => type);
  expect(said.lastIndexOf('rtm-join')).toBeGreaterThan(-1);
  expect(said.lastIndexOf('rtm-leave')).toBeGreaterThan(said.lastIndexOf('rtm-join'));
});

test('[RTM62] after a logout the count is told anew, though it is the same', async () => {
  const { world, channel } = await joined(agora);
  const counts: number[] = [];
  const say = async () => {
    const changed = { type: 'rtm-members-changed', channel: 'room', joined: [], left: [] } as const;
    world.server.say({ ...changed, count: 3 });
    await world.pass();
  };
  await say();
  await world.done(world.client.logout());
  channel.on('MemberCountUpdated', (count: number) => counts.push(count));
  await world.login();
  await world.done(channel.join());
  await say();
  expect(counts).toEqual([3]);
});
