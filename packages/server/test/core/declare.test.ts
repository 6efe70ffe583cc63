import { USER_BURST } from '@ringline/protocol';
import { expect, test } from 'vitest';
import { CALL, established } from '../support/calls.ts';
import { TestCluster } from '../support/test-cluster.ts';

test('[DCL2] what a device declares is in the next view of both', async () => {
  const cluster = new TestCluster();
  const { alice, bob } = await established(cluster, await cluster.node());
  alice.ask({ type: 'declare', call: CALL, microphone: false, camera: false });
  await cluster.settle();
  expect(bob.view(CALL)).toMatchObject({ peerMuted: true, peerCameraOff: true });
  expect(alice.view(CALL)).toMatchObject({ muted: true, cameraOff: true });
});

test('[GTW9] declarations draw on the budget of their user', async () => {
  const cluster = new TestCluster();
  const { alice, bob } = await established(cluster, await cluster.node());
  await cluster.clock.advanceAsync(10_000);
  const declare = { type: 'declare', call: CALL, camera: true } as const;
  for (let i = 0; i < USER_BURST; i++) alice.ask({ ...declare, microphone: i % 2 > 0 });
  const one = alice.ask({ ...declare, microphone: false });
  const other = bob.ask({ ...declare, microphone: false });
  await cluster.settle();
  expect(alice.answerTo(one)).toMatchObject({ code: 'rate-limited' });
  expect(bob.answerTo(other)).toMatchObject({ type: 'done' });
});
