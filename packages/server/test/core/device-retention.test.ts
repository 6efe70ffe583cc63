import { ProcessClock, VirtualClock } from '@ringline/testkit';
import type { Actor } from '@ringline/call';
import { expect, test } from 'vitest';
import { DEVICES_PORTION, DeviceRetention } from '../../src/registrar/device-retention.ts';
import type { DeviceRetentionLimits } from '../../src/registrar/device-retention.ts';
import { RETENTION_PAUSE_MS, RETENTION_ROUND_MS } from '../../src/rounds.ts';
import { MemoryStore } from '../../src/store/memory/store.ts';
import type { LostDone, LostPortion } from '../../src/store/past-devices.ts';
import type { Store } from '../../src/store/store.ts';
import { MemoryLog } from '../observe/memory-log.ts';
import { bound, commit, lost } from '../store/builders.ts';
import { Gate } from '../support/gate.ts';
import { answerTo, ask, backAs, rtm } from '../support/rtm.ts';
import { TestCluster } from '../support/test-cluster.ts';
import type { TestDevice } from '../support/test-device.ts';

/** So long devices are known. */
const KEPT_MS = 600_000;
const MIDNIGHT = Date.UTC(2026, 0, 1);
const bob1: Actor = { user: 'bob', device: 'bob1' };
const text = { kind: 'text', text: 'hello' } as const;

/** Notes from when on it is asked for old devices. */
class NotingStore extends MemoryStore {
  readonly begun: number[] = [];

  override forgetDevices(before: number, portion: LostPortion): Promise<LostDone> {
    this.begun.push(portion.from);
    return super.forgetDevices(before, portion);
  }
}

/** A node of its own where devices are known for so long, over a store behind a gate. */
async function keeping(deviceRetention: DeviceRetentionLimits = { lostMs: KEPT_MS }) {
  const gate = new Gate();
  // Versions are told apart by days: what is forgotten soon is so on the next.
  const clock = new VirtualClock({ startAt: MIDNIGHT - KEPT_MS / 2 });
  const store = gate.before(new MemoryStore());
  const cluster = new TestCluster({ deviceRetention, clock, store });
  return { gate, cluster, node: await cluster.node({ isAlone: true }) };
}

/** So many devices of Bob that have just been lost. */
async function past({ store, clock }: { store: Store; clock: VirtualClock }, count: number) {
  const devices = Array.from({ length: count }, (_, i) => bound({ user: 'bob', device: `d${i}` }));
  await commit(store, { devices });
  await commit(store, { devices: devices.map((device) => lost(device, clock.now())) });
  return devices;
}

async function isKnown({ store }: TestCluster, actor: Actor = bob1): Promise<boolean> {
  const { actor: device } = await store.load({ users: [], actor });
  return (device?.version ?? 0) > 0;
}

/** How many of these there are. */
async function known(cluster: TestCluster, devices: readonly Actor[]): Promise<number> {
  const found = await Promise.all(devices.map((device) => isKnown(cluster, device)));
  return found.filter(Boolean).length;
}

/** To just before the first round in which what was lost just now has had its time. */
async function beforeRound({ clock }: TestCluster): Promise<void> {
  await clock.advanceAsync(KEPT_MS + RETENTION_ROUND_MS - 2 * RETENTION_PAUSE_MS);
}

/** The device is lost, and forgotten. */
async function forget(cluster: TestCluster, device: TestDevice): Promise<void> {
  device.wire.cut();
  await cluster.clock.advanceAsync(KEPT_MS + 3 * RETENTION_ROUND_MS);
  expect(await isKnown(cluster)).toBe(false);
}

const cursors = (device: TestDevice) => device.items.map(({ cursor }) => cursor);

test('[RET5] a device that was lost for its time is forgotten, and one that is there never is', async () => {
  const { cluster, node } = await keeping();
  const alice = await cluster.device(node, 'alice', 'alice1');
  const bob = await cluster.device(node, 'bob', 'bob1');
  await cluster.clock.advanceAsync(KEPT_MS + 2 * RETENTION_ROUND_MS);
  expect(await isKnown(cluster)).toBe(true);
  bob.wire.cut();
  await cluster.clock.advanceAsync(KEPT_MS - 2 * RETENTION_ROUND_MS);
  expect(await isKnown(cluster)).toBe(true);
  await cluster.clock.advanceAsync(5 * RETENTION_ROUND_MS);
  expect(await isKnown(cluster)).toBe(false);
  expect(await ask(cluster, alice, { type: 'send', to: 'bob', body: text })).toBe('sent');
});

