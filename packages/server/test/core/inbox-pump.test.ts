import { MAX_PAGE_ITEMS } from '@ringline/protocol';
import { expect, test } from 'vitest';
import type { Delivery } from '../../src/cluster/bus.ts';
import { MemoryStore } from '../../src/store/memory/store.ts';
import { aliceAndBob } from '../support/calls.ts';
import { Gate } from '../support/gate.ts';
import { TestCluster } from '../support/test-cluster.ts';
import type { TestDevice } from '../support/test-device.ts';

const HI = { kind: 'text', text: 'hi' } as const;

const cursors = (device: TestDevice) => device.items.map(({ cursor }) => cursor);

/** Alice and Bob over a store behind a gate. */
async function gated() {
  const gate = new Gate();
  const cluster = new TestCluster({ store: gate.before(new MemoryStore()) });
  return { gate, cluster, ...(await aliceAndBob(cluster, await cluster.node())) };
}

test('[INB4] an item that was read from the store and is announced only then is sent once', async () => {
  const { gate, cluster, alice, bob } = await gated();
  const late: Delivery[] = [];
  const publish = cluster.bus.publish.bind(cluster.bus);
  cluster.bus.publish = (delivery) => late.push(delivery);
  alice.ask({ type: 'send', to: 'bob', body: HI });
  await cluster.settle();
  const goOn = gate.hold('inbox');
  bob.say({ type: 'heartbeat', calls: [] });
  await cluster.settle();
  for (const delivery of late) publish(delivery);
  goOn();
  await cluster.settle();
  expect(cursors(bob)).toEqual([1]);
});

test('[INB4] an item that is written and announced while an older reading is under way follows', async () => {
  const { gate, cluster, alice, bob } = await gated();
  const goOn = gate.hold('inbox');
  bob.say({ type: 'heartbeat', calls: [] });
  await cluster.settle();
  alice.ask({ type: 'send', to: 'bob', body: HI });
  await cluster.settle();
  goOn();
  await cluster.settle();
  expect(cursors(bob)).toEqual([1]);
});

test('[INB9] nothing more is read for a connection that has closed', async () => {
  const { gate, cluster, alice, bob } = await gated();
  const publish = cluster.bus.publish.bind(cluster.bus);
  cluster.bus.publish = () => undefined;
  for (let i = 0; i <= MAX_PAGE_ITEMS; i++) {
    alice.ask({ type: 'send', to: 'bob', body: HI });
    await cluster.clock.advanceAsync(60);
  }
  cluster.bus.publish = publish;
  const goOn = gate.hold('inbox');
  bob.say({ type: 'heartbeat', calls: [] });
  await cluster.settle();
  const before = gate.asked.get('inbox');
  bob.wire.drop();
  await cluster.settle();
  goOn();
  await cluster.settle();
  expect(gate.asked.get('inbox')).toBe(before);
});

test('[INB2] an older acknowledgement that comes later takes nothing back', async () => {
  const cluster = new TestCluster();
  const node = await cluster.node();
  const { alice, bob } = await aliceAndBob(cluster, node);
  for (let i = 0; i < 3; i++) alice.ask({ type: 'send', to: 'bob', body: HI });
  await cluster.settle();
  for (const cursor of [2, 1]) bob.say({ type: 'acknowledge', cursor });
  await cluster.settle();
  const again = await cluster.device(node, 'bob', 'bob1');
  expect(cursors(again)).toEqual([3]);
});
