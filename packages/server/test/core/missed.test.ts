import { HEARTBEAT_MS, MAX_MISSED, MIN_RING_TIMEOUT_MS } from '@ringline/protocol';
import { expect, test } from 'vitest';
import { CALL, aliceAndBob, established } from '../support/calls.ts';
import { TestCluster } from '../support/test-cluster.ts';
import type { TestDevice } from '../support/test-device.ts';

/** What a device was told last of missed calls; undefined when it was told nothing. */
function told({ heard }: TestDevice): number | undefined {
  const counts = heard.flatMap((message) => (message.type === 'missed' ? [message.count] : []));
  return counts.at(-1);
}

let made = 0;

/** Alice calls and gives up; gives the call's id. */
async function miss(cluster: TestCluster, alice: TestDevice, to = 'bob'): Promise<string> {
  made += 1;
  const call = `call-missed-${String(made).padStart(8, '0')}`;
  alice.invite(call, to);
  await cluster.settle();
  alice.ask({ type: 'cancel', call });
  await cluster.clock.advanceAsync(100);
  return call;
}

async function see(cluster: TestCluster, device: TestDevice, call: string) {
  const seq = device.ask({ type: 'see-calls', call });
  await cluster.settle();
  const answer = device.answerTo(seq);
  return answer?.type === 'refused' ? answer.code : answer?.type;
}

test('[MSD1] what was neither answered nor refused is missed by who was called, and by nobody else', async () => {
  const cluster = new TestCluster();
  const { alice, bob } = await aliceAndBob(cluster, await cluster.node());
  await miss(cluster, alice);
  alice.invite('call-that-rings-out', 'bob', { ringTimeoutMs: MIN_RING_TIMEOUT_MS });
  await cluster.clock.advanceAsync(MIN_RING_TIMEOUT_MS + 100);
  expect([told(alice), told(bob)]).toEqual([undefined, 2]);
  alice.invite('call-that-is-refused', 'bob');
  await cluster.settle();
  bob.ask({ type: 'refuse', call: 'call-that-is-refused', everywhere: true });
  await cluster.settle();
  expect(told(bob)).toBe(2);
});

test('[MSD1] a busy user has missed the call as well, an answered one is not missed', async () => {
  const cluster = new TestCluster();
  const node = await cluster.node();
  const { alice, bob } = await established(cluster, node);
  const carol = await cluster.device(node, 'carol', 'carol1');
  carol.invite('call-to-a-busy-user', 'bob');
  await cluster.settle();
  expect(told(bob)).toBe(1);
  alice.ask({ type: 'end', call: CALL });
  await cluster.settle();
  expect(told(bob)).toBe(1);
});

test('[MSD2] a device learns the count when it comes, if there is something to learn', async () => {
  const cluster = new TestCluster();
  const node = await cluster.node();
  const alice = await cluster.device(node, 'alice', 'alice1');
  await miss(cluster, alice);
  await miss(cluster, alice);
  expect(told(await cluster.device(node, 'bob', 'bob1'))).toBe(2);
  expect(told(await cluster.device(node, 'carol', 'carol1'))).toBeUndefined();
});

test('[MSD3] what was seen on one device is seen on all, up to that call, and never unseen again', async () => {
  const cluster = new TestCluster();
  const [node, other] = [await cluster.node(), await cluster.node()];
  const { alice, bob } = await aliceAndBob(cluster, node, other);
  const tablet = await cluster.device(node, 'bob', 'bob2');
  const calls = [
    await miss(cluster, alice),
    await miss(cluster, alice),
    await miss(cluster, alice),
  ];
  expect([told(bob), told(tablet)]).toEqual([3, 3]);
  expect(await see(cluster, bob, calls[1]!)).toBe('done');
  expect([told(bob), told(tablet)]).toEqual([1, 1]);
  expect(await see(cluster, tablet, calls[0]!)).toBe('done');
  expect([told(bob), told(tablet)]).toEqual([1, 1]);
  expect(await see(cluster, tablet, calls[2]!)).toBe('done');
  expect([told(bob), told(tablet)]).toEqual([0, 0]);
  expect(await cluster.store.missedCalls('bob')).toBe(0);
});

test('[MSD4] only who was in a call, and only once it is over, has seen it', async () => {
  const cluster = new TestCluster();
  const node = await cluster.node();
  const { alice, bob } = await aliceAndBob(cluster, node);
  const call = await miss(cluster, alice);
  const eve = await cluster.device(node, 'eve', 'eve1');
  expect(await see(cluster, eve, call)).toBe('unknown-call');
  expect(await see(cluster, bob, 'call-that-never-was')).toBe('unknown-call');
  alice.invite(CALL, 'bob');
  await cluster.settle();
  expect(await see(cluster, bob, CALL)).toBe('wrong-state');
  expect(told(bob)).toBe(1);
});

test('[MSD5] what the bus lost is told with the next heartbeat', async () => {
  const cluster = new TestCluster();
  const { alice, bob } = await aliceAndBob(cluster, await cluster.node());
  const publish = cluster.bus.publish.bind(cluster.bus);
  cluster.bus.publish = (delivery) => {
    if (delivery.kind !== 'missed') publish(delivery);
  };
  await miss(cluster, alice);
  expect(told(bob)).toBeUndefined();
  bob.say({ type: 'heartbeat', calls: [] });
  await cluster.clock.advanceAsync(HEARTBEAT_MS);
  expect(told(bob)).toBe(1);
});

test('[MSD6] no more than MAX_MISSED are counted', async () => {
  const cluster = new TestCluster();
  const alice = await cluster.device(await cluster.node(), 'alice', 'alice1');
  for (let i = 0; i < MAX_MISSED + 1; i++) await miss(cluster, alice, 'nobody');
  expect(await cluster.store.missedCalls('nobody')).toBe(MAX_MISSED);
});
