import { KEPT_RESULTS, MAX_WAITING_MESSAGES, RING_TIMEOUT_MS } from '@ringline/protocol';
import { ProcessClock, VirtualClock } from '@ringline/testkit';
import { expect, test } from 'vitest';
import { DEADLINE_CLAIM_MS, DEADLINE_POLL_MS } from '../../src/steps/deadlines.ts';
import { MemoryStore } from '../../src/store/memory/store.ts';
import { CALL, CALL2, aliceAndBob, ringing } from '../support/calls.ts';
import { HeldStore } from '../support/held-store.ts';
import { TestCluster } from '../support/test-cluster.ts';
import type { TestDevice } from '../support/test-device.ts';

/** The same invitation with the same number, and nothing heard but what answers it. */
async function inviteAgain(
  cluster: TestCluster,
  device: TestDevice,
  invitation: { readonly seq: number; readonly call: string; readonly to: string },
): Promise<void> {
  device.heard.length = 0;
  device.say({ type: 'invite', media: 'audio', ...invitation });
  await cluster.settle();
}

test('[STP1] an invitation repeated after a reconnect is answered and does not ring twice', async () => {
  const cluster = new TestCluster();
  const node = await cluster.node();
  const { alice, bob } = await aliceAndBob(cluster, node);
  const seq = alice.invite(CALL, 'bob');
  await cluster.settle();
  alice.wire.drop();
  const again = await cluster.device(node, 'alice', 'alice1');
  expect(again.welcome?.lastSeq).toBe(seq);
  again.say({ type: 'invite', seq, call: CALL, to: 'bob', media: 'audio' });
  await cluster.settle();
  expect(again.answerTo(seq)).toEqual({ type: 'invited', re: seq, call: CALL });
  expect(bob.view(CALL)?.version).toBeLessThanOrEqual(3);
});

test('[STP1] a message repeated after a restart of the server lies in the inbox once', async () => {
  const cluster = new TestCluster();
  const first = await cluster.node();
  const { alice } = await aliceAndBob(cluster, first);
  const body = { kind: 'text', text: 'hi' } as const;
  const seq = alice.ask({ type: 'send', to: 'bob', body });
  await cluster.settle();
  const before = alice.answerTo(seq);
  await cluster.clock.untilSettled(first.stop());
  const again = await cluster.device(await cluster.node({ ownsStore: true }), 'alice', 'alice1');
  again.say({ type: 'send', seq, to: 'bob', body });
  await cluster.settle();
  expect(before).toMatchObject({ type: 'sent' });
  expect(again.answerTo(seq)).toEqual(before);
  expect(await cluster.store.inboxHead('bob')).toBe(1);
});

test('[STP2] a number behind the kept results is stale', async () => {
  const cluster = new TestCluster();
  const { alice } = await aliceAndBob(cluster, await cluster.node());
  for (let i = 0; i <= KEPT_RESULTS; i++) {
    alice.ask({ type: 'send', to: 'bob', body: { kind: 'text', text: `${i}` } });
  }
  await cluster.settle();
  alice.heard.length = 0;
  alice.say({ type: 'send', seq: 1, to: 'bob', body: { kind: 'text', text: '0' } });
  alice.say({ type: 'send', seq: 2, to: 'bob', body: { kind: 'text', text: '1' } });
  await cluster.settle();
  expect(alice.answerTo(1)).toMatchObject({ code: 'stale' });
  expect(alice.answerTo(2)).toMatchObject({ type: 'sent' });
  expect(await cluster.store.inboxHead('bob')).toBe(KEPT_RESULTS + 1);
});

