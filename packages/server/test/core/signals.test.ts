import { MAX_SIGNALS_PER_CALL } from '@ringline/protocol';
import { expect, test } from 'vitest';
import { CALL, CALL2, aliceAndBob, established, ringing } from '../support/calls.ts';
import { TestCluster } from '../support/test-cluster.ts';

const RESTART = {
  type: 'signal',
  call: CALL,
  to: 'bob1',
  epoch: 1,
  signal: { kind: 'restart' },
} as const;

test('[SIG1] a signal reaches the other device of the call and nobody else', async () => {
  const cluster = new TestCluster();
  const nodes = [await cluster.node(), await cluster.node()] as const;
  const { alice, bob } = await established(cluster, ...nodes);
  const bob2 = await cluster.device(nodes[0], 'bob', 'bob2');
  alice.ask(RESTART);
  await cluster.settle();
  const signals = (device: typeof bob) => device.heard.filter(({ type }) => type === 'signal');
  expect(signals(bob)).toMatchObject([{ call: CALL, from: 'alice1', epoch: 1 }]);
  expect([signals(bob2), signals(alice)]).toEqual([[], []]);
});

test('[SIG1] strangers, other devices and other states are refused', async () => {
  const cluster = new TestCluster();
  const node = await cluster.node();
  const { alice, bob } = await established(cluster, node);
  const eve = await cluster.device(node, 'eve', 'eve1');
  bob.ask({ type: 'end', call: CALL });
  await cluster.settle();
  const late = alice.ask(RESTART);
  const unknown = alice.ask({ ...RESTART, call: CALL2 });
  const stranger = eve.ask(RESTART);
  await cluster.settle();
  expect(alice.answerTo(late)).toMatchObject({ code: 'wrong-state' });
  expect(alice.answerTo(unknown)).toMatchObject({ code: 'unknown-call' });
  expect(eve.answerTo(stranger)).toMatchObject({ code: 'unknown-call' });
});

test('[SIG1] only the two devices of the call signal to each other, not others of the same users', async () => {
  const cluster = new TestCluster();
  const node = await cluster.node();
  const { alice, bob } = await established(cluster, node);
  const alice2 = await cluster.device(node, 'alice', 'alice2');
  const bob2 = await cluster.device(node, 'bob', 'bob2');
  const fromOther = alice2.ask(RESTART);
  const toOther = alice.ask({ ...RESTART, to: 'bob2' });
  const toOwn = alice.ask({ ...RESTART, to: 'alice1' });
  await cluster.settle();
  const answers = [alice2.answerTo(fromOther), alice.answerTo(toOther), alice.answerTo(toOwn)];
  for (const answer of answers) expect(answer).toMatchObject({ code: 'wrong-state', path: 'to' });
  const heard = [alice, alice2, bob, bob2].flatMap((device) => device.heard);
  expect(heard.filter(({ type }) => type === 'signal')).toEqual([]);
});

test('[SIG3] while it rings, the caller’s device and each leg signal to each other, and nobody else', async () => {
  const cluster = new TestCluster();
  const node = await cluster.node();
  const { alice, bob } = await ringing(cluster, node);
  const alice2 = await cluster.device(node, 'alice', 'alice2');
  const bob2 = await cluster.device(node, 'bob', 'bob2');
  const signals = (device: typeof bob) => device.heard.filter(({ type }) => type === 'signal');
  alice.ask({ ...RESTART, to: 'bob2', epoch: 2 });
  bob.ask({ ...RESTART, to: 'alice1' });
  const refused = [
    [alice, alice.ask({ ...RESTART, to: 'alice2' })],
    [alice, alice.ask({ ...RESTART, to: 'bob3' })],
    [alice2, alice2.ask(RESTART)],
    [bob, bob.ask({ ...RESTART, to: 'bob2' })],
    [bob, bob.ask({ ...RESTART, to: 'alice2' })],
  ] as const;
  await cluster.settle();
  expect(signals(bob2)).toMatchObject([{ from: 'alice1', epoch: 2 }]);
  expect(signals(alice)).toMatchObject([{ from: 'bob1', epoch: 1 }]);
  expect([...signals(bob), ...signals(alice2)]).toEqual([]);
  for (const [device, seq] of refused) {
    expect(device.answerTo(seq)).toMatchObject({ code: 'wrong-state', path: 'to' });
  }
});

