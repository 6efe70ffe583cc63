import { GRACE_MS, MIN_RING_TIMEOUT_MS } from '@ringline/protocol';
import { ProcessClock, VirtualClock } from '@ringline/testkit';
import { expect, test } from 'vitest';
import { LEASE_MS, RENEW_LEASE_MS, RETRY_LEASE_MS } from '../../src/registrar/lease.ts';
import { MAX_CLOCK_DOUBT_MS, MAX_CLOCK_STANDSTILL_MS, StoreClock } from '../../src/store-clock.ts';
import { MemoryStore } from '../../src/store/memory/store.ts';
import { SystemClock } from '../../src/system-clock.ts';
import { CALL, aliceAndBob, established } from '../support/calls.ts';
import { die } from '../support/dead-node.ts';
import { Gate } from '../support/gate.ts';
import { TestCluster } from '../support/test-cluster.ts';

const SKEW_MS = 60_000;
const HOUR_MS = 3_600_000;

/** A clock by a store that is ahead of its machine, and answers at once. */
function setAhead(aheadMs: number) {
  const machine = new VirtualClock();
  const store = { aheadMs, now: () => Promise.resolve(machine.now() + store.aheadMs) };
  return { machine, clock: new StoreClock(machine), store };
}

/** A cluster whose store stands behind a gate, and whose store’s own clock may be set back. */
function settable() {
  const time = new VirtualClock();
  let behindMs = 0;
  const kept = new MemoryStore(undefined, { now: () => time.now() - behindMs });
  const gate = new Gate();
  const cluster = new TestCluster({ clock: time, store: kept });
  const setBack = (ms: number) => void (behindMs = ms);
  return { time, store: gate.before(kept), gate, cluster, setBack };
}

test('[CLK1] nodes whose clocks are minutes apart keep the same time as their store, and no lease ends for it', async () => {
  const clock = new VirtualClock();
  const store = new MemoryStore(undefined, clock);
  const cluster = new TestCluster({ clock, store });
  const fast = await cluster.node({ clock: new ProcessClock(clock, SKEW_MS) });
  const slow = await cluster.node({ clock: new ProcessClock(clock, -SKEW_MS) });
  const { alice, bob } = await aliceAndBob(cluster, fast, slow);
  await clock.advanceAsync(3 * LEASE_MS);
  expect([alice.closedWith, bob.closedWith]).toEqual([undefined, undefined]);
  alice.invite(CALL, 'bob', { ringTimeoutMs: MIN_RING_TIMEOUT_MS });
  await clock.advanceAsync(MIN_RING_TIMEOUT_MS - 10);
  expect(alice.view(CALL)?.state).toBe('inviting');
  expect(await store.call(CALL)).toMatchObject({ state: 'inviting' });
  await clock.advanceAsync(20);
  expect(bob.view(CALL)).toMatchObject({ state: 'ended' });
  const call = await store.call(CALL);
  expect(Math.abs((call?.invitedAt ?? 0) - clock.now())).toBeLessThan(2 * MIN_RING_TIMEOUT_MS);
});

test('[CLK2] a node’s time stands still rather than go back, until the store’s has caught up', async () => {
  const { machine, clock, store } = setAhead(5_000);
  await clock.set(store);
  const before = clock.now();
  expect(before).toBe(machine.now() + 5_000);
  store.aheadMs -= MAX_CLOCK_STANDSTILL_MS;
  await clock.set(store);
  expect(clock.now()).toBe(before);
  machine.advance(MAX_CLOCK_STANDSTILL_MS - 1);
  expect(clock.now()).toBe(before);
  machine.advance(2);
  expect(clock.now()).toBe(before + 1);
});

test('[CLK2] a store whose own clock was set back further is followed at once', async () => {
  const { machine, clock, store } = setAhead(HOUR_MS);
  await clock.set(store);
  expect(clock.now()).toBe(machine.now() + HOUR_MS);
  store.aheadMs -= MAX_CLOCK_STANDSTILL_MS + 1;
  await clock.set(store);
  expect(clock.now()).toBe(machine.now() + store.aheadMs);
});

