import { BACK_SOON_CLOSE, CLOSE } from '@ringline/protocol';
import { expect, test } from 'vitest';
import { ASKED_FIRST } from '../../src/gateway/cut-off.ts';
import { DRAIN_MARGIN_MS, DRAIN_SPREAD_MS } from '../../src/gateway/gateway.ts';
import type { RinglineNode } from '../../src/node.ts';
import {
  LEASE_MS,
  RENEW_LEASE_MS,
  RETRY_LEASE_MS,
  STEADY_GAP_MS,
} from '../../src/registrar/lease.ts';
import { MemoryStore } from '../../src/store/memory/store.ts';
import { CALL, established } from '../support/calls.ts';
import { Gate } from '../support/gate.ts';
import { TestCluster } from '../support/test-cluster.ts';
import type { TestDevice } from '../support/test-device.ts';

const USERS = Array.from({ length: 8 }, (_, i) => `user${i}`);
/** From the failure of the store to the first failed renewal without a lease. */
const LEASE_OVER_MS = LEASE_MS + RETRY_LEASE_MS + 10;

interface Scene {
  readonly cluster: TestCluster;
  /** Before the store of the first node. */
  readonly gate: Gate;
  /** And before that of the second. */
  readonly other: Gate;
  readonly nodes: readonly [RinglineNode, RinglineNode];
  /** Of the first node, in the order in which they came; the last two are in a call. */
  readonly devices: readonly TestDevice[];
}

/** Two nodes, of which the first has ten devices, and loses the store while the second keeps it. */
async function cutOff(): Promise<Scene> {
  const [gate, other] = [new Gate(), new Gate()];
  const store = new MemoryStore();
  const cluster = new TestCluster({ store });
  const first = await cluster.node({ store: gate.before(store) });
  const nodes = [first, await cluster.node({ store: other.before(store) })] as const;
  const idle = [];
  for (const user of USERS) idle.push(await cluster.device(first, user, 'd'));
  const { alice, bob } = await established(cluster, first, first);
  await cluster.clock.advanceAsync(LEASE_MS);
  gate.failAll();
  return { cluster, gate, other, nodes, devices: [...idle, alice, bob] };
}

function asked(devices: readonly TestDevice[]): readonly number[] {
  return devices.flatMap(({ heard }, i) =>
    heard.some(({ type }) => type === 'leaving') ? [i] : [],
  );
}

function closed(devices: readonly TestDevice[]): readonly (number | undefined)[] {
  return devices.map(({ closedWith }) => closedWith).filter((code) => code !== undefined);
}

test('[REG16] a node takes new devices only while it has its lease', async () => {
  const { cluster, gate, nodes } = await cutOff();
  await cluster.clock.advanceAsync(LEASE_MS - RENEW_LEASE_MS - 10);
  expect(nodes.map(({ serves }) => serves)).toEqual([true, true]);
  await cluster.clock.advanceAsync(LEASE_OVER_MS - LEASE_MS + RENEW_LEASE_MS);
  expect(nodes.map(({ serves }) => serves)).toEqual([false, true]);
  gate.mend();
  await cluster.clock.advanceAsync(RETRY_LEASE_MS);
  expect(nodes.map(({ serves }) => serves)).toEqual([true, true]);
});

test('[REG17] of a node without a lease a few devices are asked to go elsewhere, and no more while none has found another server', async () => {
  const { cluster, devices } = await cutOff();
  // Renewals fail, and it has its lease for a while.
  await cluster.clock.advanceAsync(LEASE_MS - RENEW_LEASE_MS - 10);
  expect(asked(devices)).toEqual([]);
  await cluster.clock.advanceAsync(RENEW_LEASE_MS + RETRY_LEASE_MS);
  // Those in the call first.
  expect(asked(devices)).toEqual([0, 1, 2, 8, 9]);
  expect(asked(devices)).toHaveLength(ASKED_FIRST);
  await cluster.clock.advanceAsync(600_000);
  expect(asked(devices)).toHaveLength(ASKED_FIRST);
  const times = devices.map(({ heard }) => heard.filter(({ type }) => type === 'leaving').length);
  expect(Math.max(...times)).toBe(1);
  expect(closed(devices)).toEqual([]);
});

test('[REG17] one that is lost, or says goodbye, has found nothing: another is asked in its place', async () => {
  const { cluster, devices } = await cutOff();
  await cluster.clock.advanceAsync(LEASE_OVER_MS);
  devices[0]?.wire.drop();
  devices[1]?.wire.client.close(1000, '');
  // Not one of those who were asked.
  devices[7]?.wire.client.close(BACK_SOON_CLOSE, '');
  await cluster.clock.advanceAsync(60_000);
  expect(asked(devices)).toEqual([0, 1, 2, 3, 4, 8, 9]);
});