test('[SIG3] a leg that has refused is out of it', async () => {
  const cluster = new TestCluster();
  const node = await cluster.node();
  const { alice, bob } = await ringing(cluster, node);
  await cluster.device(node, 'bob', 'bob2');
  bob.ask({ type: 'refuse', call: CALL, everywhere: false });
  await cluster.settle();
  const to = alice.ask(RESTART);
  const from = bob.ask({ ...RESTART, to: 'alice1' });
  await cluster.settle();
  expect(alice.answerTo(to)).toMatchObject({ code: 'wrong-state', path: 'to' });
  expect(bob.answerTo(from)).toMatchObject({ code: 'wrong-state', path: 'to' });
});

test('[SIG2] one signal beyond the limit is refused', async () => {
  const cluster = new TestCluster();
  const { alice, bob } = await established(cluster, await cluster.node());
  for (let i = 0; i < MAX_SIGNALS_PER_CALL; i++) {
    alice.ask(RESTART);
    await cluster.clock.advanceAsync(20);
  }
  expect(bob.heard.filter(({ type }) => type === 'signal')).toHaveLength(MAX_SIGNALS_PER_CALL);
  const refused = alice.ask(RESTART);
  await cluster.settle();
  expect(alice.answerTo(refused)).toMatchObject({ code: 'rate-limited' });
});

test('[HBT1] a heartbeat is answered with what is newer, what is unknown and what is gone', async () => {
  const cluster = new TestCluster();
  const { alice, bob } = await ringing(cluster, await cluster.node());
  const version = bob.view(CALL)?.version ?? 0;
  const beat = async (calls: { id: string; version: number }[]) => {
    bob.heard.length = 0;
    bob.say({ type: 'heartbeat', calls });
    await cluster.settle();
    return bob.heard.map(({ type }) => type);
  };
  expect(await beat([{ id: CALL, version }])).toEqual(['alive']);
  expect(await beat([{ id: CALL, version: version - 1 }])).toEqual(['call', 'alive']);
  expect(await beat([])).toEqual(['call', 'alive']);
  await beat([
    { id: CALL, version },
    { id: CALL2, version: 1 },
  ]);
  expect(bob.heard.at(-1)).toMatchObject({ type: 'alive', gone: [CALL2] });
  alice.ask({ type: 'cancel', call: CALL });
  await cluster.settle();
  // The record of the call is something unread.
  expect(await beat([{ id: CALL, version }])).toEqual(['call', 'alive', 'conversations']);
  expect(bob.view(CALL)).toMatchObject({ state: 'ended', reason: 'cancelled' });
});

test('[SIG2] a call that is over is counted no longer', async () => {
  const cluster = new TestCluster();
  const { alice, bob } = await established(cluster, await cluster.node());
  for (let i = 0; i < MAX_SIGNALS_PER_CALL; i++) {
    alice.ask(RESTART);
    await cluster.clock.advanceAsync(20);
  }
  bob.ask({ type: 'end', call: CALL });
  await cluster.settle();
  const late = alice.ask(RESTART);
  await cluster.settle();
  expect(alice.answerTo(late)).toMatchObject({ code: 'wrong-state' });
});

test('[HBT1] a heartbeat brings the items of the inbox whose delivery was lost', async () => {
  const cluster = new TestCluster();
  const { alice, bob } = await aliceAndBob(cluster, await cluster.node());
  const publish = cluster.bus.publish.bind(cluster.bus);
  cluster.bus.publish = () => undefined;
  const body = { kind: 'text', text: 'hi' } as const;
  alice.ask({ type: 'send', to: 'bob', body });
  await cluster.settle();
  cluster.bus.publish = publish;
  expect(bob.items).toEqual([]);
  bob.say({ type: 'heartbeat', calls: [] });
  await cluster.settle();
  expect(bob.items).toMatchObject([{ cursor: 1, body }]);
});
