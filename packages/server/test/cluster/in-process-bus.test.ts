import { expect, test } from 'vitest';
import type { Delivery } from '../../src/cluster/bus.ts';
import { InProcessBus } from '../../src/cluster/in-process-bus.ts';
import { CALL, aliceAndBob } from '../support/calls.ts';
import { MemoryLog } from '../observe/memory-log.ts';
import { busContract } from './contract.ts';
import { twoNodes } from './two-nodes.ts';
import { TestCluster } from '../support/test-cluster.ts';

busContract(async () => {
  const bus = new InProcessBus(new MemoryLog());
  return twoNodes(bus, bus);
});

const BOUND = { kind: 'bound', to: 'bob', device: 'bob1', version: 3 } as const;

const broken = () => {
  throw new Error('a defect of one listener');
};

test('a listener that fails keeps nothing from the others, and is told to the operator', () => {
  const log = new MemoryLog();
  const bus = new InProcessBus(log);
  const heard: Delivery[] = [];
  bus.subscribe('bob', broken);
  bus.subscribe('bob', (delivery) => heard.push(delivery));
  bus.publish(BOUND);
  expect(heard).toEqual([BOUND]);
  expect(log.lines).toMatchObject([{ level: 'error', fields: { user: 'bob' } }]);
});

test('[STP9] a delivery that fails does not make what was committed look undone', async () => {
  const cluster = new TestCluster();
  cluster.bus.subscribe('bob', broken);
  const { alice, bob } = await aliceAndBob(cluster, await cluster.node());
  const seq = alice.invite(CALL, 'bob');
  await cluster.settle();
  expect(alice.answerTo(seq)).toMatchObject({ type: 'invited' });
  expect(bob.view(CALL)?.state).toBe('inviting');
});
