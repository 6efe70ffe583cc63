import { HEARTBEAT_MS } from '@ringline/protocol';
import { beforeAll, expect, test } from 'vitest';
import { keptRun } from '../src/cluster/kept.ts';
import { ASSUMPTIONS } from '../src/scaling/assumptions.ts';
import { capacityOf, costOf, partitioned } from '../src/scaling/model.ts';
import type { Measured } from '../src/scaling/model.ts';
import { PAGES, filled, pageOf } from '../src/scaling/pages.ts';
import { routingPlan } from '../src/scaling/plan.ts';
import { SCRIPTED_PER_CALL, route } from '../src/scaling/routing.ts';
import type { Routed, RoutingPlan } from '../src/scaling/routing.ts';
import { CONNECTION_KILOBYTES, HEARTBEAT_SECONDS, capacityIn } from '../src/scaling/tables.ts';
import { measuredIn, textsOf } from '../src/scaling/tables.ts';

const MEASURED: Measured = {
  nodeMicros: 2_000,
  postgresMicros: 1_000,
  natsMicros: 100,
  transactions: 10,
  walBytes: 20_000,
  busMessages: 16,
  busBytes: 12_000,
  connectionBytes: 6_000,
};
const RHYTHM = { heartbeatSeconds: 15, databaseConnections: 6 };
const capacity = capacityOf(ASSUMPTIONS, MEASURED, RHYTHM, 5_000);

const SMALL: RoutingPlan = {
  users: 2_000,
  devicesPerUser: 1,
  nodes: 4,
  watchedPerDevice: 0,
  callsPerSecond: 50,
  seconds: 60,
  conversationSeconds: 120,
  loginsPerSecond: 0,
  seed: 7,
};

let routed: Routed;

beforeAll(() => {
  routed = route(routingPlan(ASSUMPTIONS, capacityIn(keptRun())));
});

test('capacity follows from what is measured by plain multiplication', () => {
  expect(capacity).toMatchObject({
    connections: 1_200_000,
    heartbeats: 80_000,
    databaseCoresForCalls: 1,
    databaseCoresForHeartbeats: 1.2,
    transactions: 10_000,
    walBytes: 20e6,
    busMessages: 16_000,
    natsCores: 0.1,
    callsUnderWay: 120_000,
  });
  expect(capacity.nodeCores).toBeCloseTo(2 + 4.8);
});

test('there are as many nodes as processor or connections need, whichever is more', () => {
  expect(capacity).toMatchObject({ nodesForCpu: 14, nodesForConnections: 48, nodes: 48 });
  const busy = capacityOf(ASSUMPTIONS, { ...MEASURED, nodeMicros: 50_000 }, RHYTHM, 5_000);
  expect(busy.nodes).toBe(busy.nodesForCpu);
  expect(busy.nodes).toBeGreaterThan(48);
});

test('the cost is the sum of its parts, and a dearer part makes it dearer by as much', () => {
  const cost = costOf(ASSUMPTIONS, capacity);
  const prices = { ...ASSUMPTIONS.prices, node: ASSUMPTIONS.prices.node + 1 };
  expect(costOf({ ...ASSUMPTIONS, prices }, capacity).all).toBeCloseTo(cost.all + capacity.nodes);
  const { all, ...parts } = cost;
  expect(Object.values(parts).reduce((sum, part) => sum + part, 0)).toBeCloseTo(all);
});

test('one partition crosses nothing; more share the work and pay for what crosses', () => {
  expect(partitioned(capacity, 1_000, 1, 2)).toEqual({
    partitions: 1,
    crossing: 0,
    transactionsPerCall: 10,
    coresPerPartition: 2.2,
  });
  const four = partitioned(capacity, 1_000, 4, 2);
  expect(four).toMatchObject({ crossing: 0.75, transactionsPerCall: 11.5 });
  expect(four.coresPerPartition).toBeCloseTo((1.15 + 1.2) / 4);
});

test('a single node publishes every delivery and hears none', () => {
  const alone = route({ ...SMALL, nodes: 1 });
  expect(alone.published).toBe(alone.calls * SCRIPTED_PER_CALL);
  expect(alone.heard).toBe(0);
});

test('with one device each, only what goes to the other user can cross, and most nodes are others', () => {
  const { calls, heard } = route(SMALL);
  // Of each step one delivery, of the end two, goes to who did not act; three of four are at another node.
  const toOthers = SCRIPTED_PER_CALL / 2 + 1;
  expect(heard / calls).toBeGreaterThan(0.7 * (toOthers - 2));
  expect(heard / calls).toBeLessThan(0.8 * toOthers);
});

test('a node listens to each of its users, and to whom these watch, once', () => {
  expect(route(SMALL).subjects).toBe(SMALL.users);
  const watching = route({ ...SMALL, nodes: 1, watchedPerDevice: 200 });
  expect(watching.subjects).toBe(2 * SMALL.users);
});

test('a login is told to nodes that watch the user and to no other', () => {
  const plan = { ...SMALL, callsPerSecond: 0, loginsPerSecond: 10 };
  expect(route(plan)).toMatchObject({ published: 600, heard: 0 });
  expect(route({ ...plan, watchedPerDevice: 200 })).toMatchObject({ published: 600, heard: 1_800 });
});

test('the same seed routes the same', () => {
  expect(route(SMALL)).toEqual(route(SMALL));
});

test('the script has as many deliveries as were measured, and the rhythm is the protocol’s', () => {
  expect(SCRIPTED_PER_CALL).toBeCloseTo(measuredIn(keptRun()).busMessages, 0);
  expect(HEARTBEAT_SECONDS * 1000).toBe(HEARTBEAT_MS);
});

test('the memory of a connection is the one that the page of the bench shows', () => {
  const [, server] =
    /^memory per idle connection, KB +[\d.]+ +([\d.]+)/m.exec(pageOf('performance.md')) ?? [];
  expect(Number(server)).toBe(CONNECTION_KILOBYTES);
});

test('what the page says in words is so: connections decide, the relay costs most, subjects outweigh connections', () => {
  const run = keptRun();
  const needed = capacityIn(run);
  expect(needed.nodes).toBe(needed.nodesForConnections);
  const { all, relay } = costOf(ASSUMPTIONS, needed);
  expect(relay).toBeGreaterThan(all / 2);
  const subjects = routed.subjectsPerNode.mean * run.subjectBytes.node;
  expect(subjects).toBeGreaterThan(needed.connectionMemoryPerNode);
});

test('the tables of the pages are those of the kept run: npm run bench:scaling -- --write', () => {
  const texts = textsOf(keptRun(), routed);
  for (const page of PAGES) expect(filled(pageOf(page), texts)).toBe(pageOf(page));
  expect(PAGES.map((page) => pageOf(page).match(/<!-- generated /g)?.length)).toEqual([2, 5]);
});