test('[STP3] of two accepts decided on two nodes at once, one is decided again and loses', async () => {
  const clock = new VirtualClock();
  const settle = () => new Promise<void>((resolve) => void clock.after(1, resolve));
  const cluster = new TestCluster({ clock, store: new MemoryStore(settle) });
  const nodes = [await cluster.node(), await cluster.node()] as const;
  const alice = await cluster.device(nodes[0], 'alice', 'alice1');
  const bob1 = await cluster.device(nodes[0], 'bob', 'bob1');
  const bob2 = await cluster.device(nodes[1], 'bob', 'bob2');
  await clock.advanceAsync(50);
  alice.invite(CALL, 'bob');
  await clock.advanceAsync(50);
  for (const device of [bob1, bob2]) {
    device.ask({ type: 'ring', call: CALL, receipt: 'alerting' });
    await clock.advanceAsync(50);
  }
  const seqs = [bob1.ask({ type: 'accept', call: CALL }), bob2.ask({ type: 'accept', call: CALL })];
  await clock.advanceAsync(50);
  const answers = [bob1.answerTo(seqs[0] ?? 0), bob2.answerTo(seqs[1] ?? 0)];
  expect(new Set(answers.map((answer) => answer?.type))).toEqual(new Set(['done', 'refused']));
  expect(answers.find((answer) => answer?.type === 'refused')).toMatchObject({
    code: 'answered-elsewhere',
  });
  expect(cluster.metrics.of('race lost')).toBeGreaterThan(0);
  const views = [bob1.view(CALL), bob2.view(CALL)];
  expect(new Set(views.map((view) => view?.state))).toEqual(new Set(['ended', 'established']));
});

test('[STP4] neither caller nor callee hears of an invitation before it is durable', async () => {
  const store = new HeldStore();
  const cluster = new TestCluster({ store });
  const { alice, bob } = await aliceAndBob(cluster, await cluster.node());
  let durable = () => {};
  store.holds = { type: 'invite', until: new Promise((resolve) => (durable = resolve)) };
  const seq = alice.invite(CALL, 'bob');
  await cluster.settle();
  expect([alice.answerTo(seq), alice.view(CALL), bob.view(CALL)]).toEqual([
    undefined,
    undefined,
    undefined,
  ]);
  durable();
  await cluster.settle();
  expect(alice.answerTo(seq)).toMatchObject({ type: 'invited' });
  expect(bob.view(CALL)?.state).toBe('inviting');
});

test('[STP5] a refused invitation, repeated when the line is free, is decided anew', async () => {
  const cluster = new TestCluster();
  const { alice, bob } = await ringing(cluster, await cluster.node());
  const seq = alice.invite(CALL2, 'carol');
  await cluster.settle();
  expect(alice.answerTo(seq)).toMatchObject({ code: 'caller-busy' });
  bob.ask({ type: 'refuse', call: CALL, everywhere: true });
  await cluster.settle();
  await inviteAgain(cluster, alice, { seq, call: CALL2, to: 'carol' });
  expect(alice.answerTo(seq)).toMatchObject({ type: 'invited', call: CALL2 });
});

test('[GTW16] while the store is away a command is refused, and done when repeated later', async () => {
  const store = new HeldStore();
  const cluster = new TestCluster({ store });
  const { alice } = await aliceAndBob(cluster, await cluster.node());
  store.away = true;
  const seq = alice.invite(CALL, 'bob');
  await cluster.settle();
  expect(alice.answerTo(seq)).toMatchObject({
    code: 'unavailable',
    retryAfterMs: expect.any(Number),
  });
  store.away = false;
  await inviteAgain(cluster, alice, { seq, call: CALL, to: 'bob' });
  expect(alice.answerTo(seq)).toMatchObject({ type: 'invited' });
});

test('[REG4] a loss that the store could not take is noted when it is back', async () => {
  const store = new HeldStore();
  const cluster = new TestCluster({ store });
  const { alice, bob } = await ringing(cluster, await cluster.node());
  store.away = true;
  alice.wire.drop();
  await cluster.settle();
  store.away = false;
  await cluster.clock.advanceAsync(15_000);
  expect(bob.view(CALL)).toMatchObject({ state: 'ended', reason: 'lost' });
});

test('[STP5] what was refused is decided anew, also when a later command was done', async () => {
  const cluster = new TestCluster();
  const { alice, bob } = await ringing(cluster, await cluster.node());
  const seq = alice.invite(CALL2, 'carol');
  alice.ask({ type: 'send', to: 'bob', body: { kind: 'text', text: 'later' } });
  await cluster.settle();
  bob.ask({ type: 'refuse', call: CALL, everywhere: true });
  await cluster.settle();
  await inviteAgain(cluster, alice, { seq, call: CALL2, to: 'carol' });
  expect(alice.answerTo(seq)).toMatchObject({ type: 'invited', call: CALL2 });
});

