import { GRACE_MS } from '@ringline/protocol';
import { VirtualClock } from '@ringline/testkit';
import { expect, test } from 'vitest';
import { LEASE_MS, RENEW_LEASE_MS, RETRY_LEASE_MS } from '../../src/registrar/lease.ts';
import { SWEEP_PORTION } from '../../src/registrar/sweep.ts';
import type { Step, Store } from '../../src/store/store.ts';
import { StoreFault } from '../../src/store/store.ts';
import { CALL, established } from '../support/calls.ts';
import { die } from '../support/dead-node.ts';
import { Gate } from '../support/gate.ts';
import { SlowStore } from '../support/slow-store.ts';
import { TestCluster } from '../support/test-cluster.ts';

const STEP_MS = 20;
/** So many devices of a dead node take twice as long as a lease lasts. */
const MANY = (2 * LEASE_MS) / STEP_MS;

/** A cluster whose store takes its time for each step. */
function slow(): { clock: VirtualClock; store: SlowStore; cluster: TestCluster } {
  const clock = new VirtualClock();
  const store = new SlowStore(clock, STEP_MS);
  return { clock, store, cluster: new TestCluster({ clock, store }) };
}

/** How many of these users have a device that counts as reachable. */
async function reachable(store: Store, users: readonly string[]): Promise<number> {
  const presence = await store.presence(users);
  return presence.filter(({ online }) => online).length;
}

test('[REG18] a sweep that lasts longer than a lease costs the node that does it neither its lease nor its devices', async () => {
  const { clock, store, cluster } = slow();
  const gates = [new Gate(), new Gate()] as const;
  const nodes = [
    await cluster.node({ store: gates[0].before(store) }),
    await cluster.node({ store: gates[1].before(store) }),
  ] as const;
  const { alice, bob } = await established(cluster, ...nodes);
  await clock.advanceAsync(LEASE_MS);
  const users = await die(cluster, MANY);
  const before = gates.map(({ asked }) => asked.get('commit') ?? 0);
  await clock.advanceAsync(RENEW_LEASE_MS + LEASE_MS + RETRY_LEASE_MS);
  // It is under way for longer than a lease, and commands are still carried out.
  expect(await reachable(store, users)).toBeGreaterThan(SWEEP_PORTION);
  for (const each of [alice, bob]) {
    const seq = each.ask({ type: 'send', to: 'carol', body: { kind: 'text', text: 'hi' } });
    await clock.advanceAsync(2 * SWEEP_PORTION * STEP_MS);
    expect(each.answerTo(seq)).toMatchObject({ type: 'sent' });
  }
  await clock.advanceAsync(2 * LEASE_MS);
  expect(await reachable(store, users)).toBe(0);
  expect([alice.closedWith, bob.closedWith]).toEqual([undefined, undefined]);
  expect(alice.view(CALL)).not.toHaveProperty('peerGraceMs');
  const swept = gates.map(({ asked }, i) => (asked.get('commit') ?? 0) - (before[i] ?? 0) > MANY);
  expect(swept.filter(Boolean)).toHaveLength(1);
});

test('[REG18] a node that loses the duty stops after the portion, and the next one goes on', async () => {
  const { clock, store, cluster } = slow();
  const gates = [new Gate(), new Gate()] as const;
  for (const gate of gates) await cluster.node({ store: gate.before(store) });
  await clock.advanceAsync(LEASE_MS);
  const users = await die(cluster, MANY);
  const commits = () => gates.map(({ asked }) => asked.get('commit') ?? 0);
  await clock.advanceAsync(RENEW_LEASE_MS + 1_000);
  const first = commits().findIndex((count) => count > 0);
  expect(commits().toSorted((a, b) => a - b)).toEqual([0, SWEEP_PORTION]);
  gates[first]?.fail(['takeDuty']);
  await store.renewLease('another', clock.now() + LEASE_MS);
  await clock.advanceAsync(2 * LEASE_MS);
  expect(commits()[first]).toBe(SWEEP_PORTION);
  expect(await reachable(store, users)).toBe(MANY - SWEEP_PORTION);
  gates[first]?.fail(['renewLease']);
  await clock.advanceAsync(2 * LEASE_MS + GRACE_MS);
  expect(await reachable(store, users)).toBe(0);
  expect(commits()[first]).toBe(SWEEP_PORTION);
});

test.each([1, SWEEP_PORTION + 1])(
  '[REG19] %i devices of a dead node that meet a defect keep no other back, and are said once, as what they are',
  async (count) => {
    const { clock, store, cluster } = slow();
    await cluster.node();
    const users = await die(cluster, SWEEP_PORTION + 5 + count);
    const poisoned = users.slice(0, count);
    store.failure = (step) => (poisoned.includes(userOf(step)) ? new Error('a defect') : undefined);
    await clock.advanceAsync(4 * LEASE_MS);
    expect(await reachable(store, users)).toBe(count);
    const said = cluster.log.lines.filter(({ level }) => level === 'error');
    expect(said).toMatchObject(
      poisoned.map((user) => ({
        fields: { user, device: `${user}1`, err: { message: 'a defect' } },
        text: expect.stringContaining('a device of a dead node could not be let go'),
      })),
    );
    store.failure = () => undefined;
    await clock.advanceAsync(RENEW_LEASE_MS + 2 * SWEEP_PORTION * STEP_MS);
    expect(await reachable(store, users)).toBe(0);
  },
);

test('[REG19] a device that the store does not take keeps no other back either, and a store that takes none is said once', async () => {
  const { clock, store, cluster } = slow();
  await cluster.node();
  const users = await die(cluster, 3 * SWEEP_PORTION);
  let tries = 0;
  store.failure = () => (tries++, new StoreFault('the disk is full', undefined));
  await clock.advanceAsync(3 * LEASE_MS);
  const rounds = tries / SWEEP_PORTION;
  expect(rounds).toBe(Math.floor(rounds));
  expect(rounds).toBeLessThan((2 * LEASE_MS) / RENEW_LEASE_MS + 2);
  const said = cluster.log.lines.map(({ text }) => text);
  expect(said).toEqual(['devices of dead nodes are not let go; trying again']);
  store.failure = (step) =>
    userOf(step) === 'user0' ? new StoreFault('never', undefined) : undefined;
  await clock.advanceAsync(RENEW_LEASE_MS + 4 * SWEEP_PORTION * STEP_MS);
  expect(await reachable(store, users)).toBe(1);
});

test('[REG4] losses that the store could not take are noted in portions, beside the renewals', async () => {
  const { clock, store, cluster } = slow();
  const node = await cluster.node({ isAlone: true });
  const users = Array.from({ length: SWEEP_PORTION + 50 }, (_, i) => `user${i}`);
  const devices = users.map((user) => cluster.device(node, user, 'd'));
  const bound = await clock.untilSettled(Promise.all(devices));
  await clock.advanceAsync(users.length * STEP_MS);
  const away = new StoreFault('the disk is full', undefined);
  let tries = 0;
  store.failure = () => (tries++, away);
  for (const { wire } of bound) wire.drop();
  await clock.advanceAsync(5);
  expect(tries).toBe(users.length);
  await clock.advanceAsync(RENEW_LEASE_MS);
  expect(tries).toBe(users.length + SWEEP_PORTION);
  store.failure = () => undefined;
  await clock.advanceAsync(LEASE_MS);
  expect(await reachable(store, users)).toBe(0);
});

function userOf({ cause }: Step): string {
  return cause.by?.user ?? '';
}
