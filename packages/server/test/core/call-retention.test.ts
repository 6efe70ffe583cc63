import { ProcessClock, VirtualClock } from '@ringline/testkit';
import type { CallId } from '@ringline/protocol';
import { expect, test } from 'vitest';
import { CALLS_PORTION, CallRetention } from '../../src/records/call-retention.ts';
import type { CallRetentionLimits } from '../../src/records/call-retention.ts';
import { RETENTION_PAUSE_MS, RETENTION_ROUND_MS } from '../../src/rounds.ts';
import { MemoryStore } from '../../src/store/memory/store.ts';
import type { NewEvent } from '../../src/store/outbox.ts';
import type { PastDone, PastPortion } from '../../src/store/past-calls.ts';
import { MemoryLog } from '../observe/memory-log.ts';
import { cancelled, commit, invited } from '../store/builders.ts';
import { event } from '../store/contract/outbox-builders.ts';
import { CALL, established, ringing } from '../support/calls.ts';
import { Gate } from '../support/gate.ts';
import { Receiver, endpointAt } from '../support/receiver.ts';
import { TestCluster } from '../support/test-cluster.ts';

const HOUR_MS = 3_600_000;

/** Notes after which positions it is asked for old calls. */
class NotingStore extends MemoryStore {
  readonly begun: (number | undefined)[] = [];

  override forgetCalls(before: number, portion: PastPortion): Promise<PastDone> {
    this.begun.push(portion.after);
    return super.forgetCalls(before, portion);
  }
}

/** A node of its own where so much of old calls is kept, over a store behind a gate. */
async function keeping(callRetention: CallRetentionLimits) {
  const gate = new Gate();
  const cluster = new TestCluster({ callRetention, store: gate.before(new MemoryStore()) });
  return { gate, cluster, node: await cluster.node({ isAlone: true }) };
}

/** Calls that have just been taken back. */
async function past(
  { store, clock }: TestCluster,
  count: number,
  eventsOf: (call: CallId) => readonly NewEvent[] = () => [],
): Promise<void> {
  for (let i = 0; i < count; i++) {
    const call = invited();
    await commit(store, { calls: [call] });
    const at = clock.now();
    const over = cancelled(call, at);
    await commit(store, { at, calls: [over], records: [over.record], events: eventsOf(call.id) });
  }
}

/** To just before the first round in which all of them are older than an hour. */
async function beforeRound({ clock }: TestCluster): Promise<void> {
  await clock.advanceAsync(HOUR_MS + RETENTION_ROUND_MS - 2 * RETENTION_PAUSE_MS);
}

const recorded = async ({ store }: TestCluster) =>
  (await store.records({ user: 'bob', limit: 9_999 })).length;

test('[RET1] a call that has been over for its time has a short log, and is there as before', async () => {
  const { cluster, node } = await keeping({ logMs: HOUR_MS });
  const { alice, bob } = await established(cluster, node);
  alice.ask({ type: 'end', call: CALL });
  await cluster.clock.advanceAsync(HOUR_MS - RETENTION_ROUND_MS);
  const [whole, call] = [await cluster.store.log(CALL), await cluster.store.call(CALL)];
  await cluster.clock.advanceAsync(2 * RETENTION_ROUND_MS);
  expect(whole.length).toBeGreaterThan(3);
  expect(await cluster.store.log(CALL)).toEqual(whole.slice(-1));
  expect(await cluster.store.call(CALL)).toEqual(call);
  expect(await recorded(cluster)).toBe(1);
  const re = bob.ask({ type: 'accept', call: CALL });
  await cluster.settle();
  expect(bob.answerTo(re)).toMatchObject({ code: 'wrong-state' });
});

test('[RET2] a call that ended while no server ran has its time from when that was written', async () => {
  const { cluster, node } = await keeping({ logMs: HOUR_MS, recordMs: HOUR_MS });
  await ringing(cluster, node);
  await cluster.clock.untilSettled(node.stop());
  await cluster.clock.advanceAsync(9 * HOUR_MS);
  await cluster.node({ isAlone: true });
  await cluster.clock.advanceAsync(HOUR_MS - RETENTION_ROUND_MS);
  expect(await cluster.store.call(CALL)).toMatchObject({ state: 'ended' });
  expect([await recorded(cluster), (await cluster.store.log(CALL)).length > 1]).toEqual([1, true]);
  await cluster.clock.advanceAsync(3 * RETENTION_ROUND_MS);
  expect([await recorded(cluster), await cluster.store.call(CALL)]).toEqual([0, undefined]);
});

