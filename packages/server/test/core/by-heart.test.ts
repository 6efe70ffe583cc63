import { expect, test } from 'vitest';
import type { Call } from '@ringline/call';
import { VirtualClock } from '@ringline/testkit';
import { ByHeart } from '../../src/steps/by-heart.ts';
import { MemoryStore } from '../../src/store/memory/store.ts';
import type { Snapshot, Step } from '../../src/store/store.ts';
import { CALL, CALL2, aliceAndBob, established, ringing } from '../support/calls.ts';
import { Gate } from '../support/gate.ts';
import { TestCluster } from '../support/test-cluster.ts';
import { WiredCluster } from '../support/wired-cluster.ts';

/** Two nodes of which neither hears what the other commits from now on; Alice and Bob talk over them. */
async function apart() {
  const cluster = new WiredCluster();
  const [one, two] = [await cluster.wired(), await cluster.wired()];
  const { alice, bob } = await established(cluster, one, two);
  cluster.service.fall();
  return { cluster, alice, bob };
}

test('[STP14] a call that this node has committed is answered, connected and ended without a look into the store', async () => {
  const gate = new Gate();
  const cluster = new TestCluster({ store: gate.before(new MemoryStore()) });
  const { alice, bob } = await ringing(cluster, await cluster.node({ isAlone: true }));
  const before = gate.asked.get('load');
  bob.ask({ type: 'accept', call: CALL });
  await cluster.settle();
  for (const device of [alice, bob]) device.ask({ type: 'connected', call: CALL, epoch: 1 });
  await cluster.settle();
  alice.ask({ type: 'end', call: CALL });
  await cluster.settle();
  expect(bob.view(CALL)).toMatchObject({ state: 'ended', reason: 'completed' });
  expect(gate.asked.get('load')).toBe(before);
});

test('[STP15] what both devices say at once is decided one after the other, and none of it twice', async () => {
  const clock = new VirtualClock();
  const takesTime = () => new Promise<void>((resolve) => void clock.after(1, resolve));
  const cluster = new TestCluster({ clock, store: new MemoryStore(takesTime) });
  const node = await cluster.node({ isAlone: true });
  const alice = await cluster.device(node, 'alice', 'alice1');
  const bob = await cluster.device(node, 'bob', 'bob1');
  await clock.advanceAsync(50);
  alice.invite(CALL, 'bob');
  await clock.advanceAsync(50);
  bob.ask({ type: 'accept', call: CALL });
  await clock.advanceAsync(50);
  const lost = cluster.metrics.of('race lost');
  for (const device of [alice, bob]) device.ask({ type: 'connected', call: CALL, epoch: 1 });
  await clock.advanceAsync(50);
  expect(alice.view(CALL)).toMatchObject({ connectedMs: expect.any(Number) });
  expect(cluster.metrics.of('race lost')).toBe(lost);
});

test('[STP15] what comes after one that the store did not take is decided all the same', async () => {
  const gate = new Gate();
  const cluster = new TestCluster({ store: gate.before(new MemoryStore()) });
  const { alice, bob } = await established(cluster, await cluster.node({ isAlone: true }));
  gate.fail(['commit']);
  const seqs = [alice.ask({ type: 'hold', call: CALL }), bob.ask({ type: 'end', call: CALL })];
  await cluster.settle();
  expect(alice.answerTo(seqs[0] ?? 0)).toMatchObject({ code: 'unavailable' });
  expect(bob.answerTo(seqs[1] ?? 0)).toMatchObject({ code: 'unavailable' });
  gate.mend();
  bob.ask({ type: 'end', call: CALL });
  await cluster.settle();
  expect(alice.view(CALL)).toMatchObject({ state: 'ended', reason: 'completed' });
});

test('[STP14] what it knows by heart it forgets where another server of the database answers', async () => {
  const gate = new Gate();
  const store = Object.assign(new MemoryStore(), { era: 1 });
  const cluster = new TestCluster({ store: gate.before(store) });
  const { bob } = await ringing(cluster, await cluster.node({ isAlone: true }));
  const before = gate.asked.get('load') ?? 0;
  store.era = 2;
  bob.ask({ type: 'accept', call: CALL });
  await cluster.settle();
  expect(gate.asked.get('load')).toBe(before + 1);
});

test('[SHR17] what was being committed when another server took its place is not known by heart there', async () => {
  const gate = new Gate();
  const store = Object.assign(new MemoryStore(), { era: 1 });
  const cluster = new TestCluster({ store: gate.before(store) });
  const node = await cluster.node({ isAlone: true });
  const { alice, bob } = await aliceAndBob(cluster, node);
  const goOn = gate.hold('commit');
  alice.invite(CALL, 'bob');
  await cluster.settle();
  store.era = 2;
  // Whatever is done next begins to learn anew.
  await cluster.device(node, 'carol', 'carol1');
  goOn();
  await cluster.settle();
  const before = gate.asked.get('load') ?? 0;
  alice.ask({ type: 'cancel', call: CALL });
  await cluster.settle();
  expect(gate.asked.get('load')).toBe(before + 1);
  expect(bob.view(CALL)?.state).toBe('ended');
});

