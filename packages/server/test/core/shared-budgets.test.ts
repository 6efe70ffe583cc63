import { REST_BURST, USER_BURST, USER_COMMANDS_PER_SECOND } from '@ringline/protocol';
import { expect, test } from 'vitest';
import type { Delivery } from '../../src/cluster/bus.ts';
import { SPENT_TELL_MS, TOLD_BELOW } from '../../src/gateway/user-budgets.ts';
import type { UserBudgets } from '../../src/gateway/user-budgets.ts';
import { SWEEP_BUDGETS_MS } from '../../src/node.ts';
import { RTM_RATES } from '../../src/rtm/rates.ts';
import { TestCluster } from '../support/test-cluster.ts';

async function threeNodes(cluster: TestCluster): Promise<readonly UserBudgets[]> {
  const nodes = [await cluster.node(), await cluster.node(), await cluster.node()];
  return nodes.map(({ budgets }) => budgets);
}

/** Asks each node as often as it may for so long; gives how often that was. */
async function spend(
  cluster: TestCluster,
  nodes: readonly UserBudgets[],
  ms: number,
  ask: (budgets: UserBudgets) => number = (budgets) => budgets.command('alice'),
): Promise<number> {
  let times = 0;
  for (let passed = 0; passed < ms; passed += 50) {
    for (const budgets of nodes) while (ask(budgets) === 0) times++;
    await cluster.clock.advanceAsync(50);
  }
  return times;
}

test('[GTW25] in the long run a user has one rate over all nodes, and at once no more than a burst at each', async () => {
  const cluster = new TestCluster();
  const nodes = await threeNodes(cluster);
  const first = await spend(cluster, nodes, 1_000);
  expect(first).toBeGreaterThanOrEqual(USER_BURST);
  expect(first).toBeLessThanOrEqual(nodes.length * USER_BURST + USER_COMMANDS_PER_SECOND);
  // What was overdrawn at first is paid back: from then on it is the rate.
  await spend(cluster, nodes, 30_000);
  const seconds = 60;
  const later = await spend(cluster, nodes, seconds * 1000);
  expect(later / seconds).toBeLessThanOrEqual(1.1 * USER_COMMANDS_PER_SECOND);
  expect(later / seconds).toBeGreaterThan(0.5 * USER_COMMANDS_PER_SECOND);
});

test('[GTW25] what one node was asked is known at another where the user asks much, within SPENT_TELL_MS', async () => {
  const cluster = new TestCluster();
  const [one, other] = await threeNodes(cluster);
  if (!one || !other) throw new Error('three nodes');
  const half = USER_BURST * TOLD_BELOW;
  for (let i = 0; i <= half; i++) other.command('alice');
  for (let i = 0; i < USER_BURST; i++) expect(one.command('alice')).toBe(0);
  await cluster.clock.advanceAsync(SPENT_TELL_MS);
  expect(other.command('alice')).toBeGreaterThan(0);
  expect(other.command('bob')).toBe(0);
  expect(other.rest('alice')).toBe(0);
});

test('[GTW25] a user who asks little is not spoken of, and one who has been quiet is not listened to', async () => {
  const cluster = new TestCluster();
  const [one] = await threeNodes(cluster);
  if (!one) throw new Error('three nodes');
  const told: string[] = [];
  const publish = cluster.bus.publish.bind(cluster.bus);
  cluster.bus.publish = (delivery) => {
    told.push(delivery.kind);
    publish(delivery);
  };
  for (let i = 0; i < REST_BURST * TOLD_BELOW; i++) one.rest('alice');
  await cluster.clock.advanceAsync(SPENT_TELL_MS);
  expect([told, one.listening]).toEqual([[], 0]);
  for (let i = 0; i < REST_BURST * TOLD_BELOW; i++) one.rest('alice');
  await cluster.clock.advanceAsync(SPENT_TELL_MS);
  expect([told, one.listening]).toEqual([['spent'], 1]);
  await cluster.clock.advanceAsync(2 * SWEEP_BUDGETS_MS);
  expect(one.listening).toBe(0);
});

test('[GTW25] acts of RTM that are counted by channel are so over nodes', async () => {
  const cluster = new TestCluster();
  const [one, other] = await threeNodes(cluster);
  if (!one || !other) throw new Error('three nodes');
  const { times } = RTM_RATES['join-same'];
  for (let i = 0; i < times; i++) {
    one.rtm('join-same', 'alice', 'room');
    other.rtm('join-same', 'alice', 'other');
  }
  await cluster.clock.advanceAsync(SPENT_TELL_MS);
  expect(other.rtm('join-same', 'alice', 'room')).toBeGreaterThan(0);
  expect(other.rtm('join-same', 'alice', 'third')).toBe(0);
});

test('[GTW25] to say what was spent costs a user nothing', async () => {
  const cluster = new TestCluster();
  const { budgets } = await cluster.node();
  while (budgets.command('alice') === 0);
  await cluster.clock.advanceAsync(SPENT_TELL_MS);
  expect(budgets.command('alice')).toBeLessThanOrEqual(1000 / USER_COMMANDS_PER_SECOND);
});

test('[BUS11] what only a newer release counts is left out', async () => {
  const cluster = new TestCluster();
  const [one] = await threeNodes(cluster);
  if (!one) throw new Error('three nodes');
  for (let i = 0; i <= USER_BURST * TOLD_BELOW; i++) one.command('alice');
  const spent = { kind: 'spent', to: 'alice', by: 'newer', act: 'dance', count: 1 } as const;
  cluster.bus.publish(spent as unknown as Delivery);
  expect(one.command('alice')).toBe(0);
  expect(cluster.log.lines.filter(({ level }) => level === 'error')).toEqual([]);
});
