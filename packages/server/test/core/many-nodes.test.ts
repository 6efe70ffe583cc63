import {
  CLOSE,
  GRACE_MS,
  MIN_RING_TIMEOUT_MS,
  RING_TIMEOUT_MS,
  RTM_OFFLINE_AFTER_MS,
} from '@ringline/protocol';
import { ProcessClock, VirtualClock } from '@ringline/testkit';
import { expect, test } from 'vitest';
import { LEASE_MS, RENEW_LEASE_MS, RETRY_LEASE_MS } from '../../src/registrar/lease.ts';
import { RETENTION_ROUND_MS } from '../../src/rounds.ts';
import { DEADLINE_CLAIM_MS, DEADLINE_POLL_MS, OVERDUE_MS } from '../../src/steps/deadlines.ts';
import { MemoryStore } from '../../src/store/memory/store.ts';
import type { DueClaim } from '../../src/store/leases.ts';
import type { Store } from '../../src/store/store.ts';
import { CALL, established, ringing } from '../support/calls.ts';
import { Gate } from '../support/gate.ts';
import { TestCluster } from '../support/test-cluster.ts';

const rtm = { invitations: [] };
const HELD = [{ id: CALL, version: 1 }];

function callOf(i: number): string {
  return `call-${String(i).padStart(16, '0')}`;
}

test('[STP11] what a dead node leaves is ended by others within a second, and by one of them each', async () => {
  const cluster = new TestCluster();
  const mortal = new ProcessClock(cluster.clock);
  const dying = await cluster.node({ clock: mortal });
  const living = [await cluster.node(), await cluster.node()];
  const calls = Array.from({ length: 20 }, (_, i) => callOf(i));
  for (const call of calls) {
    const caller = await cluster.device(dying, `alice${call}`, 'a');
    caller.invite(call, `bob${call}`, { ringTimeoutMs: MIN_RING_TIMEOUT_MS });
  }
  await cluster.settle();
  const deadlines = await Promise.all(
    calls.map(async (id) => {
      const call = await cluster.store.call(id);
      return call?.state === 'inviting' ? call.expiresAt : 0;
    }),
  );
  mortal.kill();
  await cluster.clock.runUntilAsync(Math.max(...deadlines) + OVERDUE_MS + DEADLINE_POLL_MS + 5);
  const states = await Promise.all(calls.map(async (id) => (await cluster.store.call(id))?.state));
  expect(new Set(states)).toEqual(new Set(['ended']));
  expect(OVERDUE_MS + DEADLINE_POLL_MS).toBeLessThan(1_000);
  expect(cluster.metrics.of('race lost')).toBe(0);
  expect(living.every(({ serves }) => serves)).toBe(true);
});

test('[STP11] when who claimed it dies as well, another ends it once the claim is over', async () => {
  const cluster = new TestCluster();
  const [first, ...others] = [0, 1, 2].map(() => new ProcessClock(cluster.clock));
  const dying = await cluster.node({ clock: first! });
  for (const clock of others) {
    await cluster.node({ clock, store: diesOnClaim(cluster.store, clock, others) });
  }
  const alice = await cluster.device(dying, 'alice', 'alice1');
  alice.invite(CALL, 'nobody', { ringTimeoutMs: MIN_RING_TIMEOUT_MS });
  await cluster.settle();
  const call = await cluster.store.call(CALL);
  const expiresAt = call?.state === 'inviting' ? call.expiresAt : 0;
  first?.kill();
  const claimedBy = expiresAt + OVERDUE_MS + DEADLINE_POLL_MS + 5;
  await cluster.clock.runUntilAsync(claimedBy);
  expect(others.filter(({ isDead }) => isDead)).toHaveLength(1);
  await cluster.clock.runUntilAsync(expiresAt + OVERDUE_MS + DEADLINE_CLAIM_MS - 5);
  expect((await cluster.store.call(CALL))?.state).toBe('inviting');
  await cluster.clock.runUntilAsync(claimedBy + DEADLINE_CLAIM_MS + DEADLINE_POLL_MS);
  expect((await cluster.store.call(CALL))?.state).toBe('ended');
});

