import { VirtualClock } from '@ringline/testkit';
import { expect, test } from 'vitest';
import { MemoryStore } from '../../src/store/memory/store.ts';
import type { Settled } from '../../src/store/outbox.ts';
import { SettledInPart } from '../../src/store/settled-in-part.ts';
import { StoreFault } from '../../src/store/store.ts';
import { CLAIM_MS, OUTBOX_POLL_MS } from '../../src/webhooks/courier.ts';
import { MAX_SETTLED, SETTLING_AT_ONCE, Settler } from '../../src/webhooks/settler.ts';
import { CALL } from '../support/calls.ts';
import { Gate } from '../support/gate.ts';
import { HeldStore } from '../support/held-store.ts';
import { Receiver, endpointAt } from '../support/receiver.ts';
import { TestCluster } from '../support/test-cluster.ts';

const METHOD = 'settleDeliveries';

/** An attempt at a delivery that the store does not know. */
function attemptAt(n: number, claim = 1): Settled {
  return { n, claim, state: 'delivered', dueAt: null, attempt: { at: 0, status: 204, note: '' } };
}

/** A settler whose transactions have all begun and do not end; the returned function ends the first. */
async function busy() {
  const gate = new Gate();
  const clock = new VirtualClock();
  const settler = new Settler({ store: gate.before(new MemoryStore()), clock });
  const ends: (() => void)[] = [];
  const noting: Promise<boolean>[] = [];
  for (let i = 0; i < SETTLING_AT_ONCE; i++) {
    ends.push(gate.hold(METHOD));
    noting.push(settler.settle(attemptAt(i)));
  }
  await clock.advanceAsync(0);
  const end = async () => {
    ends.shift()?.();
    await clock.advanceAsync(0);
  };
  return { gate, settler, noting, end };
}

test.each([
  [MAX_SETTLED, 1],
  [MAX_SETTLED + 1, 2],
])('[WHK17] %i attempts that end meanwhile are noted in %i transactions', async (count, more) => {
  const { gate, settler, noting, end } = await busy();
  for (let i = 0; i < count; i++) noting.push(settler.settle(attemptAt(100 + i)));
  expect(gate.asked.get(METHOD)).toBe(SETTLING_AT_ONCE);
  await end();
  expect(gate.asked.get(METHOD)).toBe(SETTLING_AT_ONCE + more);
  await end();
  expect(new Set(await Promise.all(noting))).toEqual(new Set([false]));
});

test('[WHK17] of two attempts at one delivery each is noted by itself', async () => {
  const { gate, settler, noting, end } = await busy();
  for (const claim of [1, 2]) noting.push(settler.settle(attemptAt(100, claim)));
  await end();
  expect(gate.asked.get(METHOD)).toBe(SETTLING_AT_ONCE + 2);
  await end();
  await Promise.all(noting);
});

test('[WHK17] what could not be noted is said of each attempt, and the next ones are noted', async () => {
  const { gate, settler, noting, end } = await busy();
  gate.fail([METHOD]);
  const failing = [100, 101].map((n) => settler.settle(attemptAt(n)));
  const outcomes = Promise.allSettled(failing);
  await end();
  const away = { status: 'rejected', reason: new StoreFault('away', undefined) };
  expect(await outcomes).toEqual([away, away]);
  gate.mend();
  expect(await settler.settle(attemptAt(102))).toBe(false);
  await end();
  await Promise.all(noting);
});

test('[WHK19] each hears what became of its own, where not all could be noted', async () => {
  const { gate, settler, noting, end } = await busy();
  const cause = new StoreFault('it is held', undefined);
  gate.fail([METHOD], new SettledInPart([100], [102], cause));
  const outcomes = Promise.allSettled([100, 101, 102].map((n) => settler.settle(attemptAt(n))));
  await end();
  expect(await outcomes).toEqual([
    { status: 'fulfilled', value: true },
    { status: 'fulfilled', value: false },
    { status: 'rejected', reason: cause },
  ]);
  await end();
  await Promise.all(noting);
});

/** A node with as many transactions under way as there may be; what ends now is noted together once they are released. */
async function busyNode(behind: MemoryStore) {
  const gate = new Gate();
  const clock = new VirtualClock();
  const receiver = new Receiver(clock);
  const webhooks = { outbound: receiver, configured: [endpointAt('https://a.example.com')] };
  const store = gate.before(behind);
  const cluster = new TestCluster({ clock, store, webhooks: { ...webhooks, keepMs: 86_400_000 } });
  const alice = await cluster.device(await cluster.node(), 'alice', 'alice1');
  const send = (to: string) =>
    alice.ask({ type: 'send', to, body: { kind: 'text', text: 'hello' } });
  const holds: (() => void)[] = [];
  for (const to of ['bob', 'carol']) {
    holds.push(gate.hold(METHOD));
    send(to);
    await cluster.settle();
  }
  const release = async () => {
    for (const goOn of holds) goOn();
    await cluster.settle();
  };
  return { gate, receiver, cluster, alice, send, release };
}

test('[WHK17] what is noted together counts for each, and its lane goes on', async () => {
  const { gate, receiver, cluster, alice, send, release } = await busyNode(new MemoryStore());
  alice.invite(CALL, 'nobody');
  send('dave');
  await cluster.settle();
  alice.ask({ type: 'cancel', call: CALL });
  await cluster.settle();
  expect(gate.asked.get(METHOD)).toBe(2);
  await release();
  expect(receiver.types()).toEqual(expect.arrayContaining(['call.invited', 'call.ended']));
  const all = await cluster.store.deliveries({ limit: 20 });
  expect(all.filter(({ state, attempts }) => state !== 'delivered' || attempts !== 1)).toEqual([]);
});

test('[WHK19] of what is noted together one that is held is made again, and the others are counted', async () => {
  const store = new HeldStore();
  const { gate, receiver, cluster, send, release } = await busyNode(store);
  for (const to of ['dave', 'erin']) send(to);
  await cluster.settle();
  const [erin] = await store.deliveries({ limit: 1 });
  store.heldOutcomes.add(erin?.n ?? 0);
  await release();
  expect(gate.asked.get(METHOD)).toBe(3);
  expect(cluster.metrics.of('webhook delivered')).toBe(3);
  const errors = cluster.log.lines.filter(({ level }) => level === 'error');
  expect(errors).toMatchObject([{ fields: { err: { message: 'it is held' } } }]);
  store.heldOutcomes.clear();
  await cluster.clock.advanceAsync(CLAIM_MS + OUTBOX_POLL_MS);
  expect(cluster.metrics.of('webhook delivered')).toBe(4);
  const told = receiver.events().map(({ data }) => data['to']);
  expect(told).toEqual(['bob', 'carol', 'dave', 'erin', 'erin']);
});