test.each([
  ['says so', (device: TestDevice) => device.wire.client.close(BACK_SOON_CLOSE, '')],
  ['is welcome there', undefined],
])(
  '[REG17] once one that has found another server %s, all are asked to go there, and none is closed',
  async (_, leave) => {
    const { cluster, nodes, devices } = await cutOff();
    await cluster.clock.advanceAsync(LEASE_OVER_MS);
    if (leave) leave(devices[0]!);
    else await cluster.device(nodes[1], 'user0', 'd');
    await cluster.clock.advanceAsync(STEADY_GAP_MS - 100);
    expect(asked(devices)).toHaveLength(ASKED_FIRST);
    await cluster.clock.advanceAsync(RETRY_LEASE_MS + 100);
    expect(asked(devices)).toHaveLength(devices.length);
    const last = devices.slice(1).map(({ heard }) => heard.findLast((m) => m.type === 'leaving'));
    const times = last.flatMap((m) => (m?.type === 'leaving' ? [m.afterMs] : []));
    // Those in the call first, and then one after the other.
    const inOrder = [...times.slice(-2), ...times.slice(0, -2)];
    expect(inOrder).toEqual(times.toSorted((one, other) => one - other));
    expect(Math.max(...times)).toBeGreaterThan(DRAIN_SPREAD_MS / 2);
    await cluster.clock.advanceAsync(DRAIN_SPREAD_MS + DRAIN_MARGIN_MS);
    expect(closed(devices.slice(1))).toEqual([]);
    const said = cluster.log.lines.filter(({ text }) => text.includes('asked to go there'));
    expect(said).toMatchObject([{ level: 'warn', fields: { devices: devices.length - 1 } }]);
  },
);

test('[REG17] where the store came back for all, and for this node a little later, its devices stay', async () => {
  const { cluster, gate, other, nodes, devices } = await cutOff();
  other.failAll();
  await cluster.clock.advanceAsync(LEASE_OVER_MS + RENEW_LEASE_MS);
  other.mend();
  await cluster.clock.advanceAsync(RETRY_LEASE_MS);
  await cluster.device(nodes[1], 'user0', 'd');
  expect(devices[0]?.closedWith).toBe(CLOSE.replaced.code);
  await cluster.clock.advanceAsync(STEADY_GAP_MS - RETRY_LEASE_MS);
  gate.mend();
  await cluster.clock.advanceAsync(RETRY_LEASE_MS);
  expect(nodes.map(({ serves }) => serves)).toEqual([true, true]);
  await cluster.clock.advanceAsync(2 * LEASE_MS);
  expect(asked(devices)).toEqual([0, 1, 2, 8, 9]);
  // Cut off again, it begins anew: what one had found is forgotten.
  for (const each of [gate, other]) each.failAll();
  await cluster.clock.advanceAsync(LEASE_OVER_MS + RENEW_LEASE_MS + 2 * STEADY_GAP_MS);
  expect(asked(devices)).toEqual([0, 1, 2, 3, 8, 9]);
  expect(closed(devices)).toEqual([CLOSE.replaced.code]);
});

test('[REG17] a call goes on at another server though its node was counted as dead', async () => {
  const { cluster, nodes, devices } = await cutOff();
  await cluster.clock.advanceAsync(LEASE_OVER_MS);
  const calls = [{ id: CALL, version: 1 }];
  const resumed = [];
  for (const [i, user] of ['alice', 'bob'].entries()) {
    const resumeKey = devices.at(i - 2)?.welcome?.resumeKey;
    resumed.push(await cluster.device(nodes[1], user, `${user}1`, { calls, resumeKey }));
  }
  await cluster.clock.advanceAsync(6 * LEASE_MS);
  expect(resumed.map((each) => each.view(CALL)?.state)).toEqual(['established', 'established']);
});

test('[REG16] operators see whether a node has its lease', async () => {
  const gate = new Gate();
  const cluster = new TestCluster({ store: gate.before(new MemoryStore()) });
  const isHeld = () => cluster.metrics.counts.get('lease held');
  const node = await cluster.node({ isAlone: true });
  expect(isHeld()).toBe(1);
  gate.failAll();
  await cluster.clock.advanceAsync(LEASE_MS - RENEW_LEASE_MS);
  expect(isHeld()).toBe(1);
  await cluster.clock.advanceAsync(LEASE_OVER_MS);
  expect(isHeld()).toBe(0);
  gate.mend();
  await cluster.clock.advanceAsync(RETRY_LEASE_MS);
  expect(isHeld()).toBe(1);
  await cluster.stop(node);
  expect(isHeld()).toBe(0);
});