/** A node’s store; the first of those that claims a call dies of it. */
function diesOnClaim(store: Store, own: ProcessClock, all: readonly ProcessClock[]): Store {
  return new Proxy(store, {
    get: (target, name) => {
      const member: unknown = Reflect.get(target, name);
      if (typeof member !== 'function') return member;
      if (name !== 'claimDueCalls') return member.bind(target) as unknown;
      return async (claim: DueClaim) => {
        const ids = await store.claimDueCalls(claim);
        if (ids.length === 0 || all.some(({ isDead }) => isDead)) return ids;
        own.kill();
        return new Promise(() => undefined);
      };
    },
  });
}

test('[STP8] of several nodes only the one that set a deadline ends what has it', async () => {
  const clock = new VirtualClock();
  const slow = () => new Promise<void>((resolve) => void clock.after(20, resolve));
  const cluster = new TestCluster({ clock, store: new MemoryStore(slow) });
  const node = await cluster.node();
  await cluster.node();
  const given: unknown[] = [];
  const claim = cluster.store.claimDueCalls.bind(cluster.store);
  cluster.store.claimDueCalls = async (asked) => {
    const ids = await claim(asked);
    given.push(...ids);
    return ids;
  };
  const callers = [];
  for (let i = 0; i < 20; i++) {
    callers.push(await cluster.device(node, `user${i}`, 'd'));
    await clock.advanceAsync(37);
  }
  for (const [i, caller] of callers.entries()) {
    caller.invite(callOf(i), `nobody${i}`);
    await clock.advanceAsync(37);
  }
  await clock.advanceAsync(RING_TIMEOUT_MS + 300);
  const states = callers.map((each, i) => each.view(callOf(i))?.state);
  expect(states).toEqual(callers.map(() => 'ended'));
  expect(given).toEqual([]);
  expect(cluster.metrics.of('race lost')).toBe(0);
});

test('[STP8] a deadline that another node committed since is that node’s', async () => {
  const gates = [new Gate(), new Gate()] as const;
  const store = new MemoryStore();
  const cluster = new TestCluster({ store });
  const [first, second] = [
    await cluster.node({ store: gates[0].before(store) }),
    await cluster.node({ store: gates[1].before(store) }),
  ];
  const { alice } = await ringing(cluster, first, second);
  const commits = () => gates.map(({ asked }) => asked.get('commit') ?? 0);
  const before = commits();
  await cluster.clock.advanceAsync(RING_TIMEOUT_MS);
  expect(alice.view(CALL)).toMatchObject({ state: 'ended', reason: 'no-answer' });
  expect(commits().map((each, i) => each - (before[i] ?? 0))).toEqual([0, 1]);
});

test('[REG14] a store that was away for all costs no node its devices, and no call its end', async () => {
  const gate = new Gate();
  const cluster = new TestCluster({ store: gate.before(new MemoryStore()) });
  const nodes = [await cluster.node(), await cluster.node(), await cluster.node()] as const;
  const { alice, bob } = await established(cluster, nodes[0], nodes[1]);
  const carol = await cluster.device(nodes[2], 'carol', 'carol1', { rtm });
  await cluster.clock.advanceAsync(2 * LEASE_MS);
  bob.wire.drop();
  await cluster.clock.advanceAsync(100);
  gate.failAll();
  await cluster.clock.advanceAsync(4 * GRACE_MS);
  const refused = alice.invite('call-0000000000000009', 'dave');
  await cluster.settle();
  expect(alice.answerTo(refused)).toMatchObject({
    code: 'unavailable',
    retryAfterMs: expect.any(Number),
  });
  gate.mend();
  // No node has its lease yet: what it decided now, it would decide on a grace that nobody could use.
  const early = await cluster.device(nodes[1], 'bob', 'bob1', { calls: HELD });
  expect(early.closedWith).toBe(CLOSE.internal.code);
  await cluster.clock.advanceAsync(RETRY_LEASE_MS + 10);
  await cluster.clock.advanceAsync(GRACE_MS - RETRY_LEASE_MS - 500);
  const back = await cluster.device(nodes[1], 'bob', 'bob1', { calls: HELD });
  await cluster.clock.advanceAsync(2 * LEASE_MS);
  expect(back.view(CALL)?.state).toBe('established');
  expect([alice.closedWith, carol.closedWith]).toEqual([undefined, undefined]);
  const { actor } = await cluster.store.load({
    users: [],
    actor: { user: 'carol', device: 'carol1' },
  });
  expect(actor?.binding).not.toBeNull();
});