test('[STP6] while the store takes nothing, what is due is tried when its claim is over and no faster', async () => {
  const store = new HeldStore();
  const cluster = new TestCluster({ store });
  const mortal = new ProcessClock(cluster.clock);
  const dying = await cluster.node({ clock: mortal });
  const node = await cluster.node();
  await ringing(cluster, dying);
  await cluster.clock.advanceAsync(RING_TIMEOUT_MS - 1_000);
  mortal.kill();
  store.away = true;
  const before = cluster.log.lines.length;
  await cluster.clock.advanceAsync(1_000 + 4 * DEADLINE_CLAIM_MS);
  expect(store.tries).toBeGreaterThan(1);
  expect(store.tries).toBeLessThanOrEqual(4);
  expect(
    cluster.log.lines.slice(before).filter(({ text }) => text.includes('expired')),
  ).toHaveLength(1);
  store.away = false;
  await cluster.clock.advanceAsync(DEADLINE_CLAIM_MS + DEADLINE_POLL_MS);
  expect(await store.call(CALL)).toMatchObject({ state: 'ended' });
  await cluster.clock.untilSettled(node.stop());
});

test('[REG4] a loss that lost every race is noted later', async () => {
  const store = new HeldStore();
  const cluster = new TestCluster({ store });
  const { alice, bob } = await ringing(cluster, await cluster.node());
  store.losesRace = (step) => step.cause.type === 'lose';
  alice.wire.drop();
  await cluster.settle();
  store.losesRace = () => false;
  await cluster.clock.advanceAsync(20_000);
  expect(bob.view(CALL)).toMatchObject({ state: 'ended', reason: 'lost' });
});

test('[REG7] a caller lost while its invitation is being committed rings nobody', async () => {
  const store = new HeldStore();
  const cluster = new TestCluster({ store });
  const { alice, bob } = await aliceAndBob(cluster, await cluster.node());
  let goOn = () => {};
  store.holds = { type: 'invite', until: new Promise((resolve) => (goOn = resolve)) };
  alice.invite(CALL, 'bob');
  await cluster.settle();
  alice.wire.drop();
  await cluster.settle();
  goOn();
  await cluster.settle();
  expect(bob.view(CALL)).toBeUndefined();
});

test('[GTW13] a page loaded anew is not answered for what the former page said last', async () => {
  const store = new HeldStore();
  const cluster = new TestCluster({ store });
  const node = await cluster.node();
  const { alice } = await aliceAndBob(cluster, node);
  let goOn = () => {};
  store.holds = { type: 'send', until: new Promise((resolve) => (goOn = resolve)) };
  alice.ask({ type: 'send', to: 'bob', body: { kind: 'text', text: 'of the old page' } });
  await cluster.settle();
  const again = await cluster.device(node, 'alice', 'alice1');
  goOn();
  await cluster.settle();
  const seq = again.invite(CALL, 'bob');
  await cluster.settle();
  expect(again.answerTo(seq)).toMatchObject({ type: 'invited' });
  expect(await cluster.store.inboxHead('bob')).toBe(0);
});

test('[GTW19] while the store is slow a device’s messages wait, but not without bound', async () => {
  const store = new HeldStore();
  const cluster = new TestCluster({ store });
  const { alice } = await aliceAndBob(cluster, await cluster.node());
  store.holds = { type: 'invite', until: new Promise(() => {}) };
  alice.invite(CALL, 'bob');
  await cluster.settle();
  const seqs: number[] = [];
  for (let i = 0; i < MAX_WAITING_MESSAGES; i++) {
    seqs.push(alice.ask({ type: 'history', peer: 'bob', limit: 1 }));
    await cluster.clock.advanceAsync(25);
  }
  expect(alice.answerTo(seqs.at(-1) ?? 0)).toBeUndefined();
  const refused = alice.ask({ type: 'history', peer: 'bob', limit: 1 });
  await cluster.settle();
  expect(alice.answerTo(refused)).toMatchObject({ code: 'unavailable' });
});

test('[GTW20] a heartbeat answered late does not bring an ended call back', async () => {
  const store = new HeldStore();
  const cluster = new TestCluster({ store });
  const { alice, bob } = await ringing(cluster, await cluster.node());
  const goOn = store.holdNextLoad();
  bob.say({ type: 'heartbeat', calls: [] });
  await cluster.settle();
  alice.ask({ type: 'cancel', call: CALL });
  await cluster.settle();
  goOn();
  await cluster.settle();
  expect(bob.view(CALL)?.state).toBe('ended');
  expect(bob.heard.map(({ type }) => type)).toContain('alive');
});
