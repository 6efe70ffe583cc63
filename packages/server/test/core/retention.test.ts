import { expect, test } from 'vitest';
import { CONVERSATION_BATCH_MS } from '../../src/inbox/conversation-feed.ts';
import type { Retention } from '../../src/inbox/retention.ts';
import { RETENTION_PORTION } from '../../src/inbox/retention.ts';
import { RETENTION_PAUSE_MS, RETENTION_ROUND_MS } from '../../src/rounds.ts';
import { MemoryStore } from '../../src/store/memory/store.ts';
import { CALL, aliceAndBob, established } from '../support/calls.ts';
import { Gate } from '../support/gate.ts';
import { TestCluster } from '../support/test-cluster.ts';
import type { TestDevice } from '../support/test-device.ts';

const HOUR_MS = 3_600_000;

/** Alice and Bob where so much of inboxes is kept, over a store behind a gate. */
async function keeping(retention: Retention) {
  const gate = new Gate();
  const cluster = new TestCluster({ retention, store: gate.before(new MemoryStore()) });
  const node = await cluster.node({ isAlone: true });
  return { gate, cluster, node, ...(await aliceAndBob(cluster, node)) };
}

async function say(cluster: TestCluster, from: TestDevice, count: number): Promise<void> {
  for (let i = 0; i < count; i++) {
    from.ask({ type: 'send', to: 'bob', body: { kind: 'text', text: `${i}` } });
    await cluster.clock.advanceAsync(60);
  }
}

const left = async ({ store }: TestCluster, user: string) =>
  (await store.inbox(user, 0, 999)).map(({ cursor }) => cursor);

test('[INB17] what is older than its time is removed from both inboxes, had or not', async () => {
  const { cluster, alice } = await keeping({ maxAgeMs: HOUR_MS });
  await say(cluster, alice, 2);
  await cluster.clock.advanceAsync(HOUR_MS - RETENTION_ROUND_MS);
  expect(await left(cluster, 'bob')).toEqual([1, 2]);
  await say(cluster, alice, 1);
  await cluster.clock.advanceAsync(2 * RETENTION_ROUND_MS);
  expect([await left(cluster, 'bob'), await left(cluster, 'alice')]).toEqual([[3], [3]]);
});

test('[INB17] the oldest beyond a number are removed once a device has had them', async () => {
  const { cluster, alice, bob } = await keeping({ maxItems: 2 });
  await say(cluster, alice, 5);
  await cluster.clock.advanceAsync(RETENTION_ROUND_MS);
  expect(await left(cluster, 'bob')).toEqual([1, 2, 3, 4, 5]);
  bob.say({ type: 'acknowledge', cursor: 2 });
  await cluster.clock.advanceAsync(RETENTION_ROUND_MS);
  expect(await left(cluster, 'bob')).toEqual([3, 4, 5]);
  bob.say({ type: 'acknowledge', cursor: 5 });
  await cluster.clock.advanceAsync(RETENTION_ROUND_MS);
  expect(await left(cluster, 'bob')).toEqual([4, 5]);
});

test('[INB17] the record of a call stays when its message is gone', async () => {
  const cluster = new TestCluster({
    // An hour of looking for what is due takes a minute over a real one.
    store: new MemoryStore(),
    retention: { maxAgeMs: HOUR_MS },
  });
  const { alice } = await established(cluster, await cluster.node());
  alice.ask({ type: 'end', call: CALL });
  await cluster.clock.advanceAsync(HOUR_MS + RETENTION_ROUND_MS);
  expect(await left(cluster, 'alice')).toEqual([]);
  expect(await cluster.store.records({ user: 'alice', limit: 9 })).toHaveLength(1);
});

test('[INB17] without a limit nothing is removed, and nobody looks', async () => {
  const { gate, cluster, alice } = await keeping({});
  await say(cluster, alice, 3);
  await cluster.clock.advanceAsync(3 * RETENTION_ROUND_MS);
  expect(await left(cluster, 'bob')).toEqual([1, 2, 3]);
  expect([gate.asked.has('removeOlder'), gate.asked.has('removeBeyond')]).toEqual([false, false]);
});

