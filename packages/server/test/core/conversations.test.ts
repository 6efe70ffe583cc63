import { MAX_PAGE_ITEMS, MAX_UNREAD, USER_BURST } from '@ringline/protocol';
import { expect, test } from 'vitest';
import { PERMISSIVE } from '../../src/calls/call-policy.ts';
import { CONVERSATION_BATCH_MS } from '../../src/inbox/conversation-feed.ts';
import { MemoryStore } from '../../src/store/memory/store.ts';
import { aliceAndBob } from '../support/calls.ts';
import { Gate } from '../support/gate.ts';
import { TestCluster } from '../support/test-cluster.ts';
import type { TestDevice } from '../support/test-device.ts';

/** Long enough for whatever changes to be told. */
const SOON_MS = CONVERSATION_BATCH_MS + 10;

const send = (from: TestDevice, to: string) =>
  from.ask({ type: 'send', to, body: { kind: 'text', text: 'hi' } });
const read = (by: TestDevice, peer: string, cursor: number) =>
  by.ask({ type: 'read', peer, cursor });

/** Alice has written to Bob, so many times. */
async function written(count: number, cluster = new TestCluster()) {
  const nodes = [await cluster.node(), await cluster.node()] as const;
  const devices = await aliceAndBob(cluster, ...nodes);
  for (let i = 0; i < count; i++) send(devices.alice, 'bob');
  await cluster.clock.advanceAsync(SOON_MS);
  return { cluster, nodes, ...devices };
}

test('[INB10] what a peer wrote is unread until one device reads it, and all are told', async () => {
  const { cluster, nodes, alice, bob } = await written(3);
  const bob2 = await cluster.device(nodes[0], 'bob', 'bob2');
  expect(bob.conversation('alice')).toMatchObject({ unread: 3, readUpTo: 0 });
  expect(alice.conversations).toEqual([]);
  const seq = read(bob, 'alice', 2);
  await cluster.clock.advanceAsync(SOON_MS);
  expect(bob.answerTo(seq)).toEqual({ type: 'done', re: seq });
  for (const device of [bob, bob2]) {
    expect(device.conversation('alice')).toMatchObject({ unread: 1, readUpTo: 2 });
  }
});

test('[INB10] a mark never goes back, and a repeated one is no news', async () => {
  const { cluster, bob } = await written(3);
  read(bob, 'alice', 3);
  await cluster.clock.advanceAsync(SOON_MS);
  const told = bob.conversations.length;
  for (const cursor of [1, 3]) read(bob, 'alice', cursor);
  await cluster.clock.advanceAsync(SOON_MS);
  expect(bob.conversations).toHaveLength(told);
  const [conversation] = await cluster.store.conversations({ user: 'bob', limit: 1 });
  expect(conversation?.readUpTo).toBe(3);
});

test('[INB10] unread items are counted up to MAX_UNREAD', async () => {
  const cluster = new TestCluster();
  const { alice, bob } = await aliceAndBob(cluster, await cluster.node());
  for (let i = 0; i <= MAX_UNREAD; i++) {
    send(alice, 'bob');
    await cluster.clock.advanceAsync(60);
  }
  await cluster.clock.advanceAsync(SOON_MS);
  expect(bob.conversation('alice')?.unread).toBe(MAX_UNREAD);
  read(bob, 'alice', 2);
  await cluster.clock.advanceAsync(SOON_MS);
  expect(bob.conversation('alice')?.unread).toBe(MAX_UNREAD - 1);
});

test('[INB11] a mark beyond the inbox is refused and changes nothing', async () => {
  const { cluster, bob } = await written(2);
  const beyond = read(bob, 'alice', 3);
  const last = read(bob, 'alice', 2);
  await cluster.clock.advanceAsync(SOON_MS);
  expect(bob.answerTo(beyond)).toMatchObject({ code: 'malformed', path: 'cursor' });
  expect(bob.answerTo(last)).toMatchObject({ type: 'done' });
  expect(bob.conversation('alice')?.readUpTo).toBe(2);
});

test('[INB10] marks draw on the budget of their user', async () => {
  const { cluster, bob } = await written(1);
  const all = Array.from({ length: USER_BURST + 1 }, () => read(bob, 'alice', 1));
  await cluster.settle();
  expect(bob.answerTo(all.at(-1) ?? 0)).toMatchObject({ code: 'rate-limited' });
});

