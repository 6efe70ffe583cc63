import type { RinglineNode } from '../../src/node.ts';
import type { TestCluster } from './test-cluster.ts';
import type { TestDevice } from './test-device.ts';

/** The call of most tests, and a second one. */
export const CALL = 'call-0000000000000001';
export const CALL2 = 'call-0000000000000002';

/** Alice (alice1) and Bob (bob1), connected. */
export async function aliceAndBob(
  cluster: TestCluster,
  node: RinglineNode,
  other: RinglineNode = node,
): Promise<{ alice: TestDevice; bob: TestDevice }> {
  const alice = await cluster.device(node, 'alice', 'alice1', { language: 'en' });
  const bob = await cluster.device(other, 'bob', 'bob1', { language: 'en' });
  return { alice, bob };
}

/** Alice calls Bob and it rings. */
export async function ringing(
  cluster: TestCluster,
  node: RinglineNode,
  other: RinglineNode = node,
): Promise<{ alice: TestDevice; bob: TestDevice }> {
  const { alice, bob } = await aliceAndBob(cluster, node, other);
  alice.invite(CALL, 'bob');
  await cluster.settle();
  bob.ask({ type: 'ring', call: CALL, receipt: 'alerting' });
  await cluster.settle();
  return { alice, bob };
}

/** Alice and Bob talk. */
export async function established(
  cluster: TestCluster,
  node: RinglineNode,
  other: RinglineNode = node,
): Promise<{ alice: TestDevice; bob: TestDevice }> {
  const { alice, bob } = await ringing(cluster, node, other);
  bob.ask({ type: 'accept', call: CALL });
  await cluster.settle();
  alice.ask({ type: 'connected', call: CALL, epoch: 1 });
  bob.ask({ type: 'connected', call: CALL, epoch: 1 });
  await cluster.settle();
  return { alice, bob };
}
