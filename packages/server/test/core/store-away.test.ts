import type { DeviceMessage } from '@ringline/protocol';
import { HEARTBEAT_MS } from '@ringline/protocol';
import { expect, test } from 'vitest';
import { HEARTBEAT_ANSWER_MS } from '../../src/gateway/late-heartbeats.ts';
import { LOOK_AGAIN_SPREAD_MS, LOOK_AGAIN_START_MS } from '../../src/registrar/look-again.ts';
import { LEASE_MS, RENEW_LEASE_MS } from '../../src/registrar/lease.ts';
import { UNTOLD_MS } from '../../src/steps/step-runner.ts';
import { MemoryStore } from '../../src/store/memory/store.ts';
import type { Store } from '../../src/store/store.ts';
import { CALL, aliceAndBob, established, ringing } from '../support/calls.ts';
import { Gate } from '../support/gate.ts';
import { TestCluster } from '../support/test-cluster.ts';

/** A cluster whose store stands behind a gate. */
function gated(): { gate: Gate; cluster: TestCluster } {
  const gate = new Gate();
  return { gate, cluster: new TestCluster({ store: gate.before(new MemoryStore()) }) };
}

const RESTART = { kind: 'restart' } as const;
const SIGNAL = {
  type: 'signal',
  seq: 99,
  call: CALL,
  to: 'bob1',
  epoch: 1,
  signal: RESTART,
} as const;
const SEND = { type: 'send', seq: 99, to: 'bob', body: { kind: 'text', text: 'hi' } } as const;
const SEND_TO_BOB = { type: 'send', to: 'bob', body: { kind: 'text', text: 'hi' } } as const;

const FAULTS: readonly (readonly [keyof Store, DeviceMessage])[] = [
  ['commit', { type: 'end', seq: 99, call: CALL }],
  ['load', { ...SEND, key: 'of its own' }],
  ['commit', SEND],
  ['call', SIGNAL],
  ['history', { type: 'history', seq: 99, peer: 'bob', limit: 1 }],
  ['load', { type: 'heartbeat', calls: [] }],
  ['call', { type: 'heartbeat', calls: [{ id: 'call-0000000000000009', version: 1 }] }],
  ['commit', { type: 'acknowledge', cursor: 1 }],
];

test.each(FAULTS.map(([method, message]) => ({ method, type: message.type, message })))(
  '[GTW16] while $method fails a $type is refused, and done when repeated',
  async ({ method, message }) => {
    const { gate, cluster } = gated();
    const { alice } = await established(cluster, await cluster.node());
    alice.say({ ...SEND, seq: 50 });
    await cluster.settle();
    alice.heard.length = 0;
    gate.fail([method]);
    alice.say(message);
    await cluster.settle();
    const seq = 'seq' in message ? message.seq : 0;
    const refusal = { code: 'unavailable', retryAfterMs: expect.any(Number) };
    expect(alice.answerTo(seq)).toMatchObject(refusal);
    gate.mend();
    alice.heard.length = 0;
    alice.say(message);
    await cluster.settle();
    expect(alice.answerTo(seq)?.type).not.toBe('refused');
    expect(alice.closedWith).toBeUndefined();
  },
);

test('[GTW16] what was committed while the store fell is refused, and not done twice when it is repeated', async () => {
  const { gate, cluster } = gated();
  const { alice } = await aliceAndBob(cluster, await cluster.node());
  gate.loseAnswer('commit');
  alice.say(SEND);
  await cluster.settle();
  expect(alice.answerTo(99)).toMatchObject({ code: 'unavailable' });
  alice.heard.length = 0;
  alice.say(SEND);
  await cluster.settle();
  expect(alice.answerTo(99)).toMatchObject({ type: 'sent' });
  const items = await cluster.store.history('alice', 'bob', Number.MAX_SAFE_INTEGER, 9);
  expect(items).toHaveLength(1);
});

