import { MIN_RING_TIMEOUT_MS, RING_TIMEOUT_MS } from '@ringline/protocol';
import { expect, test } from 'vitest';
import { DEADLINE_POLL_MS } from '../../src/steps/deadlines.ts';
import { MemoryStore } from '../../src/store/memory/store.ts';
import { CALL, CALL2, aliceAndBob, ringing } from '../support/calls.ts';
import { Gate } from '../support/gate.ts';
import { HeldStore } from '../support/held-store.ts';
import { TestCluster } from '../support/test-cluster.ts';

test('[STP3] an invitation found busy while the other call ends is decided again, and rings', async () => {
  const store = new HeldStore();
  const cluster = new TestCluster({ store });
  const node = await cluster.node();
  const { alice, bob } = await ringing(cluster, node);
  const carol = await cluster.device(node, 'carol', 'carol1');
  let goOn = () => {};
  store.holds = { type: 'invite', until: new Promise((resolve) => (goOn = resolve)) };
  carol.invite(CALL2, 'bob');
  await cluster.settle();
  alice.ask({ type: 'cancel', call: CALL });
  await cluster.settle();
  goOn();
  await cluster.settle();
  expect(carol.view(CALL2)?.state).toBe('inviting');
  expect(bob.view(CALL2)?.state).toBe('inviting');
});

test('[STP7] the id of a call that is over is not taken again, whoever asks', async () => {
  const cluster = new TestCluster();
  const node = await cluster.node();
  const { alice } = await ringing(cluster, node);
  alice.ask({ type: 'cancel', call: CALL });
  await cluster.settle();
  const eve = await cluster.device(node, 'eve', 'eve1');
  const again = alice.invite(CALL, 'carol');
  const foreign = eve.invite(CALL, 'frank');
  await cluster.settle();
  expect(alice.answerTo(again)).toMatchObject({ code: 'call-id-taken' });
  expect(eve.answerTo(foreign)).toMatchObject({ code: 'call-id-taken' });
});

test('[STP5] a refusal in a step that ends the call moves no sequence number', async () => {
  const gate = new Gate();
  const cluster = new TestCluster({ store: gate.before(new MemoryStore()) });
  const node = await cluster.node();
  const { bob } = await ringing(cluster, node);
  const before = bob.seq;
  gate.fail(['load']);
  await cluster.clock.advanceAsync(RING_TIMEOUT_MS);
  gate.mend();
  const late = bob.ask({ type: 'accept', call: CALL });
  await cluster.settle();
  expect(bob.answerTo(late)).toMatchObject({ type: 'refused', code: 'wrong-state' });
  expect(await cluster.store.call(CALL)).toMatchObject({ state: 'ended', reason: 'no-answer' });
  const again = await cluster.device(node, 'bob', 'bob1');
  expect(again.welcome?.lastSeq).toBe(before);
});

test('[STP8] a deadline is kept to the moment, not to the next poll', async () => {
  const cluster = new TestCluster();
  const { alice } = await aliceAndBob(cluster, await cluster.node());
  await cluster.clock.advanceAsync(
    DEADLINE_POLL_MS - (cluster.clock.now() % DEADLINE_POLL_MS) + 50,
  );
  alice.invite(CALL, 'bob', { ringTimeoutMs: MIN_RING_TIMEOUT_MS });
  await cluster.clock.advanceAsync(MIN_RING_TIMEOUT_MS - 1);
  expect(alice.view(CALL)?.state).toBe('inviting');
  await cluster.clock.advanceAsync(10);
  expect(alice.view(CALL)).toMatchObject({ state: 'ended', reason: 'no-answer' });
});

test('[STP6] a poll that the store did not answer is not the last', async () => {
  const gate = new Gate();
  const cluster = new TestCluster({ store: gate.before(new MemoryStore()) });
  await ringing(cluster, await cluster.node());
  gate.fail(['load', 'claimDueCalls']);
  await cluster.clock.advanceAsync(RING_TIMEOUT_MS + DEADLINE_POLL_MS);
  gate.mend();
  await cluster.clock.advanceAsync(DEADLINE_POLL_MS + 10);
  expect(await cluster.store.call(CALL)).toMatchObject({ state: 'ended', reason: 'no-answer' });
});