test('[RET6] a device that comes while it is forgotten is there', async () => {
  const { gate, cluster, node } = await keeping({});
  const first = await cluster.device(node, 'bob', 'bob1');
  first.wire.cut();
  await cluster.clock.advanceAsync(KEPT_MS);
  const goOn = gate.hold('load');
  const again = await cluster.socket(node);
  again.hello('bob', 'bob1');
  await cluster.settle();
  // What it is decided on was read before, and is gone.
  const gone = await cluster.store.forgetDevices(cluster.clock.now(), { from: 0, limit: 9 });
  expect(gone.count).toBe(1);
  goOn();
  await cluster.settle();
  expect(again.welcome).toMatchObject({ lastSeq: 0 });
  const { devices } = await cluster.store.load({ users: [], devicesOf: ['bob'] });
  expect(devices.map(({ device }) => device)).toEqual(['bob1']);
});

test('[RET6] nothing that a node knows by heart of a forgotten device is taken for the one that is back', async () => {
  const { cluster, node } = await keeping();
  const first = await cluster.device(node, 'bob', 'bob1');
  for (let i = 0; i < 6; i++) await ask(cluster, first, { type: 'send', to: 'alice', body: text });
  await forget(cluster, first);
  const back = await cluster.device(node, 'bob', 'bob1');
  const races = cluster.metrics.of('race lost');
  for (let i = 0; i < 12; i++) {
    expect(await ask(cluster, back, { type: 'send', to: 'alice', body: text })).toBe('sent');
    const { devices } = await cluster.store.load({ users: [], devicesOf: ['bob'] });
    expect(devices).toMatchObject([{ device: 'bob1', lastSeq: i + 1 }]);
  }
  expect(cluster.metrics.of('race lost')).toBe(races);
});

test('[RET7] a forgotten device is a new one: its key and its commands are unknown', async () => {
  const { cluster, node } = await keeping();
  const first = await cluster.device(node, 'bob', 'bob1');
  const seq = first.ask({ type: 'send', to: 'alice', body: text });
  await cluster.settle();
  await forget(cluster, first);
  const back = await cluster.device(node, 'bob', 'bob1', { resumeKey: first.resumeKey });
  expect(back.welcome).toMatchObject({ lastSeq: 0, gone: [] });
  expect(back.resumeKey).not.toBe(first.resumeKey);
  // Before, the answer would have been that of the first.
  const again = await answerTo(cluster, back, { type: 'send', to: 'alice', body: text });
  expect([seq, again]).toMatchObject([1, { re: 1, type: 'sent' }]);
  expect(await cluster.store.inboxHead('alice')).toBe(2);
});

test('[RET7] it continues behind the item that it names, else with what none of its user’s devices has had', async () => {
  const { cluster, node } = await keeping();
  const first = await cluster.device(node, 'bob', 'bob1');
  const other = await cluster.device(node, 'bob', 'bob2');
  const alice = await cluster.device(node, 'alice', 'alice1');
  const send = () => ask(cluster, alice, { type: 'send', to: 'bob', body: text });
  await send();
  for (const device of [first, other]) device.say({ type: 'acknowledge', cursor: 1 });
  await cluster.settle();
  await forget(cluster, first);
  for (let i = 0; i < 3; i++) await send();
  other.say({ type: 'acknowledge', cursor: 3 });
  await cluster.settle();
  const [item] = other.items;
  const names = { cursor: 1, cursorId: item?.id };
  const remembers = await cluster.device(node, 'bob', 'bob1', names);
  expect(cursors(remembers)).toEqual([2, 3, 4]);
  await forget(cluster, remembers);
  const back = await cluster.device(node, 'bob', 'bob1');
  expect(cursors(back)).toEqual([4]);
});

test('[RET7] an expired token does not bring a forgotten device back', async () => {
  const { cluster, node } = await keeping();
  const first = await cluster.device(node, 'bob', 'bob1');
  await forget(cluster, first);
  const late = await cluster.socket(node);
  const { resumeKey } = first;
  late.hello(`bob until ${cluster.clock.now() - 1}`, 'bob1', { resumeKey });
  await cluster.settle();
  expect([late.closedWith, await isKnown(cluster)]).toEqual([4401, false]);
});

test('[LGN1] a page that is forgotten is a new one when it comes back by itself', async () => {
  const { cluster, node } = await keeping();
  const older = await cluster.device(node, 'bob', 'bob1', { rtm });
  const newer = await cluster.device(node, 'bob', 'bob2', { rtm });
  await cluster.clock.advanceAsync(KEPT_MS + 3 * RETENTION_ROUND_MS);
  expect(await isKnown(cluster)).toBe(false);
  const woken = await cluster.device(node, 'bob', 'bob1', backAs(older));
  expect([woken.closedWith, newer.closedWith]).toEqual([undefined, 4409]);
});

