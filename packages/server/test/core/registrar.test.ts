import { CLOSE, GRACE_MS, RING_TIMEOUT_MS } from '@ringline/protocol';
import { ProcessClock, VirtualClock } from '@ringline/testkit';
import { expect, test } from 'vitest';
import { LEASE_MS, RENEW_LEASE_MS } from '../../src/registrar/lease.ts';
import { MemoryStore } from '../../src/store/memory/store.ts';
import { CALL, aliceAndBob, established, ringing } from '../support/calls.ts';
import { TestCluster } from '../support/test-cluster.ts';

test('[REG1] a device that binds while an invitation is being decided rings', async () => {
  for (let headStartMs = 0; headStartMs <= 8; headStartMs++) {
    const clock = new VirtualClock();
    const settle = () => new Promise<void>((resolve) => void clock.after(1, resolve));
    const cluster = new TestCluster({ clock, store: new MemoryStore(settle) });
    const nodes = [await cluster.node(), await cluster.node()] as const;
    const alice = await cluster.device(nodes[0], 'alice', 'alice1');
    const bob = await cluster.socket(nodes[1]);
    await clock.advanceAsync(50);
    bob.hello('bob', 'bob1');
    await clock.advanceAsync(headStartMs);
    alice.invite(CALL, 'bob');
    await clock.advanceAsync(100);
    expect(bob.view(CALL)?.state, `${headStartMs} ms after the hello`).toBe('inviting');
    expect(alice.view(CALL)).toMatchObject({ legs: [{ device: 'bob1' }] });
  }
});

test('[REG2] the devices of a node that died are lost since its lease ended, and get their grace', async () => {
  const cluster = new TestCluster();
  const mortal = new ProcessClock(cluster.clock);
  const dying = await cluster.node({ clock: mortal });
  const living = await cluster.node();
  const { alice, bob } = await established(cluster, living, dying);
  mortal.kill();
  bob.wire.kill('server');
  await cluster.clock.advanceAsync(LEASE_MS + RENEW_LEASE_MS);
  expect(alice.view(CALL)).toMatchObject({ state: 'established', peerGraceMs: expect.any(Number) });
  const calls = [{ id: CALL, version: 1 }];
  const back = await cluster.device(living, 'bob', 'bob1', { calls });
  await cluster.clock.advanceAsync(2 * GRACE_MS);
  expect([alice.view(CALL)?.state, back.view(CALL)?.state]).toEqual(['established', 'established']);
});

test('[REG3] after a restart an established call waits for both devices, with a fresh full grace', async () => {
  const cluster = new TestCluster();
  const first = await cluster.node();
  await established(cluster, first);
  await cluster.stop(first);
  await cluster.clock.advanceAsync(10 * GRACE_MS);
  const restarted = await cluster.node({ ownsStore: true });
  await cluster.clock.advanceAsync(GRACE_MS - 1_000);
  const calls = [{ id: CALL, version: 1 }];
  const alice = await cluster.device(restarted, 'alice', 'alice1', { calls });
  expect(alice.view(CALL)).toMatchObject({ state: 'established', peerGraceMs: expect.any(Number) });
  const bob = await cluster.device(restarted, 'bob', 'bob1', { calls });
  await cluster.clock.advanceAsync(2 * GRACE_MS);
  expect([alice.view(CALL)?.state, bob.view(CALL)?.state]).toEqual(['established', 'established']);
});

test('[REG3] a device already in its grace when the server died has a fresh one too', async () => {
  const cluster = new TestCluster();
  const first = await cluster.node();
  const { bob } = await established(cluster, first);
  bob.wire.drop();
  await cluster.clock.advanceAsync(GRACE_MS - 1_000);
  await cluster.stop(first);
  await cluster.clock.advanceAsync(60_000);
  const restarted = await cluster.node({ ownsStore: true });
  const calls = [{ id: CALL, version: 1 }];
  await cluster.device(restarted, 'alice', 'alice1', { calls });
  await cluster.clock.advanceAsync(GRACE_MS - 2_000);
  const back = await cluster.device(restarted, 'bob', 'bob1', { calls });
  expect(back.view(CALL)).toMatchObject({ state: 'established' });
});

test('[REG3] an invitation whose ring time ran out while the server was away ends no-answer at once', async () => {
  const cluster = new TestCluster();
  const first = await cluster.node();
  await ringing(cluster, first);
  await cluster.stop(first);
  await cluster.clock.advanceAsync(RING_TIMEOUT_MS);
  await cluster.node({ ownsStore: true });
  await cluster.clock.advanceAsync(100);
  expect(await cluster.store.call(CALL)).toMatchObject({ state: 'ended', reason: 'no-answer' });
  expect(await cluster.store.inboxHead('alice')).toBe(1);
});

test('[REG5] the resume key stays while the device knows it, and only its hash is stored', async () => {
  const cluster = new TestCluster();
  const node = await cluster.node();
  const first = await cluster.device(node, 'alice', 'alice1');
  const resumeKey = first.welcome?.resumeKey ?? '';
  const second = await cluster.device(node, 'alice', 'alice1', { resumeKey });
  const third = await cluster.device(node, 'alice', 'alice1', { resumeKey: 'something-else' });
  expect(second.welcome?.resumeKey).toBe(resumeKey);
  expect(third.welcome?.resumeKey).not.toBe(resumeKey);
  const { actor } = await cluster.store.load({
    users: [],
    actor: { user: 'alice', device: 'alice1' },
  });
  expect(JSON.stringify(actor)).not.toContain(third.welcome?.resumeKey ?? '?');
});

test('[REG6] a node that others counted as dead while it was asleep sends its devices away', async () => {
  const cluster = new TestCluster();
  const sleepy = new ProcessClock(cluster.clock);
  const { alice } = await aliceAndBob(cluster, await cluster.node({ clock: sleepy }));
  await cluster.node();
  await cluster.clock.advanceAsync(LEASE_MS);
  sleepy.sleep(LEASE_MS + 2 * RENEW_LEASE_MS);
  await cluster.clock.advanceAsync(LEASE_MS + 3 * RENEW_LEASE_MS);
  expect(alice.closedWith).toBe(CLOSE.leaving.code);
});

test('[REG13] a node whose lease ended while nobody called it dead keeps its devices', async () => {
  const cluster = new TestCluster();
  const sleepy = new ProcessClock(cluster.clock);
  const { alice } = await aliceAndBob(cluster, await cluster.node({ clock: sleepy }));
  sleepy.sleep(2 * LEASE_MS);
  await cluster.clock.advanceAsync(3 * LEASE_MS);
  const seq = alice.invite(CALL, 'bob');
  await cluster.settle();
  expect(alice.answerTo(seq)).toMatchObject({ type: 'invited' });
  expect(alice.closedWith).toBeUndefined();
});