test('[STP14] so is one of which it has heard from another node, once it knows who is in it', async () => {
  const gate = new Gate();
  const store = new MemoryStore();
  const cluster = new TestCluster({ store });
  const [one, two] = [await cluster.node(), await cluster.node({ store: gate.before(store) })];
  const { alice, bob } = await established(cluster, one, two);
  const before = gate.asked.get('load');
  alice.ask({ type: 'hold', call: CALL });
  await cluster.settle();
  bob.ask({ type: 'hold', call: CALL });
  await cluster.settle();
  expect(alice.view(CALL)).toMatchObject({ held: true, peerHolds: true });
  expect(gate.asked.get('load')).toBe(before);
});

test('[STP14] what has changed without its knowledge is found out by the commit, and decided again', async () => {
  const { cluster, alice, bob } = await apart();
  alice.ask({ type: 'end', call: CALL });
  await cluster.settle();
  const seq = bob.ask({ type: 'hold', call: CALL });
  await cluster.settle();
  expect(bob.answerTo(seq)).toMatchObject({ type: 'refused', code: 'wrong-state' });
  expect(await cluster.store.log(CALL)).toMatchObject([
    {},
    {},
    {},
    {},
    {},
    { after: { state: 'ended' } },
  ]);
});

test('[STP14] what would change nothing of the call is decided on what the store says', async () => {
  const { cluster, alice, bob } = await apart();
  alice.ask({ type: 'end', call: CALL });
  await cluster.settle();
  const seq = bob.ask({ type: 'connected', call: CALL, epoch: 1 });
  await cluster.settle();
  expect(bob.answerTo(seq)).toMatchObject({ type: 'refused', code: 'wrong-state' });
});

test('[STP14] the commit is guarded by the lines of both users too', async () => {
  const steps: Step[] = [];
  const store = new MemoryStore();
  const commit = store.commit.bind(store);
  store.commit = (step) => {
    steps.push(step);
    return commit(step);
  };
  const cluster = new TestCluster({ store });
  const { bob } = await ringing(cluster, await cluster.node({ isAlone: true }));
  bob.ask({ type: 'accept', call: CALL });
  await cluster.settle();
  expect(steps.at(-1)?.cause.type).toBe('accept');
  expect(steps.at(-1)?.expect.map(({ user }) => user)).toEqual(['alice', 'bob']);
});

/** What a store says of a call that rings. */
async function read(): Promise<Snapshot> {
  const cluster = new TestCluster();
  await ringing(cluster, await cluster.node());
  return cluster.store.load({ users: [], call: CALL, actor: { user: 'bob', device: 'bob1' } });
}

const SCOPE = { users: [], call: CALL, actor: { user: 'bob', device: 'bob1' } };

test('[STP14] a call, its lines and who acts are known once they were read, and tried once', async () => {
  const snapshot = await read();
  const byHeart = new ByHeart();
  expect(byHeart.recall(SCOPE)).toBeUndefined();
  byHeart.read(snapshot);
  const recalled = byHeart.recall(SCOPE);
  expect(recalled).toEqual({ ...snapshot, devices: [], sent: undefined });
  expect(byHeart.recall(SCOPE, recalled)).toBeUndefined();
  const [call] = snapshot.calls;
  byHeart.hear({ ...call, version: 9 } as Call);
  expect(byHeart.recall(SCOPE, recalled)?.calls[0]?.version).toBe(9);
  byHeart.hear({ ...call, version: 8 } as Call);
  expect(byHeart.recall(SCOPE)?.calls[0]?.version).toBe(9);
});

test.each<[string, (snapshot: Snapshot) => Partial<Snapshot>]>([
  ['the call', () => ({ calls: [] })],
  ['a line', ({ lines }) => ({ lines: lines.slice(1) })],
  ['who acts', () => ({ actor: undefined })],
  [
    'the second call of one of them',
    ({ lines }) => ({ lines: lines.map((line) => ({ ...line, calls: [CALL, CALL2] })) }),
  ],
])('[STP14] the store is asked where %s is not known', async (_, altered) => {
  const snapshot = await read();
  const byHeart = new ByHeart();
  byHeart.read({ ...snapshot, ...altered(snapshot) });
  expect(byHeart.recall(SCOPE)).toBeUndefined();
});

test.each([
  { ...SCOPE, users: ['bob'] },
  { ...SCOPE, devicesOf: ['bob'] },
  { ...SCOPE, rtm: {} },
  { ...SCOPE, sent: { from: 'bob', key: 'key' } },
  { users: [] },
])('[STP14] the store is asked for more than a call and who acts: %j', async (scope) => {
  const byHeart = new ByHeart();
  byHeart.read(await read());
  expect(byHeart.recall(scope)).toBeUndefined();
});

test('[SHR17] of a call of which two were heard in one version the store is asked', async () => {
  const snapshot = await read();
  const byHeart = new ByHeart();
  byHeart.read(snapshot);
  const call = snapshot.calls[0] as Call;
  byHeart.hear({ ...call });
  expect(byHeart.recall(SCOPE)).toBeDefined();
  byHeart.hear({ ...call, changedAt: call.changedAt + 1 });
  expect(byHeart.recall(SCOPE)).toBeUndefined();
});

test('[STP14] a call that is over is forgotten', async () => {
  const snapshot = await read();
  const byHeart = new ByHeart();
  byHeart.read(snapshot);
  byHeart.hear({ ...snapshot.calls[0], state: 'ended', version: 9 } as Call);
  expect(byHeart.recall(SCOPE)).toBeUndefined();
});