test('[INB18] old items go a portion at a time, with a pause between', async () => {
  const { cluster, alice, bob } = await keeping({ maxItems: 1 });
  const count = 2 * RETENTION_PORTION + 10;
  // Written and acknowledged within one round, so that all of it waits for the next.
  await say(cluster, alice, count);
  const round = RETENTION_ROUND_MS;
  await cluster.clock.advanceAsync(round - (cluster.clock.now() % round));
  bob.say({ type: 'acknowledge', cursor: bob.items.length });
  await cluster.settle();
  bob.say({ type: 'acknowledge', cursor: count });
  const sizes = new Set<number>();
  for (let i = 0; i < 2 * (round / RETENTION_PAUSE_MS); i++) {
    await cluster.clock.advanceAsync(RETENTION_PAUSE_MS);
    sizes.add((await left(cluster, 'bob')).length);
  }
  expect([...sizes]).toEqual([count, count - RETENTION_PORTION, 10, 1]);
});

test('[INB18] while the store is away it is tried again, and a node that has stopped removes nothing', async () => {
  const { gate, cluster, node, alice } = await keeping({ maxAgeMs: HOUR_MS });
  await say(cluster, alice, 1);
  gate.fail(['removeOlder']);
  await cluster.clock.advanceAsync(HOUR_MS + RETENTION_ROUND_MS);
  expect(await left(cluster, 'bob')).toEqual([1]);
  gate.mend();
  await cluster.clock.advanceAsync(RETENTION_ROUND_MS);
  expect(await left(cluster, 'bob')).toEqual([]);
  await cluster.clock.untilSettled(node.stop());
  const asked = gate.asked.get('removeOlder');
  await cluster.clock.advanceAsync(3 * RETENTION_ROUND_MS);
  expect(gate.asked.get('removeOlder')).toBe(asked);
});

test('[INB18] a node that is stopped while it removes goes on no more', async () => {
  const { gate, cluster, node } = await keeping({ maxAgeMs: HOUR_MS });
  const goOn = gate.hold('removeOlder');
  await cluster.clock.advanceAsync(RETENTION_ROUND_MS);
  await cluster.clock.untilSettled(node.stop());
  goOn();
  await cluster.clock.advanceAsync(3 * RETENTION_ROUND_MS);
  expect(gate.asked.get('removeOlder')).toBe(1);
});

test('[INB18] several nodes remove from the same inboxes', async () => {
  const { cluster, alice } = await keeping({ maxAgeMs: HOUR_MS });
  await cluster.node();
  await say(cluster, alice, 30);
  await cluster.clock.advanceAsync(HOUR_MS + RETENTION_ROUND_MS);
  expect(await left(cluster, 'bob')).toEqual([]);
  expect(await cluster.store.inboxStanding('bob')).toMatchObject({ head: 30, first: 31 });
});

test('[INB19] a device that comes back behind what was removed continues with what is left', async () => {
  const { cluster, node, alice, bob } = await keeping({ maxAgeMs: HOUR_MS });
  await say(cluster, alice, 2);
  bob.wire.drop();
  await say(cluster, alice, 2);
  await cluster.clock.advanceAsync(HOUR_MS - 150);
  await say(cluster, alice, 1);
  await cluster.clock.advanceAsync(RETENTION_ROUND_MS);
  const again = await cluster.device(node, 'bob', 'bob1', { cursor: 2 });
  expect(again.welcome?.inbox).toMatchObject({ head: 5, from: 4 });
  await say(cluster, alice, 1);
  expect(again.items.map(({ cursor }) => cursor)).toEqual([5, 6]);
  await cluster.clock.advanceAsync(CONVERSATION_BATCH_MS);
  expect(again.conversation('alice')).toMatchObject({ unread: 2 });
});

test('[INB19] a device that is there is told that something unread is gone', async () => {
  const { cluster, alice, bob } = await keeping({ maxAgeMs: HOUR_MS });
  await say(cluster, alice, 3);
  await cluster.clock.advanceAsync(CONVERSATION_BATCH_MS);
  expect(bob.conversation('alice')).toMatchObject({ unread: 3 });
  await cluster.clock.advanceAsync(HOUR_MS + RETENTION_ROUND_MS);
  expect(bob.conversation('alice')).toMatchObject({ unread: 0 });
});