test('[RET2] a call that has been over for its time is forgotten, its message is not', async () => {
  const { cluster, node } = await keeping({ recordMs: HOUR_MS });
  const { alice, bob } = await established(cluster, node);
  alice.ask({ type: 'end', call: CALL });
  await cluster.clock.advanceAsync(HOUR_MS - RETENTION_ROUND_MS);
  expect(await recorded(cluster)).toBe(1);
  await cluster.clock.advanceAsync(2 * RETENTION_ROUND_MS);
  expect([await recorded(cluster), await cluster.store.call(CALL)]).toEqual([0, undefined]);
  expect(await cluster.store.inbox('bob', 0, 9)).toMatchObject([{ body: { kind: 'record' } }]);
  const re = bob.ask({ type: 'accept', call: CALL });
  await cluster.settle();
  expect(bob.answerTo(re)).toMatchObject({ code: 'unknown-call' });
});

test('[RET2] a page that slept over it is told that its call is gone', async () => {
  const { cluster, node } = await keeping({ recordMs: HOUR_MS });
  const { alice, bob } = await established(cluster, node);
  bob.wire.drop();
  alice.ask({ type: 'end', call: CALL });
  await cluster.clock.advanceAsync(HOUR_MS + 2 * RETENTION_ROUND_MS);
  const again = await cluster.device(node, 'bob', 'bob1', { calls: [{ id: CALL, version: 3 }] });
  expect(again.welcome).toMatchObject({ gone: [CALL] });
});

test('[RET3] old calls go a portion at a time, with a pause between', async () => {
  const { cluster } = await keeping({ recordMs: HOUR_MS });
  await past(cluster, 2 * CALLS_PORTION + 10);
  await beforeRound(cluster);
  const sizes = new Set<number>();
  for (let i = 0; i < 6; i++) {
    await cluster.clock.advanceAsync(RETENTION_PAUSE_MS);
    sizes.add(await recorded(cluster));
  }
  const all = 2 * CALLS_PORTION + 10;
  expect([...sizes]).toEqual([all, all - CALLS_PORTION, 10, 0]);
});

test('[RET3] calls that stay because their events are kept hold no other back', async () => {
  const { cluster } = await keeping({ recordMs: HOUR_MS });
  await past(cluster, CALLS_PORTION, (call) => [event(call)]);
  await past(cluster, 5);
  await beforeRound(cluster);
  await cluster.clock.advanceAsync(6 * RETENTION_PAUSE_MS);
  expect(await recorded(cluster)).toBe(CALLS_PORTION);
});

test.each([
  ['the configuration', true],
  ['operators', false],
])(
  '[RET3] calls are not looked at as long as events for an endpoint of %s keep them anyway',
  async (_, isConfigured) => {
    const store = new NotingStore();
    const endpoint = endpointAt('https://backend.example.com/');
    if (!isConfigured) await store.addEndpoint(endpoint, 1);
    const webhooks = {
      outbound: new Receiver(new VirtualClock()),
      configured: isConfigured ? [endpoint] : [],
      keepMs: 2 * HOUR_MS,
    };
    const cluster = new TestCluster({ store, webhooks, callRetention: { recordMs: HOUR_MS } });
    await cluster.node({ isAlone: true });
    await past(cluster, CALLS_PORTION);
    await beforeRound(cluster);
    await cluster.clock.advanceAsync(RETENTION_ROUND_MS);
    expect([await recorded(cluster), new Set(store.begun)]).toEqual([CALLS_PORTION, new Set([0])]);
    await cluster.clock.advanceAsync(HOUR_MS);
    expect(await recorded(cluster)).toBe(0);
  },
);

test('[RET3] a round begins where nothing is left before, and from 0 where the duty was taken anew', async () => {
  const [store, clock] = [new NotingStore(), new VirtualClock()];
  const cluster = new TestCluster({ store, clock });
  let isOurs = true;
  const parts = { store, clock, log: new MemoryLog(), isOurs: async () => isOurs };
  const retention = new CallRetention(parts, { recordMs: HOUR_MS });
  await past(cluster, CALLS_PORTION + 1);
  await past(cluster, 1, (call) => [event(call)]);
  await past(cluster, 1);
  await clock.advanceAsync(HOUR_MS);
  retention.start();
  const begun = async () => {
    store.begun.length = 0;
    await clock.advanceAsync(2 * RETENTION_ROUND_MS);
    return [...store.begun];
  };
  expect(await begun()).toEqual([0, CALLS_PORTION]);
  expect(await recorded(cluster)).toBe(1);
  expect(new Set(await begun())).toEqual(new Set([CALLS_PORTION + 1]));
  isOurs = false;
  expect(await begun()).toEqual([]);
  isOurs = true;
  expect(await begun()).toEqual([0, CALLS_PORTION + 1]);
  retention.stop();
});

