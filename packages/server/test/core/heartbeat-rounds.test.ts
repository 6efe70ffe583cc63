import { expect, test } from 'vitest';
import { HEARTBEAT_ROUND_MS } from '../../src/gateway/heartbeat-rounds.ts';
import { MemoryStore } from '../../src/store/memory/store.ts';
import { CALL, aliceAndBob } from '../support/calls.ts';
import { Gate } from '../support/gate.ts';
import { TestCluster } from '../support/test-cluster.ts';
import type { TestDevice } from '../support/test-device.ts';

/** What is asked of it at once is read together. */
class GatheringStore extends MemoryStore {
  readonly gathersReadings = true;
}

/** Alice and Bob over such a store behind a gate, on a node of which everything is its own. */
async function gathering() {
  const gate = new Gate();
  const cluster = new TestCluster({ store: gate.before(new GatheringStore()) });
  const node = await cluster.node({ isAlone: true });
  const { alice, bob } = await aliceAndBob(cluster, node);
  return { gate, cluster, node, alice, bob };
}

const BEAT = { type: 'heartbeat', calls: [] } as const;
const SEND = { type: 'send', to: 'bob', body: { kind: 'text', text: 'hi' } } as const;

const answers = (...devices: readonly TestDevice[]) =>
  devices.map(({ heard }) => heard.filter(({ type }) => type === 'alive').length);

test('[HBT3] heartbeats that come within a round ask the store in one tick, none later than the round', async () => {
  const { gate, cluster, alice, bob } = await gathering();
  const before = gate.asked.get('load') ?? 0;
  alice.say(BEAT);
  await cluster.clock.advanceAsync(HEARTBEAT_ROUND_MS - 1);
  bob.say(BEAT);
  await cluster.clock.advanceAsync(0);
  expect(gate.asked.get('load')).toBe(before);
  await cluster.clock.advanceAsync(1);
  expect(gate.asked.get('load')).toBe(before + 2);
  expect(answers(alice, bob)).toEqual([1, 1]);
});

test('[HBT3] one that comes when a round has begun waits for the next, which is no later either', async () => {
  const { cluster, alice, bob } = await gathering();
  alice.say(BEAT);
  await cluster.clock.advanceAsync(HEARTBEAT_ROUND_MS);
  bob.say(BEAT);
  await cluster.clock.advanceAsync(HEARTBEAT_ROUND_MS - 1);
  expect(answers(alice, bob)).toEqual([1, 0]);
  await cluster.clock.advanceAsync(1);
  expect(answers(alice, bob)).toEqual([1, 1]);
});

test('[HBT3] over a store for which it brings nothing each is carried out at once', async () => {
  const cluster = new TestCluster({ store: new MemoryStore() });
  const { alice } = await aliceAndBob(cluster, await cluster.node());
  alice.say(BEAT);
  await cluster.clock.advanceAsync(0);
  expect(answers(alice)).toEqual([1]);
});

test('[HBT3] while the store is away each of a round is refused as one that comes alone', async () => {
  const { gate, cluster, alice, bob } = await gathering();
  gate.fail(['load']);
  for (const device of [alice, bob]) device.say(BEAT);
  await cluster.clock.advanceAsync(HEARTBEAT_ROUND_MS);
  const refused = { code: 'unavailable', retryAfterMs: expect.any(Number) as number };
  for (const device of [alice, bob]) expect(device.answerTo(0)).toMatchObject(refused);
});

test('[HBT4] a command that follows the heartbeat of its device does not wait for the round, and comes after it', async () => {
  const { cluster, alice, bob } = await gathering();
  for (const device of [alice, bob]) device.say(BEAT);
  await cluster.clock.advanceAsync(HEARTBEAT_ROUND_MS - 20);
  alice.invite(CALL, 'bob');
  await cluster.clock.advanceAsync(0);
  expect(bob.view(CALL)?.state).toBe('inviting');
  const told = alice.heard.map(({ type }) => type);
  expect(told.indexOf('alive')).toBeLessThan(told.indexOf('call'));
  expect(answers(alice, bob)).toEqual([1, 0]);
});

test('[HBT4] nor does one that was there before the heartbeat had its turn', async () => {
  const { gate, cluster, alice } = await gathering();
  const goOn = gate.hold('commit');
  alice.ask(SEND);
  alice.say(BEAT);
  const seq = alice.ask(SEND);
  await cluster.settle();
  goOn();
  await cluster.clock.advanceAsync(0);
  expect(alice.answerTo(seq)?.type).toBe('sent');
});

test('[HBT4] a heartbeat alone is patient with the loads of others, and one that is followed is not', async () => {
  const { cluster, alice } = await gathering();
  const patience: unknown[] = [];
  const load = cluster.store.load.bind(cluster.store);
  cluster.store.load = (scope) => {
    patience.push(scope.isPatient);
    return load(scope);
  };
  alice.say(BEAT);
  await cluster.clock.advanceAsync(HEARTBEAT_ROUND_MS);
  expect(patience).toEqual([true]);
  for (let i = 0; i < 2; i++) alice.say(BEAT);
  await cluster.clock.advanceAsync(HEARTBEAT_ROUND_MS);
  expect(patience).toEqual([true, false, true]);
});

test('[HBT5] for a connection that closes meanwhile nothing is read', async () => {
  const { gate, cluster, alice, bob } = await gathering();
  for (const device of [alice, bob]) device.say(BEAT);
  await cluster.clock.advanceAsync(0);
  alice.wire.client.close(1000, '');
  await cluster.clock.advanceAsync(0);
  gate.asked.clear();
  await cluster.clock.advanceAsync(HEARTBEAT_ROUND_MS);
  expect(gate.asked.get('load')).toBe(1);
  expect(answers(alice, bob)).toEqual([0, 1]);
});

test('[HBT5] a node that drains answers them, and one that stops leaves no timer behind and meets no fault', async () => {
  const { cluster, node, alice, bob } = await gathering();
  alice.say(BEAT);
  const drained = node.drain();
  await cluster.clock.advanceAsync(HEARTBEAT_ROUND_MS);
  expect(answers(alice)).toEqual([1]);
  bob.say(BEAT);
  await cluster.clock.advanceAsync(1);
  await cluster.stop(node);
  await cluster.clock.untilSettled(drained);
  // The closes arrive.
  await cluster.settle();
  expect(cluster.clock.pending).toBe(0);
  expect(cluster.log.lines).toEqual([]);
  expect(cluster.metrics.of('fault store-unavailable')).toBe(0);
});