test('[STP13] a call that was made while the store fell rings soon after the next commit, without a heartbeat', async () => {
  const { gate, cluster } = gated();
  const node = await cluster.node();
  const { alice, bob } = await aliceAndBob(cluster, node);
  const carol = await cluster.device(node, 'carol', 'carol1');
  gate.loseAnswer('commit');
  alice.invite(CALL, 'bob');
  await cluster.settle();
  expect(bob.view(CALL)).toBeUndefined();
  carol.ask(SEND_TO_BOB);
  await cluster.clock.advanceAsync(LOOK_AGAIN_START_MS + LOOK_AGAIN_SPREAD_MS);
  expect(bob.view(CALL)?.state).toBe('inviting');
  expect(LOOK_AGAIN_START_MS + LOOK_AGAIN_SPREAD_MS).toBeLessThan(HEARTBEAT_MS);
});

test('[STP13] it is told also where no other commit comes, and where it was committed only later', async () => {
  const { gate, cluster } = gated();
  const { alice, bob } = await aliceAndBob(cluster, await cluster.node());
  gate.loseAnswer('commit');
  alice.ask(SEND_TO_BOB);
  await cluster.clock.advanceAsync(UNTOLD_MS - 1);
  expect(bob.items).toEqual([]);
  await cluster.clock.advanceAsync(LOOK_AGAIN_START_MS + LOOK_AGAIN_SPREAD_MS + 1);
  expect(bob.items).toHaveLength(1);
});

test('[STP13] what surely was not done makes nobody look', async () => {
  const { gate, cluster } = gated();
  const { alice } = await aliceAndBob(cluster, await cluster.node());
  let gaps = 0;
  cluster.bus.onGap(() => gaps++);
  gate.fail(['commit']);
  alice.invite(CALL, 'bob');
  await cluster.settle();
  gate.mend();
  alice.ask(SEND_TO_BOB);
  await cluster.clock.advanceAsync(2 * UNTOLD_MS);
  expect(gaps).toBe(0);
});

test.each(['load', 'commit'] as const)(
  '[REG4] a loss while %s fails is noted later, once',
  async (method) => {
    const { gate, cluster } = gated();
    const { alice, bob } = await ringing(cluster, await cluster.node());
    gate.fail([method]);
    alice.wire.drop();
    await cluster.clock.advanceAsync(2 * RENEW_LEASE_MS);
    gate.mend();
    await cluster.clock.advanceAsync(15_000);
    expect(bob.view(CALL)).toMatchObject({ state: 'ended', reason: 'lost' });
    bob.wire.drop();
    await cluster.settle();
    const asked = gate.asked.get('load');
    await cluster.clock.advanceAsync(10 * RENEW_LEASE_MS);
    expect(gate.asked.get('load')).toBe(asked);
  },
);

test('[REG4] a loss is noted later although the lease could not be renewed either, nor orphans be read', async () => {
  const { gate, cluster } = gated();
  const { alice, bob } = await ringing(cluster, await cluster.node());
  gate.fail(['load', 'commit', 'renewLease', 'orphans']);
  alice.wire.drop();
  await cluster.clock.advanceAsync(2 * RENEW_LEASE_MS);
  gate.mend();
  await cluster.clock.advanceAsync(15_000);
  expect(bob.view(CALL)).toMatchObject({ state: 'ended', reason: 'lost' });
});

test.each(['renewLease', 'orphans'] as const)(
  '[REG9] a node for which %s failed once keeps its lease and its devices',
  async (method) => {
    const { gate, cluster } = gated();
    const { alice } = await aliceAndBob(cluster, await cluster.node());
    gate.fail([method]);
    await cluster.clock.advanceAsync(RENEW_LEASE_MS + 10);
    gate.mend();
    await cluster.clock.advanceAsync(3 * LEASE_MS);
    // A second node would take up whatever has no lease.
    await cluster.node();
    await cluster.clock.advanceAsync(2 * RENEW_LEASE_MS);
    const actor = { user: 'alice', device: 'alice1' };
    expect((await cluster.store.load({ users: [], actor })).actor?.binding).not.toBeNull();
    expect(alice.closedWith).toBeUndefined();
  },
);

