import { INBOX_WINDOW } from '@ringline/protocol';
import { expect, test } from 'vitest';
import { CALL, CALL2, aliceAndBob, established, ringing } from '../support/calls.ts';
import { TestCluster } from '../support/test-cluster.ts';
import type { TestDevice } from '../support/test-device.ts';

async function say(
  cluster: TestCluster,
  from: TestDevice,
  to: string,
  count: number,
): Promise<void> {
  for (let i = 1; i <= count; i++) {
    from.ask({ type: 'send', to, body: { kind: 'text', text: `${i}` } });
    // The budget of a user is a matter of other tests.
    await cluster.clock.advanceAsync(60);
  }
}

const cursors = (device: TestDevice) => device.items.map((item) => item.cursor);

test('[INB1] a message reaches every device of both users', async () => {
  const cluster = new TestCluster();
  const nodes = [await cluster.node(), await cluster.node()] as const;
  const { alice, bob } = await aliceAndBob(cluster, ...nodes);
  const alice2 = await cluster.device(nodes[1], 'alice', 'alice2');
  const bob2 = await cluster.device(nodes[0], 'bob', 'bob2');
  await say(cluster, alice, 'bob', 1);
  for (const device of [alice, alice2, bob, bob2]) {
    expect(device.items).toMatchObject([
      { cursor: 1, from: 'alice', to: 'bob', body: { text: '1' } },
    ]);
  }
});

test('[INB2] a device gets what it has not acknowledged, a new one what no device has', async () => {
  const cluster = new TestCluster();
  const node = await cluster.node();
  const { alice, bob } = await aliceAndBob(cluster, node);
  await say(cluster, alice, 'bob', 2);
  bob.say({ type: 'acknowledge', cursor: 1 });
  await cluster.settle();
  bob.wire.drop();
  await say(cluster, alice, 'bob', 1);
  const back = await cluster.device(node, 'bob', 'bob1');
  const fresh = await cluster.device(node, 'bob', 'bob2');
  const remembers = await cluster.device(node, 'bob', 'bob3', { cursor: 2 });
  expect(cursors(back)).toEqual([2, 3]);
  expect(cursors(fresh)).toEqual([2, 3]);
  expect(cursors(remembers)).toEqual([3]);
  expect(remembers.welcome?.inbox).toEqual({ head: 3, from: 2, revision: 3 });
});

test('[INB3] a device that acknowledges nothing is sent one window, and the rest when it does', async () => {
  const cluster = new TestCluster();
  const node = await cluster.node();
  const { alice, bob } = await aliceAndBob(cluster, node);
  await say(cluster, alice, 'bob', INBOX_WINDOW + 10);
  expect(bob.items).toHaveLength(INBOX_WINDOW);
  bob.say({ type: 'acknowledge', cursor: INBOX_WINDOW });
  await cluster.settle();
  expect(bob.items).toHaveLength(INBOX_WINDOW + 10);
});

test('[INB4] cursors come in order, without gaps, each once', async () => {
  const cluster = new TestCluster();
  const node = await cluster.node();
  const { alice, bob } = await aliceAndBob(cluster, node);
  await say(cluster, alice, 'bob', 20);
  const late = await cluster.device(node, 'bob', 'bob2');
  await Promise.all([say(cluster, alice, 'bob', 5), say(cluster, bob, 'alice', 5)]);
  const all = Array.from({ length: 30 }, (_, i) => i + 1);
  expect([cursors(bob), cursors(late), cursors(alice)]).toEqual([all, all, all]);
});

test('[INB5] a cursor that was never sent is refused and acknowledges nothing', async () => {
  const cluster = new TestCluster();
  const node = await cluster.node();
  const { alice, bob } = await aliceAndBob(cluster, node);
  await say(cluster, alice, 'bob', 1);
  bob.say({ type: 'acknowledge', cursor: 2 });
  await cluster.settle();
  expect(bob.answerTo(0)).toMatchObject({ code: 'malformed', path: 'cursor' });
  expect((await cluster.store.inboxStanding('bob')).acknowledged).toBe(0);
});

test('[INB6] history gives one peer’s messages, newest first, in pages', async () => {
  const cluster = new TestCluster();
  const node = await cluster.node();
  const { alice, bob } = await aliceAndBob(cluster, node);
  await say(cluster, alice, 'bob', 3);
  await say(cluster, bob, 'carol', 1);
  const first = bob.ask({ type: 'history', peer: 'alice', limit: 2 });
  const rest = bob.ask({ type: 'history', peer: 'alice', limit: 2, before: 2 });
  await cluster.settle();
  expect(bob.answerTo(first)).toMatchObject({ more: true, items: [{ cursor: 3 }, { cursor: 2 }] });
  expect(bob.answerTo(rest)).toMatchObject({ more: false, items: [{ cursor: 1 }] });
});

test('[INB7] a call that ends puts one record into both inboxes, and no more however it is asked', async () => {
  const cluster = new TestCluster();
  const { alice, bob } = await established(cluster, await cluster.node());
  await cluster.clock.advanceAsync(3_500);
  alice.ask({ type: 'end', call: CALL });
  bob.ask({ type: 'end', call: CALL });
  await cluster.settle();
  for (const device of [alice, bob]) {
    expect(device.items).toMatchObject([
      { from: 'alice', to: 'bob', body: { kind: 'record', record: { call: CALL, status: 1 } } },
    ]);
  }
});

test('[INB7] a busy attempt leaves its record too', async () => {
  const cluster = new TestCluster();
  const node = await cluster.node();
  await ringing(cluster, node);
  const carol = await cluster.device(node, 'carol', 'carol1');
  carol.invite(CALL2, 'alice');
  await cluster.settle();
  expect(carol.view(CALL2)).toMatchObject({ state: 'ended', reason: 'busy' });
  expect(carol.items).toMatchObject([{ body: { record: { call: CALL2, status: 5 } } }]);
  expect(await cluster.store.inboxHead('alice')).toBe(1);
});
