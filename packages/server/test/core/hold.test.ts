import { GRACE_MS, RESUME_TIMEOUT_MS, VIDEO_REQUEST_MS } from '@ringline/protocol';
import { expect, test } from 'vitest';
import { CALL, established } from '../support/calls.ts';
import { TestCluster } from '../support/test-cluster.ts';
import type { TestDevice } from '../support/test-device.ts';

async function heldByAlice(cluster: TestCluster) {
  const node = await cluster.node({ ownsStore: true });
  const pair = await established(cluster, node);
  pair.alice.ask({ type: 'hold', call: CALL });
  await cluster.settle();
  return { ...pair, node };
}

function flows(device: TestDevice, resume?: number): void {
  device.ask({ type: 'connected', call: CALL, epoch: 1, ...(resume !== undefined && { resume }) });
}

test('[HLD1] both are told who holds', async () => {
  const { alice, bob } = await heldByAlice(new TestCluster());
  expect(alice.view(CALL)).toMatchObject({ state: 'established', held: true });
  expect(bob.view(CALL)).toMatchObject({ state: 'established', peerHolds: true });
});

test('[STP1] a hold that is said again after a reconnect is answered as before', async () => {
  const cluster = new TestCluster();
  const { alice, node } = await heldByAlice(cluster);
  const resumeKey = alice.welcome?.resumeKey;
  const { seq } = alice;
  alice.wire.drop();
  await cluster.settle();
  const calls = [{ id: CALL, version: 1 }];
  const back = await cluster.device(node, 'alice', 'alice1', { resumeKey, calls });
  back.say({ type: 'hold', seq, call: CALL });
  await cluster.settle();
  expect(back.answerTo(seq)).toMatchObject({ type: 'done' });
  expect(back.view(CALL)).toMatchObject({ held: true });
});

test('[RSM3] a resume is over when both report media since', async () => {
  const cluster = new TestCluster();
  const { alice, bob } = await heldByAlice(cluster);
  alice.ask({ type: 'resume', call: CALL });
  await cluster.settle();
  expect(bob.view(CALL)).toMatchObject({ resuming: { by: 'peer', resume: 1 } });
  flows(alice, 1);
  flows(bob);
  await cluster.settle();
  expect(alice.view(CALL)).toMatchObject({ resuming: { by: 'self', resume: 1 } });
  flows(bob, 1);
  await cluster.settle();
  expect(alice.view(CALL)).not.toHaveProperty('resuming');
});

test.each([
  [undefined, { media: 'video' }],
  [false, { media: 'video' }],
  [true, { media: 'audio', videoRequest: { by: 'self' } }],
] as const)(
  '[VID12] a resume brings the picture back, or asks for it: askVideo %s',
  async (askVideo, seen) => {
    const cluster = new TestCluster();
    const node = await cluster.node({ ownsStore: true });
    const { alice, bob } = await established(cluster, node);
    alice.ask({ type: 'request-video', call: CALL });
    await cluster.settle();
    bob.ask({ type: 'answer-video', call: CALL, accept: true });
    alice.ask({ type: 'hold', call: CALL });
    await cluster.settle();
    expect(alice.view(CALL)).toMatchObject({ media: 'audio', videoEnd: { why: 'held' } });
    alice.ask({ type: 'resume', call: CALL, ...(askVideo !== undefined && { askVideo }) });
    await cluster.settle();
    flows(alice, 1);
    flows(bob, 1);
    await cluster.settle();
    expect(alice.view(CALL)).toMatchObject(seen);
  },
);

test('[RSM5] a resume without media ends the call at its instant, with one record', async () => {
  const cluster = new TestCluster();
  const { alice, bob } = await heldByAlice(cluster);
  alice.ask({ type: 'resume', call: CALL });
  await cluster.settle();
  flows(bob, 1);
  await cluster.clock.advanceAsync(RESUME_TIMEOUT_MS);
  expect(alice.view(CALL)).toMatchObject({ state: 'ended', reason: 'resume-failed' });
  expect(bob.view(CALL)).toMatchObject({ state: 'ended', reason: 'resume-failed' });
  expect(bob.items.map(({ body }) => body)).toMatchObject([
    { kind: 'record', record: { reason: 'resume-failed', status: 1 } },
  ]);
});

test('[RSM6] a server that is started again gives a resume under way what was left of its time', async () => {
  const cluster = new TestCluster();
  const { alice, node } = await heldByAlice(cluster);
  alice.ask({ type: 'resume', call: CALL });
  await cluster.clock.advanceAsync(RESUME_TIMEOUT_MS - 1_000);
  await cluster.clock.untilSettled(node.stop());
  const next = await cluster.node({ ownsStore: true });
  const calls = [{ id: CALL, version: 1 }];
  await cluster.clock.advanceAsync(GRACE_MS / 2);
  const back = await cluster.device(next, 'alice', 'alice1', { calls });
  const bob = await cluster.device(next, 'bob', 'bob1', { calls });
  expect(back.view(CALL)).toMatchObject({ state: 'established', resuming: { resume: 1 } });
  flows(back, 1);
  flows(bob, 1);
  await cluster.settle();
  expect(bob.view(CALL)).not.toHaveProperty('resuming');
});

test('[VID1] a request for a picture expires at its instant', async () => {
  const cluster = new TestCluster();
  const { alice, bob } = await established(cluster, await cluster.node());
  alice.ask({ type: 'request-video', call: CALL });
  await cluster.settle();
  expect(bob.view(CALL)).toMatchObject({ videoRequest: { by: 'peer' } });
  await cluster.clock.advanceAsync(VIDEO_REQUEST_MS);
  expect(bob.view(CALL)).toMatchObject({ media: 'audio', videoEnd: { why: 'expired' } });
  expect(bob.view(CALL)).not.toHaveProperty('videoRequest');
});

test('[VID6] a third device commands nothing of a call that is not its own', async () => {
  const cluster = new TestCluster();
  const node = await cluster.node();
  await established(cluster, node);
  const carol = await cluster.device(node, 'carol', 'carol1');
  const tablet = await cluster.device(node, 'alice', 'alice2');
  const strange = carol.ask({ type: 'hold', call: CALL });
  const idle = tablet.ask({ type: 'hold', call: CALL });
  await cluster.settle();
  expect(carol.answerTo(strange)).toMatchObject({ code: 'unknown-call' });
  expect(tablet.answerTo(idle)).toMatchObject({ code: 'forbidden' });
});