test('[STP12] a store that is away is said once by each who looks, not with every look', async () => {
  const gate = new Gate();
  const cluster = new TestCluster({ store: gate.before(new MemoryStore()) });
  await cluster.node({ isAlone: true });
  await cluster.clock.advanceAsync(LEASE_MS);
  gate.failAll();
  await cluster.clock.advanceAsync(6 * LEASE_MS);
  const said = cluster.log.lines.map(({ text }) => text).toSorted((a, b) => a.localeCompare(b));
  const deadlines = 'deadlines could not be read; trying again';
  const lease = 'the lease could not be renewed; trying again';
  // Calls, invitations and logins have deadlines.
  expect(said).toEqual([deadlines, deadlines, deadlines, lease]);
});

test('[REG14] a node that is back sooner than others calls none of them dead, also where their leases ended first', async () => {
  const gate = new Gate();
  const cluster = new TestCluster({ store: gate.before(new MemoryStore()) });
  const first = await cluster.node();
  await cluster.clock.advanceAsync(RENEW_LEASE_MS - 100);
  const second = await cluster.node();
  const { alice, bob } = await established(cluster, first, second);
  await cluster.clock.advanceAsync(3 * LEASE_MS);
  gate.failAll();
  await cluster.clock.advanceAsync(LEASE_MS - 500);
  gate.mend();
  await cluster.clock.advanceAsync(3 * LEASE_MS);
  expect([alice.closedWith, bob.closedWith]).toEqual([undefined, undefined]);
  expect(alice.view(CALL)).not.toHaveProperty('peerGraceMs');
});

test('[REG15] a node that starts leaves the leases of others alone', async () => {
  const cluster = new TestCluster();
  const { alice, bob } = await established(cluster, await cluster.node());
  await cluster.node();
  await cluster.clock.advanceAsync(3 * LEASE_MS);
  expect([alice.closedWith, bob.closedWith]).toEqual([undefined, undefined]);
  expect(alice.view(CALL)).not.toHaveProperty('peerGraceMs');
});

test('[REG3] after a cluster was down as a whole nobody’s call or login ends because of that', async () => {
  const cluster = new TestCluster();
  const mortals = [new ProcessClock(cluster.clock), new ProcessClock(cluster.clock)] as const;
  const nodes = [
    await cluster.node({ clock: mortals[0] }),
    await cluster.node({ clock: mortals[1] }),
  ] as const;
  const { alice, bob } = await established(cluster, ...nodes);
  const carol = await cluster.device(nodes[0], 'carol', 'carol1', { rtm });
  const dave = await cluster.device(nodes[1], 'dave', 'dave1', { rtm });
  await cluster.clock.advanceAsync(LEASE_MS);
  for (const { wire } of [bob, carol]) wire.drop();
  await cluster.clock.advanceAsync(100);
  for (const mortal of mortals) mortal.kill();
  for (const { wire } of [alice, dave]) wire.kill('server');
  await cluster.clock.advanceAsync(10 * GRACE_MS);
  const starting = [cluster.node(), cluster.node()];
  const [first, second] = await cluster.clock.untilSettled(Promise.all(starting));
  if (!first || !second) throw new Error('two nodes start');
  await cluster.clock.advanceAsync(GRACE_MS - 1_000);
  const again = {
    alice: await cluster.device(second, 'alice', 'alice1', { calls: HELD }),
    bob: await cluster.device(first, 'bob', 'bob1', { calls: HELD }),
  };
  await cluster.clock.advanceAsync(2 * GRACE_MS);
  expect(again.alice.view(CALL)?.state).toBe('established');
  expect(again.bob.view(CALL)?.state).toBe('established');
});