test('[RET8] old devices go a portion at a time, with a pause between', async () => {
  const { cluster } = await keeping();
  const devices = await past(cluster, 2 * DEVICES_PORTION + 10);
  await beforeRound(cluster);
  const sizes = new Set<number>();
  for (let i = 0; i < 6; i++) {
    await cluster.clock.advanceAsync(RETENTION_PAUSE_MS);
    sizes.add(await known(cluster, devices));
  }
  const all = 2 * DEVICES_PORTION + 10;
  expect([...sizes]).toEqual([all, all - DEVICES_PORTION, 10, 0]);
});

test('[RET8] a round begins where nothing is left before, and from 0 where the duty was taken anew', async () => {
  const [store, clock] = [new NotingStore(), new VirtualClock()];
  let isOurs = true;
  const parts = { store, clock, log: new MemoryLog(), isOurs: async () => isOurs };
  const retention = new DeviceRetention(parts, { lostMs: KEPT_MS });
  await past({ store, clock }, 3);
  await clock.advanceAsync(KEPT_MS);
  const lostAt = clock.now();
  const young = bound({ user: 'carol', device: 'carol1' });
  await commit(store, { devices: [young] });
  await commit(store, { devices: [lost(young, lostAt)] });
  retention.start();
  const begun = async () => {
    store.begun.length = 0;
    await clock.advanceAsync(RETENTION_ROUND_MS);
    return [...store.begun];
  };
  expect(await begun()).toEqual([0]);
  const hadItsTime = clock.now() - KEPT_MS;
  expect(hadItsTime).toBeLessThan(lostAt);
  expect(await begun()).toEqual([hadItsTime]);
  isOurs = false;
  expect(await begun()).toEqual([]);
  isOurs = true;
  expect(await begun()).toEqual([0]);
  retention.stop();
  expect(clock.pending).toBe(0);
});

test('[RET8] a device whose loss is written late is forgotten as any other, by who has the duty for long', async () => {
  const [store, clock] = [new MemoryStore(), new VirtualClock()];
  const parts = { store, clock, log: new MemoryLog(), isOurs: async () => true };
  const retention = new DeviceRetention(parts, { lostMs: KEPT_MS });
  const lostAt = clock.now();
  const orphan = bound({ user: 'carol', device: 'carol1' });
  await commit(store, { devices: [orphan] });
  await clock.advanceAsync(RETENTION_ROUND_MS);
  await past({ store, clock }, 1);
  retention.start();
  await clock.advanceAsync(RETENTION_ROUND_MS);
  await commit(store, { devices: [lost(orphan, lostAt)] });
  await clock.advanceAsync(KEPT_MS + RETENTION_ROUND_MS);
  retention.stop();
  const { actor } = await store.load({ users: [], actor: orphan });
  expect(actor?.version).toBe(0);
});

test('[RET8] while the store is away it is tried again, and a node that has stopped removes nothing', async () => {
  const { gate, cluster, node } = await keeping();
  const devices = await past(cluster, 1);
  gate.fail(['forgetDevices']);
  await cluster.clock.advanceAsync(KEPT_MS + 2 * RETENTION_ROUND_MS);
  expect(await known(cluster, devices)).toBe(1);
  gate.mend();
  await cluster.clock.advanceAsync(RETENTION_ROUND_MS);
  expect(await known(cluster, devices)).toBe(0);
  await cluster.clock.untilSettled(node.stop());
  const asked = gate.asked.get('forgetDevices');
  await cluster.clock.advanceAsync(3 * RETENTION_ROUND_MS);
  expect(gate.asked.get('forgetDevices')).toBe(asked);
});

test('[RET8] one node at a time does it, and it passes on when that dies', async () => {
  const gates = [new Gate(), new Gate()] as const;
  const store = new MemoryStore();
  const cluster = new TestCluster({ store, deviceRetention: { lostMs: KEPT_MS } });
  const mortal = new ProcessClock(cluster.clock);
  await cluster.node({ clock: mortal, store: gates[0].before(store) });
  await cluster.node({ store: gates[1].before(store) });
  const rounds = async () => {
    const before = gates.map(({ asked }) => asked.get('forgetDevices') ?? 0);
    await cluster.clock.advanceAsync(2 * RETENTION_ROUND_MS);
    return gates.map(({ asked }, i) => (asked.get('forgetDevices') ?? 0) > (before[i] ?? 0));
  };
  expect(await rounds()).toEqual([true, false]);
  mortal.kill();
  expect(await rounds()).toEqual([false, true]);
});

test('[RET8] without a limit nothing is removed, and nobody looks', async () => {
  const { gate, cluster } = await keeping({});
  const devices = await past(cluster, 1);
  await cluster.clock.advanceAsync(KEPT_MS);
  expect([await known(cluster, devices), gate.asked.has('forgetDevices')]).toEqual([1, false]);
  const now = cluster.clock.now();
  expect(await cluster.store.takeDuty('forget-devices', 'somebody', now)).toBe(true);
});