const BEAT = { type: 'heartbeat', calls: [] } as const;
const LATE = { type: 'refused', re: 0, code: 'unavailable', retryAfterMs: expect.any(Number) };

test('[HBT7] a heartbeat for which the store is too slow is refused, and not answered later', async () => {
  const { gate, cluster } = gated();
  const alice = await cluster.device(await cluster.node(), 'alice', 'alice1');
  alice.heard.length = 0;
  const goOn = gate.hold('load');
  alice.say(BEAT);
  await cluster.clock.advanceAsync(HEARTBEAT_ANSWER_MS - 100);
  expect(alice.heard).toEqual([]);
  await cluster.clock.advanceAsync(200);
  expect(alice.heard).toMatchObject([LATE]);
  goOn();
  await cluster.settle();
  expect(alice.heard).toHaveLength(1);
  alice.say(BEAT);
  await cluster.clock.advanceAsync(2 * HEARTBEAT_ANSWER_MS);
  expect(alice.heard.map(({ type }) => type)).toEqual(['refused', 'alive']);
});

test('[HBT7] so is one that waits behind a command, for which nothing is read any more', async () => {
  const { gate, cluster } = gated();
  const { alice } = await aliceAndBob(cluster, await cluster.node());
  const goOn = gate.hold('commit');
  alice.ask(SEND_TO_BOB);
  alice.say(BEAT);
  await cluster.clock.advanceAsync(HEARTBEAT_ANSWER_MS + 100);
  expect(alice.heard.at(-1)).toMatchObject(LATE);
  const standings = gate.asked.get('inboxStanding');
  const loads = gate.asked.get('load');
  goOn();
  await cluster.settle();
  expect(alice.heard.filter(({ type }) => type === 'sent')).toHaveLength(1);
  expect(alice.heard.filter(({ type }) => type === 'alive')).toEqual([]);
  expect([gate.asked.get('inboxStanding'), gate.asked.get('load')]).toEqual([standings, loads]);
});

test('[HBT7] one that the store does not answer at all is refused once', async () => {
  const { gate, cluster } = gated();
  const alice = await cluster.device(await cluster.node(), 'alice', 'alice1');
  alice.heard.length = 0;
  gate.fail(['load']);
  alice.say(BEAT);
  await cluster.clock.advanceAsync(2 * HEARTBEAT_ANSWER_MS);
  expect(alice.heard).toMatchObject([LATE]);
});

test('[HBT7] nor once more, when the store fails after that', async () => {
  const { gate, cluster } = gated();
  const alice = await cluster.device(await cluster.node(), 'alice', 'alice1');
  alice.heard.length = 0;
  const goOn = gate.hold('load');
  gate.loseAnswer('load');
  alice.say(BEAT);
  await cluster.clock.advanceAsync(HEARTBEAT_ANSWER_MS + 100);
  goOn();
  await cluster.settle();
  expect(alice.heard).toMatchObject([LATE]);
});

test('[HBT7] one that was answered is not refused, when what the inbox has cannot be read', async () => {
  const { gate, cluster } = gated();
  const alice = await cluster.device(await cluster.node(), 'alice', 'alice1');
  alice.heard.length = 0;
  gate.fail(['inboxStanding', 'inbox']);
  alice.say(BEAT);
  await cluster.settle();
  expect(alice.heard.map(({ type }) => type)).toEqual(['alive']);
  gate.mend();
  alice.say(BEAT);
  await cluster.settle();
  expect(alice.heard.map(({ type }) => type)).toEqual(['alive', 'alive']);
  expect(alice.closedWith).toBeUndefined();
});