test('[RET3] calls that cannot be forgotten wait for the next round, and hold no logs up', async () => {
  const { cluster, gate } = await keeping({ recordMs: 2 * HOUR_MS, logMs: HOUR_MS });
  await past(cluster, 2 * CALLS_PORTION);
  await beforeRound(cluster);
  gate.fail(['forgetCalls']);
  const calls = gate.asked.get('forgetCalls') ?? 0;
  const logs = gate.asked.get('shortenLogs') ?? 0;
  await cluster.clock.advanceAsync(6 * RETENTION_PAUSE_MS);
  expect(gate.asked.get('shortenLogs')).toBe(logs + 3);
  expect(gate.asked.get('forgetCalls')).toBe(calls + 1);
});

test('[RET3] logs go a portion at a time, with a pause between', async () => {
  const { cluster, gate } = await keeping({ logMs: HOUR_MS });
  await past(cluster, 2 * CALLS_PORTION);
  await beforeRound(cluster);
  const asked = gate.asked.get('shortenLogs') ?? 0;
  await cluster.clock.advanceAsync(6 * RETENTION_PAUSE_MS);
  // Two that are full, and one that finds nothing.
  expect(gate.asked.get('shortenLogs')).toBe(asked + 3);
});

test('[RET3] while the store is away it is tried again, and a node that has stopped removes nothing', async () => {
  const { gate, cluster, node } = await keeping({ recordMs: HOUR_MS, logMs: HOUR_MS / 2 });
  await past(cluster, 1);
  gate.fail(['forgetCalls', 'shortenLogs']);
  await cluster.clock.advanceAsync(HOUR_MS + RETENTION_ROUND_MS);
  expect(await recorded(cluster)).toBe(1);
  gate.mend();
  await cluster.clock.advanceAsync(RETENTION_ROUND_MS);
  expect(await recorded(cluster)).toBe(0);
  await cluster.clock.untilSettled(node.stop());
  const asked = gate.asked.get('forgetCalls');
  await cluster.clock.advanceAsync(3 * RETENTION_ROUND_MS);
  expect(gate.asked.get('forgetCalls')).toBe(asked);
});

test('[RET3] a node that is stopped while it removes goes on no more', async () => {
  const { gate, cluster, node } = await keeping({ recordMs: HOUR_MS });
  const goOn = gate.hold('forgetCalls');
  await cluster.clock.advanceAsync(RETENTION_ROUND_MS);
  await cluster.clock.untilSettled(node.stop());
  goOn();
  await cluster.clock.advanceAsync(3 * RETENTION_ROUND_MS);
  expect(gate.asked.get('forgetCalls')).toBe(1);
});

test('[RET3] one node at a time does it, and it passes on when that dies', async () => {
  const gates = [new Gate(), new Gate()] as const;
  const store = new MemoryStore();
  const cluster = new TestCluster({ store, callRetention: { logMs: HOUR_MS, recordMs: HOUR_MS } });
  const mortal = new ProcessClock(cluster.clock);
  await cluster.node({ clock: mortal, store: gates[0].before(store) });
  await cluster.node({ store: gates[1].before(store) });
  const rounds = async () => {
    const before = gates.map(({ asked }) => asked.get('forgetCalls') ?? 0);
    await cluster.clock.advanceAsync(2 * RETENTION_ROUND_MS);
    return gates.map(({ asked }, i) => (asked.get('forgetCalls') ?? 0) > (before[i] ?? 0));
  };
  expect(await rounds()).toEqual([true, false]);
  mortal.kill();
  expect(await rounds()).toEqual([false, true]);
});

test('[RET4] without a limit nothing is removed, and nobody looks', async () => {
  const { gate, cluster } = await keeping({});
  await past(cluster, 1);
  await cluster.clock.advanceAsync(HOUR_MS);
  expect(await recorded(cluster)).toBe(1);
  expect([gate.asked.has('forgetCalls'), gate.asked.has('shortenLogs')]).toEqual([false, false]);
  const now = cluster.clock.now();
  expect(await cluster.store.takeDuty('forget-calls', 'somebody', now)).toBe(true);
});