test('[CLK2] a lease that ends in the far future, because the store’s own clock was set back, is none', async () => {
  const { time, store, gate, cluster, setBack } = settable();
  const { alice } = await aliceAndBob(cluster, await cluster.node({ store }));
  setBack(HOUR_MS);
  gate.fail(['renewLease']);
  await time.advanceAsync(RENEW_LEASE_MS);
  const refused = alice.invite(CALL, 'bob');
  await cluster.settle();
  expect(alice.answerTo(refused)).toMatchObject({ code: 'unavailable' });
  gate.mend();
  await time.advanceAsync(RENEW_LEASE_MS);
  const done = alice.invite(CALL, 'bob');
  await cluster.settle();
  expect(alice.answerTo(done)).toMatchObject({ type: 'invited' });
});

test('[CLK2] what a dead node leaves is taken up as soon as otherwise after the store’s own clock was set back', async () => {
  const { time, store, cluster, setBack } = settable();
  await cluster.node({ store });
  await time.advanceAsync(2 * LEASE_MS);
  setBack(HOUR_MS);
  const [user = ''] = await die(cluster, 1);
  await time.advanceAsync(LEASE_MS + 3 * RENEW_LEASE_MS);
  expect(await store.presence([user])).toMatchObject([{ online: false }]);
});

test.each([
  [MAX_CLOCK_DOUBT_MS, 7_000 - MAX_CLOCK_DOUBT_MS / 2],
  [MAX_CLOCK_DOUBT_MS + 1, 0],
])('[CLK3] an answer of the store after %i ms sets the clock ahead by %i', async (ms, ahead) => {
  const machine = new VirtualClock();
  const clock = new StoreClock(machine);
  const startedAt = machine.now();
  const answer = startedAt + 7_000;
  await clock.set({
    now: async () => {
      machine.advance(ms);
      return answer;
    },
  });
  expect(clock.now() - machine.now()).toBe(ahead);
});

test('[CLK3] a slow answer corrects what a quick one has set no further than it must', async () => {
  const machine = new VirtualClock();
  const clock = new StoreClock(machine);
  const answering = (aheadMs: number, ms: number) => ({
    now: () => {
      const answer = machine.now() + aheadMs;
      machine.advance(ms);
      return Promise.resolve(answer);
    },
  });
  await clock.set(answering(7_000, 0));
  await clock.set(answering(7_000, 900));
  expect(clock.now() - machine.now()).toBe(7_000);
  await clock.set(answering(7_200, 100));
  expect(clock.now() - machine.now()).toBe(7_100);
});

test('[CLK3] of a store without a clock the machine’s own counts', async () => {
  const machine = new VirtualClock();
  const clock = new StoreClock(machine);
  await clock.set({ now: () => Promise.resolve(undefined) });
  expect(clock.now()).toBe(machine.now());
});

test('[CLK4] a machine whose clock is set leaves the time as it is, and is not sure of it until the store has said it again', async () => {
  const time = new VirtualClock();
  const machine = new ProcessClock(time, -3_600_000);
  const clock = new StoreClock(machine);
  const store = { now: () => Promise.resolve(time.now()) };
  expect(clock.isSure).toBe(false);
  await clock.set(store);
  const before = clock.now();
  expect([before, clock.isSure]).toEqual([time.now(), true]);
  machine.set(0);
  time.advance(1_000);
  expect([clock.now(), clock.isSure]).toEqual([before + 1_000, false]);
  await clock.set(store);
  expect([clock.now(), clock.isSure]).toEqual([time.now(), true]);
  machine.set(MAX_CLOCK_DOUBT_MS);
  expect(clock.isSure).toBe(true);
  machine.set(MAX_CLOCK_DOUBT_MS + 1);
  expect(clock.isSure).toBe(false);
});

test('[CLK4] a node whose machine’s clock is set an hour forward ends nobody’s call, and takes no lease for an hour', async () => {
  const clock = new VirtualClock();
  const store = new MemoryStore(undefined, clock);
  const cluster = new TestCluster({ clock, store });
  const machine = new ProcessClock(clock, -3_600_000);
  const node = await cluster.node({ clock: machine });
  const { alice, bob } = await aliceAndBob(cluster, node, await cluster.node());
  alice.invite(CALL, 'bob');
  await clock.advanceAsync(100);
  machine.set(0);
  const seq = alice.ask({ type: 'send', to: 'bob', body: { kind: 'text', text: 'hi' } });
  await clock.advanceAsync(10);
  expect(alice.answerTo(seq)).toMatchObject({ code: 'unavailable' });
  await clock.advanceAsync(RENEW_LEASE_MS);
  expect([alice.view(CALL)?.state, bob.view(CALL)?.state]).toEqual(['inviting', 'inviting']);
  alice.ask({ type: 'cancel', call: CALL });
  await clock.advanceAsync(10);
  expect(bob.view(CALL)).toMatchObject({ state: 'ended', reason: 'cancelled' });
  expect(await store.hasLease(clock.now() + LEASE_MS + 1)).toBe(false);
});

