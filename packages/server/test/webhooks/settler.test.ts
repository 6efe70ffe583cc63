import { VirtualClock } from '@ringline/testkit';
import { expect, test } from 'vitest';
import { MemoryStore } from '../../src/store/memory/store.ts';
import type { Settled } from '../../src/store/outbox.ts';
import { StoreFault } from '../../src/store/store.ts';
import { MAX_SETTLED, SETTLING_AT_ONCE, Settler } from '../../src/webhooks/settler.ts';
import { CALL } from '../support/calls.ts';
import { Gate } from '../support/gate.ts';
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

test('[WHK17] what is noted together counts for each, and its lane goes on', async () => {
  const gate = new Gate();
  const clock = new VirtualClock();
  const receiver = new Receiver(clock);
  const webhooks = { outbound: receiver, configured: [endpointAt('https://a.example.com')] };
  const store = gate.before(new MemoryStore());
  const cluster = new TestCluster({ clock, store, webhooks: { ...webhooks, keepMs: 86_400_000 } });
  const alice = await cluster.device(await cluster.node(), 'alice', 'alice1');
  const release = [];
  for (const to of ['bob', 'carol']) {
    release.push(gate.hold(METHOD));
    alice.ask({ type: 'send', to, body: { kind: 'text', text: 'hello' } });
    await cluster.settle();
  }
  alice.invite(CALL, 'nobody');
  alice.ask({ type: 'send', to: 'dave', body: { kind: 'text', text: 'hello' } });
  await cluster.settle();
  alice.ask({ type: 'cancel', call: CALL });
  await cluster.settle();
  expect(gate.asked.get(METHOD)).toBe(2);
  for (const goOn of release) goOn();
  await cluster.settle();
  expect(receiver.types()).toEqual(expect.arrayContaining(['call.invited', 'call.ended']));
  const all = await cluster.store.deliveries({ limit: 20 });
  expect(all.filter(({ state, attempts }) => state !== 'delivered' || attempts !== 1)).toEqual([]);
});