test('[LGN11] the login of a page whose node died has its whole time from when that is known', async () => {
  const cluster = new TestCluster();
  const mortal = new ProcessClock(cluster.clock);
  const dying = await cluster.node({ clock: mortal });
  const living = await cluster.node();
  const carol = await cluster.device(dying, 'carol', 'carol1', { rtm });
  await cluster.clock.advanceAsync(LEASE_MS);
  mortal.kill();
  carol.wire.kill('server');
  await cluster.clock.advanceAsync(LEASE_MS + RENEW_LEASE_MS);
  const { actor } = await cluster.store.load({
    users: [],
    actor: { user: 'carol', device: 'carol1' },
  });
  const endsAt = actor?.login?.endsAt ?? 0;
  const notedAt = endsAt - RTM_OFFLINE_AFTER_MS;
  expect(notedAt).toBeGreaterThan(actor?.lostAt ?? Infinity);
  await cluster.clock.runUntilAsync(endsAt - 100);
  const { resumeKey } = carol.welcome ?? {};
  const back = await cluster.device(living, 'carol', 'carol1', { rtm, resumeKey });
  expect(back.welcome?.rtm).toMatchObject({ resumed: true });
});

test('[DUT1] what one node does for all is done by one at a time, and passes on when it dies or stops', async () => {
  const gates = [new Gate(), new Gate(), new Gate()] as const;
  const store = new MemoryStore();
  const cluster = new TestCluster({ store, retention: { maxItems: 5 } });
  const start = (gate: Gate, clock = new ProcessClock(cluster.clock)) => {
    const node = cluster.node({ clock, store: gate.before(store) });
    return node.then((started) => ({ clock, node: started }));
  };
  const first = await start(gates[0]);
  const second = await start(gates[1]);
  await start(gates[2]);
  const rounds = async () => {
    const before = gates.map(({ asked }) => asked.get('removeBeyond') ?? 0);
    await cluster.clock.advanceAsync(2 * RETENTION_ROUND_MS);
    return gates.map(({ asked }, i) => (asked.get('removeBeyond') ?? 0) > (before[i] ?? 0));
  };
  expect(await rounds()).toEqual([true, false, false]);
  first.clock.kill();
  expect((await rounds()).filter(Boolean)).toHaveLength(1);
  await cluster.clock.untilSettled(second.node.stop());
  expect(await rounds()).toEqual([false, false, true]);
});

test('[DUT2] the devices of a dead node are let go by one of the others', async () => {
  const gates = [new Gate(), new Gate()] as const;
  const store = new MemoryStore();
  const cluster = new TestCluster({ store });
  const mortal = new ProcessClock(cluster.clock);
  const dying = await cluster.node({ clock: mortal });
  for (const gate of gates) await cluster.node({ store: gate.before(store) });
  for (let i = 0; i < 10; i++) await cluster.device(dying, `user${i}`, 'd');
  await cluster.clock.advanceAsync(LEASE_MS);
  mortal.kill();
  await cluster.clock.advanceAsync(LEASE_MS + 2 * RENEW_LEASE_MS);
  const commits = gates.map(({ asked }) => asked.get('commit') ?? 0);
  expect(commits.toSorted((a, b) => a - b)).toEqual([0, 10]);
  expect(cluster.metrics.of('race lost')).toBe(0);
});