test('[INB12] a sender is told what was delivered and what was read, in its own numbering', async () => {
  const cluster = new TestCluster();
  const node = await cluster.node();
  const { alice, bob } = await aliceAndBob(cluster, node);
  const alice2 = await cluster.device(node, 'alice', 'alice2');
  for (const to of ['carol', 'carol', 'bob', 'bob']) send(alice, to);
  await cluster.settle();
  bob.say({ type: 'acknowledge', cursor: 2 });
  await cluster.clock.advanceAsync(SOON_MS);
  for (const device of [alice, alice2]) {
    expect(device.conversation('bob')).toMatchObject({ deliveredUpTo: 4, peerReadUpTo: 0 });
    expect(device.conversation('carol')).toBeUndefined();
  }
  read(bob, 'alice', 1);
  await cluster.clock.advanceAsync(SOON_MS);
  for (const device of [alice, alice2]) {
    expect(device.conversation('bob')).toMatchObject({ deliveredUpTo: 4, peerReadUpTo: 3 });
  }
});

test('[INB12] a second device that has a message is no news for its sender', async () => {
  const { cluster, nodes, alice, bob } = await written(1);
  const bob2 = await cluster.device(nodes[1], 'bob', 'bob2');
  bob.say({ type: 'acknowledge', cursor: 1 });
  await cluster.clock.advanceAsync(SOON_MS);
  bob2.say({ type: 'acknowledge', cursor: 1 });
  await cluster.clock.advanceAsync(SOON_MS);
  expect(alice.conversations).toHaveLength(1);
});

test('[INB12] a sender who was away is told when back', async () => {
  const { cluster, nodes, alice, bob } = await written(2);
  const { revision } = alice.welcome?.inbox ?? { revision: -1 };
  alice.wire.drop();
  bob.say({ type: 'acknowledge', cursor: 2 });
  read(bob, 'alice', 1);
  await cluster.clock.advanceAsync(SOON_MS);
  const again = await cluster.device(nodes[0], 'alice', 'alice1', { revision });
  expect(again.conversations).toMatchObject([{ peer: 'bob', deliveredUpTo: 2, peerReadUpTo: 1 }]);
});

test('[INB13] what the bus lost is told with the next heartbeat', async () => {
  const { cluster, alice, bob } = await written(1);
  const publish = cluster.bus.publish.bind(cluster.bus);
  cluster.bus.publish = () => undefined;
  bob.say({ type: 'acknowledge', cursor: 1 });
  await cluster.clock.advanceAsync(SOON_MS);
  cluster.bus.publish = publish;
  expect(alice.conversations).toEqual([]);
  alice.say({ type: 'heartbeat', calls: [] });
  await cluster.settle();
  expect(alice.conversation('bob')).toMatchObject({ deliveredUpTo: 1 });
});

test('[INB14] a device is told what changed since the revision that it names, page by page', async () => {
  const cluster = new TestCluster();
  const node = await cluster.node();
  const users = Array.from({ length: MAX_PAGE_ITEMS + 1 }, (_, i) => `user${i}`);
  for (const user of users) {
    const device = await cluster.device(node, user, `${user}-1`);
    send(device, 'bob');
    await cluster.settle();
  }
  const fresh = await cluster.device(node, 'bob', 'bob1');
  const knows = await cluster.device(node, 'bob', 'bob2', { revision: users.length - 1 });
  const begins = await cluster.device(node, 'bob', 'bob3', { revision: 0 });
  expect(fresh.welcome?.inbox.revision).toBe(users.length);
  expect(fresh.conversations).toEqual([]);
  expect(knows.conversations).toMatchObject([{ peer: users.at(-1) }]);
  expect(begins.conversations).toHaveLength(MAX_PAGE_ITEMS);
  await cluster.clock.advanceAsync(SOON_MS);
  expect(begins.conversations.map(({ peer }) => peer)).toEqual(users);
  expect([fresh.conversations.length, knows.conversations.length]).toEqual([0, 1]);
});

test('[INB15] where the server tells nobody what was read, delivery is told all the same', async () => {
  const policy = { ...PERMISSIVE, readReceipts: false };
  const { cluster, alice, bob } = await written(1, new TestCluster({ policy }));
  bob.say({ type: 'acknowledge', cursor: 1 });
  read(bob, 'alice', 1);
  await cluster.clock.advanceAsync(SOON_MS);
  expect(bob.conversation('alice')).toMatchObject({ unread: 0, readUpTo: 1 });
  expect(alice.conversation('bob')).toMatchObject({ deliveredUpTo: 1, peerReadUpTo: 0 });
});