test('[CLK4] a machine that slept knows the time when the store has said it, and not by an answer from before', async () => {
  const time = new VirtualClock();
  const machine = new ProcessClock(time);
  const clock = new StoreClock(machine);
  const store = { now: () => Promise.resolve(time.now()) };
  await clock.set(store);
  machine.sleep(SKEW_MS);
  await clock.set({
    now: () => {
      const before = time.now();
      time.advance(SKEW_MS);
      return Promise.resolve(before);
    },
  });
  expect(clock.isSure).toBe(false);
  await clock.set(store);
  expect([clock.now(), clock.isSure]).toEqual([time.now(), true]);
});

test('[CLK4] a machine whose clock was set back once is still seen to have slept', async () => {
  const at = { wall: 1_000_000, steady: 500 };
  const clock = new StoreClock(new SystemClock({ wall: () => at.wall, steady: () => at.steady }));
  const store = { now: () => Promise.resolve(5_000_000) };
  await clock.set(store);
  at.wall -= 3_600_000;
  await clock.set(store);
  expect(clock.isSure).toBe(true);
  at.wall += SKEW_MS;
  expect(clock.isSure).toBe(false);
});

test('[CLK4] the only node, after it slept, asks for leases by the time that it then is: graces that nobody could use begin anew', async () => {
  const time = new VirtualClock();
  const cluster = new TestCluster({ clock: time, store: new MemoryStore(undefined, time) });
  const machine = new ProcessClock(time);
  const node = await cluster.node({ clock: machine });
  const { bob } = await established(cluster, node);
  bob.wire.drop();
  await time.advanceAsync(100);
  machine.sleep(10 * GRACE_MS);
  await time.advanceAsync(10 * GRACE_MS + GRACE_MS - 1_000);
  const calls = [{ id: CALL, version: 1 }];
  const back = await cluster.device(node, 'bob', 'bob1', { calls });
  expect(back.view(CALL)?.state).toBe('established');
});

test('[CLK5] a node in doubt of its time takes no lease by a slow answer, and keeps one where there is no doubt', async () => {
  const time = new VirtualClock();
  const store = new MemoryStore(undefined, time);
  let isSlow = false;
  store.now = async () => {
    const now = time.now();
    const ms = isSlow ? MAX_CLOCK_DOUBT_MS + 1 : 0;
    await new Promise<void>((resolve) => void time.after(ms, resolve));
    return now;
  };
  const cluster = new TestCluster({ clock: time, store });
  const machine = new ProcessClock(time);
  const { alice } = await aliceAndBob(cluster, await cluster.node({ clock: machine }));
  const say = async () => {
    const seq = alice.ask({ type: 'send', to: 'bob', body: { kind: 'text', text: 'hi' } });
    await cluster.settle();
    return alice.answerTo(seq)?.type;
  };
  isSlow = true;
  await time.advanceAsync(3 * LEASE_MS);
  expect(await say()).toBe('sent');
  machine.set(SKEW_MS);
  await time.advanceAsync(3 * LEASE_MS);
  expect(await say()).toBe('refused');
  expect(await store.hasLease(time.now())).toBe(false);
  isSlow = false;
  await time.advanceAsync(RETRY_LEASE_MS + 2 * MAX_CLOCK_DOUBT_MS);
  expect(await say()).toBe('sent');
});

test('[CLK5] a node takes no lease before the store has told it the time', async () => {
  const machine = new VirtualClock();
  const clock = new StoreClock(machine);
  let slow = 2;
  const store = {
    now: () => {
      if (slow-- > 0) machine.advance(MAX_CLOCK_DOUBT_MS + 1);
      return Promise.resolve(machine.now() + 5_000);
    },
  };
  await clock.start(store);
  expect(clock.now()).toBe(machine.now() + 5_000);
  slow = Infinity;
  await expect(new StoreClock(machine).start(store)).rejects.toThrow('to tell its time');
});
