import { MAX_DEVICES_PER_USER } from '@ringline/protocol';
import { ProcessClock } from '@ringline/testkit';
import { expect, test } from 'vitest';
import { LEASE_MS, RENEW_LEASE_MS } from '../../src/registrar/lease.ts';
import { SWEEP_PORTION } from '../../src/registrar/sweep.ts';
import { MemoryStore } from '../../src/store/memory/store.ts';
import type { Device, Store } from '../../src/store/store.ts';
import { CALL, aliceAndBob, established } from '../support/calls.ts';
import { die } from '../support/dead-node.ts';
import { Gate } from '../support/gate.ts';
import { HeldStore } from '../support/held-store.ts';
import { TestCluster } from '../support/test-cluster.ts';

async function rowOf(store: Store, user: string): Promise<Device | undefined> {
  return (await store.load({ users: [], actor: { user, device: `${user}1` } })).actor;
}

test('[REG2] a device that comes back while its dead node is being cleared stays bound', async () => {
  const gate = new Gate();
  const cluster = new TestCluster({ store: gate.before(new MemoryStore()) });
  const mortal = new ProcessClock(cluster.clock);
  const dying = await cluster.node({ clock: mortal });
  const bob = await cluster.device(dying, 'bob', 'bob1');
  mortal.kill();
  bob.wire.kill('server');
  const living = await cluster.node();
  await cluster.clock.advanceAsync(LEASE_MS);
  const goOn = gate.hold('orphans');
  await cluster.clock.advanceAsync(RENEW_LEASE_MS);
  await cluster.device(living, 'bob', 'bob1');
  goOn();
  await cluster.settle();
  expect((await rowOf(cluster.store, 'bob'))?.binding).not.toBeNull();
});

test('[REG2] every device of a dead node is taken up at once, however many', async () => {
  const cluster = new TestCluster();
  await cluster.node();
  const users = await die(cluster, SWEEP_PORTION + 1);
  await cluster.clock.advanceAsync(LEASE_MS + RENEW_LEASE_MS);
  const rows = await Promise.all(users.map((user) => rowOf(cluster.store, user)));
  expect(rows.filter((row) => row?.binding !== null)).toEqual([]);
});

test('[REG10] a node that stops has let go its devices when it says so', async () => {
  const store = new HeldStore();
  const cluster = new TestCluster({ store });
  const node = await cluster.node({ isAlone: true });
  await aliceAndBob(cluster, node);
  let goOn = () => {};
  store.holds = { type: 'lose', until: new Promise((resolve) => (goOn = resolve)) };
  let stopped = false;
  const stop = node.stop().then(() => (stopped = true));
  await cluster.clock.advanceAsync(1_000);
  expect(stopped).toBe(false);
  goOn();
  await cluster.clock.untilSettled(stop);
  const rows = [await rowOf(store, 'alice'), await rowOf(store, 'bob')];
  expect(rows.map((row) => row?.binding)).toEqual([null, null]);
  expect(await store.hasLease(cluster.clock.now())).toBe(false);
});

test('[REG3] a server killed and started again at once has lost its devices, though their lease runs', async () => {
  const cluster = new TestCluster();
  const mortal = new ProcessClock(cluster.clock);
  const { alice, bob } = await established(cluster, await cluster.node({ clock: mortal }));
  mortal.kill();
  for (const { wire } of [alice, bob]) wire.kill('server');
  await cluster.clock.advanceAsync(1_000);
  await cluster.node({ ownsStore: true });
  const rows = [await rowOf(cluster.store, 'alice'), await rowOf(cluster.store, 'bob')];
  expect(rows.map((row) => row?.binding)).toEqual([null, null]);
  const loss = { until: expect.any(Number) };
  expect(await cluster.store.call(CALL)).toMatchObject({
    sides: { caller: { loss }, callee: { loss } },
  });
});

test('[REG11] a node listens for a user no longer than it holds a device of the user', async () => {
  const cluster = new TestCluster();
  const subscribe = cluster.bus.subscribe.bind(cluster.bus);
  const listening: string[] = [];
  cluster.bus.subscribe = (user, hear) => {
    const unsubscribe = subscribe(user, hear);
    listening.push(user);
    return () => {
      listening.splice(listening.indexOf(user), 1);
      unsubscribe();
    };
  };
  const node = await cluster.node();
  const { alice, bob } = await aliceAndBob(cluster, node);
  const bob2 = await cluster.device(node, 'bob', 'bob2');
  expect(listening).toEqual(['alice', 'bob']);
  for (const { wire } of [alice, bob]) wire.drop();
  await cluster.settle();
  expect(listening).toEqual(['bob']);
  bob2.wire.drop();
  await cluster.settle();
  expect(listening).toEqual([]);
});

test('[REG12] an invitation keeps no more legs than a user may have devices, and those that ring stay', async () => {
  const cluster = new TestCluster();
  const node = await cluster.node();
  const alice = await cluster.device(node, 'alice', 'alice1');
  alice.invite(CALL, 'bob');
  await cluster.settle();
  const names = Array.from({ length: MAX_DEVICES_PER_USER }, (_, i) => `bob${i}`);
  const devices = await Promise.all(names.map((name) => cluster.device(node, 'bob', name)));
  devices[3]?.wire.drop();
  await cluster.settle();
  const late = await cluster.device(node, 'bob', 'late');
  expect(late.view(CALL)?.state).toBe('inviting');
  const view = alice.view(CALL);
  const legs = view?.state === 'inviting' ? view.legs : [];
  const there = names.filter((name) => name !== 'bob3');
  expect(legs?.map(({ device }) => device).toSorted()).toEqual([...there, 'late']);
});