test('[INB15] a token turns it off for what its own user reads', async () => {
  const cluster = new TestCluster();
  const node = await cluster.node();
  const alice = await cluster.device(node, 'alice without readReceipts', 'alice1');
  const bob = await cluster.device(node, 'bob', 'bob1');
  send(alice, 'bob');
  send(bob, 'alice');
  await cluster.settle();
  read(alice, 'bob', 2);
  read(bob, 'alice', 2);
  await cluster.clock.advanceAsync(SOON_MS);
  expect(alice.conversation('bob')).toMatchObject({ readUpTo: 2, peerReadUpTo: 1 });
  expect(bob.conversation('alice')).toMatchObject({ readUpTo: 2, peerReadUpTo: 0 });
});

test('[INB16] what changes within a moment is told in one message', async () => {
  const { cluster, bob } = await written(1);
  bob.heard.length = 0;
  const carol = await cluster.device(await cluster.node(), 'carol', 'carol1');
  for (let i = 0; i < 5; i++) send(carol, 'bob');
  read(bob, 'alice', 1);
  await cluster.clock.advanceAsync(SOON_MS);
  expect(bob.heard.filter(({ type }) => type === 'conversations')).toHaveLength(1);
  expect(bob.conversation('carol')?.unread).toBe(5);
  expect(bob.conversation('alice')?.unread).toBe(0);
});

test('[INB13] what changes while the store is read, or away, is told a little later', async () => {
  const gate = new Gate();
  const cluster = new TestCluster({ store: gate.before(new MemoryStore()) });
  const { alice, bob } = await aliceAndBob(cluster, await cluster.node());
  gate.fail(['conversationsSince']);
  send(alice, 'bob');
  await cluster.clock.advanceAsync(SOON_MS);
  gate.mend();
  expect(bob.conversations).toEqual([]);
  const goOn = gate.hold('conversationsSince');
  bob.say({ type: 'heartbeat', calls: [] });
  await cluster.settle();
  send(alice, 'bob');
  await cluster.clock.advanceAsync(SOON_MS);
  goOn();
  await cluster.clock.advanceAsync(2 * SOON_MS);
  expect(bob.conversations.map(({ unread }) => unread)).toEqual([1, 2]);
});

test('[INB20] a device that names an item which is not there continues where it acknowledged', async () => {
  const { cluster, nodes, bob } = await written(3);
  bob.say({ type: 'acknowledge', cursor: 1 });
  await cluster.settle();
  const known = { cursor: 3, cursorId: bob.items.at(-1)?.id, revision: 3 };
  const agrees = await cluster.device(nodes[0], 'bob', 'bob1', known);
  const other = { ...known, cursorId: 'of what was lost' };
  const differs = await cluster.device(nodes[0], 'bob', 'bob1', other);
  expect([agrees.items, agrees.conversations]).toEqual([[], []]);
  expect(differs.items.map(({ cursor }) => cursor)).toEqual([2, 3]);
  expect(differs.conversations).toMatchObject([{ peer: 'alice', unread: 3 }]);
  const ahead = await cluster.device(nodes[0], 'bob', 'bob1', { cursor: 9, revision: 9 });
  expect(ahead.welcome?.inbox).toEqual({ head: 3, from: 3, revision: 0 });
});

test('[GTW5] an expired token is told nothing of conversations, and marks nothing', async () => {
  const cluster = new TestCluster();
  const node = await cluster.node();
  const until = cluster.clock.now() + 1_000;
  const bob = await cluster.device(node, `bob until ${until}`, 'bob1');
  const alice = await cluster.device(node, 'alice', 'alice1');
  await cluster.clock.advanceAsync(2_000);
  send(alice, 'bob');
  await cluster.clock.advanceAsync(SOON_MS);
  const seq = read(bob, 'alice', 1);
  await cluster.settle();
  expect(bob.conversations).toEqual([]);
  expect(bob.answerTo(seq)).toMatchObject({ code: 'forbidden' });
  bob.ask({ type: 'renew-token', token: 'bob' });
  await cluster.settle();
  expect(bob.conversation('alice')).toMatchObject({ unread: 1 });
});
