import { RTM_OFFLINE_AFTER_MS } from '@ringline/protocol';
import type { RtmChannel as AgoraChannel } from '@ringline/compat/rtm/agora';
import type { RtmChannel as AnyrtcChannel } from '@ringline/compat/rtm/anyrtc';
import { expect, test } from 'vitest';
import type { Dialect, Page } from './support/rtm-town.ts';
import { Town } from './support/rtm-town.ts';

type Channel = AgoraChannel | AnyrtcChannel;

const DIALECTS = ['agora', 'anyrtc'] as const;
const EVENTS = [
  'ChannelMessage',
  'MemberJoined',
  'MemberLeft',
  'MemberCountUpdated',
  'AttributesUpdated',
];

/** Two users in one channel, and what each was told there since. */
async function together(dialect: Dialect) {
  const town = await new Town().start();
  const told: unknown[][] = [];
  const joined = async (who: string): Promise<{ page: Page; channel: Channel }> => {
    const page = await town.page(dialect, who);
    const channel: Channel = page.client.createChannel('room');
    for (const event of EVENTS) {
      const listener = (...args: unknown[]) => told.push([who, event, ...args]);
      (channel as { on(name: string, listener: unknown): unknown }).on(event, listener);
    }
    await town.done(channel.join());
    await town.pass(1_000);
    return { page, channel };
  };
  const alice = await joined('alice');
  const bob = await joined('bob');
  return { town, told, alice, bob, joined };
}

test.each(DIALECTS)('[RTM60][RTM62] %s: who comes and goes at a real server', async (dialect) => {
  const { town, told, alice, bob, joined } = await together(dialect);
  expect(told.filter(([who]) => who === 'alice').slice(-2)).toEqual([
    ['alice', 'MemberJoined', 'bob'],
    ['alice', 'MemberCountUpdated', 2],
  ]);
  const carol = await joined('carol');
  expect((await town.done(alice.channel.getMembers())).toSorted()).toEqual([
    'alice',
    'bob',
    'carol',
  ]);
  expect(await town.done(bob.page.client.getChannelMemberCount(['room', 'empty']))).toEqual({
    room: 3,
    empty: 0,
  });
  told.length = 0;
  await town.done(carol.channel.leave());
  await town.pass(1_000);
  expect(told).toEqual(
    expect.arrayContaining([
      ['alice', 'MemberLeft', 'carol'],
      ['alice', 'MemberCountUpdated', 2],
      ['bob', 'MemberLeft', 'carol'],
    ]),
  );
  expect(told.filter(([, , each]) => each === 'alice')).toEqual([]);
});

test.each(DIALECTS)('[RTM61] %s: what one says the others hear, in order', async (dialect) => {
  const { town, told, alice } = await together(dialect);
  told.length = 0;
  const texts = Array.from({ length: 20 }, (_, i) => `text ${i}`);
  await town.done(Promise.all(texts.map((text) => alice.channel.sendMessage({ text }))));
  await town.pass();
  expect(told.map(([who, event, message, from]) => [who, event, message, from])).toEqual(
    texts.map((text) => ['bob', 'ChannelMessage', { text, messageType: 'TEXT' }, 'alice']),
  );
});

test.each(DIALECTS)(
  '[RTM63] %s: lost for 30 s a member has left; back, it is one again',
  async (dialect) => {
    const { town, told, alice, bob } = await together(dialect);
    await town.done(bob.page.client.setLocalUserAttributes({ name: 'Bob' }));
    told.length = 0;
    bob.page.lose();
    await town.pass(RTM_OFFLINE_AFTER_MS + 15_000);
    expect(told).toEqual([
      ['alice', 'MemberLeft', 'bob'],
      ['alice', 'MemberCountUpdated', 1],
    ]);
    const read = town.done(alice.page.client.getUserAttributes('bob'));
    await expect(read).rejects.toMatchObject({
      code: 6,
      data: 'ATTRIBUTE_OPERATION_ERR_USER_NOT_FOUND',
    });
    told.length = 0;
    bob.page.find();
    await town.pass(60_000);
    expect(told.filter(([who]) => who === 'alice')).toEqual([
      ['alice', 'MemberJoined', 'bob'],
      ['alice', 'MemberCountUpdated', 2],
    ]);
    expect(await town.done(alice.page.client.getUserAttributes('bob'))).toEqual({ name: 'Bob' });
    await town.done(alice.channel.sendMessage({ text: 'welcome back' }));
    await town.pass();
    expect(told.at(-1)?.slice(0, 2)).toEqual(['bob', 'ChannelMessage']);
  },
);

test.each(DIALECTS)('[RTM50][RTM51][RTM53] %s: attributes at a real server', async (dialect) => {
  const { town, told, alice, bob } = await together(dialect);
  const { client } = alice.page;
  await town.done(client.setLocalUserAttributes({ name: 'Alice', mood: 'good' }));
  await town.done(client.addOrUpdateLocalUserAttributes({ mood: 'better' }));
  await town.done(client.deleteLocalUserAttributesByKeys(['name']));
  expect(await town.done(bob.page.client.getUserAttributes('alice'))).toEqual({ mood: 'better' });
  const full = '.'.repeat(8_000);
  await town.done(client.addOrUpdateLocalUserAttributes({ a: full }));
  const over = town.done(client.addOrUpdateLocalUserAttributes({ b: full, c: '.'.repeat(1_000) }));
  await expect(over).rejects.toMatchObject({ code: 4 });
  told.length = 0;
  const notify = { enableNotificationToChannelMembers: true };
  await town.done(client.setChannelAttributes('room', { topic: 'tea' }, notify));
  await town.pass();
  const attributes = {
    topic: { value: 'tea', lastUpdateUserId: 'alice', lastUpdateTs: expect.any(Number) as number },
  };
  expect(told).toEqual(expect.arrayContaining([['bob', 'AttributesUpdated', attributes]]));
  expect(await town.done(bob.page.client.getChannelAttributes('room'))).toEqual(attributes);
  await town.done(bob.page.client.clearChannelAttributes('room'));
  expect(await town.done(client.getChannelAttributes('room'))).toEqual({});
  await town.done(client.logout());
  await town.pass();
  const gone = town.done(bob.page.client.getUserAttributes('alice'));
  await expect(gone).rejects.toMatchObject({ code: 6 });
});

test.each([
  ['agora', 5],
  ['anyrtc', 3],
] as const)(
  '[RTM32][RTM45] %s: the server’s rates are the vendor’s TOO_OFTEN',
  async (dialect, query) => {
    const { town, alice } = await together(dialect);
    const { client } = alice.page;
    const codes = async (asked: Promise<unknown>[]) => {
      const settled = await town.done(Promise.allSettled(asked));
      return settled.flatMap((each) =>
        each.status === 'rejected' ? [(each.reason as { code: number }).code] : [],
      );
    };
    const sent = Array.from({ length: 400 }, () => client.sendMessageToPeer({ text: 'x' }, 'bob'));
    expect(await codes(sent)).toContain(5);
    const queries = Array.from({ length: 12 }, () => client.queryPeersOnlineStatus(['bob']));
    expect(await codes(queries)).toContain(query);
    const counts = [client.getChannelMemberCount(['room']), client.getChannelMemberCount(['room'])];
    expect(await codes(counts)).toEqual([3]);
  },
);
