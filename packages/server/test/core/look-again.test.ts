import { expect, test } from 'vitest';
import { HEARTBEAT_MS } from '@ringline/protocol';
import {
  LOOK_AGAIN_SPREAD_MS,
  LOOK_AGAIN_START_MS,
  LOOK_AGAIN_STEP_MS,
} from '../../src/registrar/look-again.ts';
import { PRESENCE_SWEEP_MS } from '../../src/presence/move-rounds.ts';
import { MEMBERS_SWEEP_MS } from '../../src/rtm/member-rounds.ts';
import { MemoryStore } from '../../src/store/memory/store.ts';
import { StoreFault } from '../../src/store/store.ts';
import { CALL, CALL2, established, ringing } from '../support/calls.ts';
import { Gate } from '../support/gate.ts';
import { rtm } from '../support/rtm.ts';
import { WiredCluster } from '../support/wired-cluster.ts';

/** By then everything that a gap may have hidden is told. */
const LOOKED_MS = LOOK_AGAIN_START_MS + LOOK_AGAIN_SPREAD_MS + 200;

/** Two nodes whose bus is away. */
async function away() {
  const cluster = new WiredCluster();
  const [one, two] = [await cluster.wired(), await cluster.wired()];
  return { cluster, one, two };
}

test('[BUS12] a call made while the bus was away rings at the other node soon after it is back, without a heartbeat', async () => {
  const { cluster, one, two } = await away();
  const alice = await cluster.device(one, 'alice', 'alice1');
  const bob = await cluster.device(two, 'bob', 'bob1');
  cluster.service.fall();
  alice.invite(CALL, 'bob');
  await cluster.settle();
  expect([alice.view(CALL)?.state, bob.view(CALL)]).toEqual(['inviting', undefined]);
  await cluster.comeBack();
  await cluster.clock.advanceAsync(LOOKED_MS);
  expect(bob.view(CALL)?.state).toBe('inviting');
  expect(LOOKED_MS).toBeLessThan(HEARTBEAT_MS);
});

test('[BUS12] so is an end, a message, and what a page of RTM is invited to', async () => {
  const { cluster, one, two } = await away();
  const { alice, bob } = await established(cluster, one, two);
  const carol = await cluster.device(two, 'carol', 'carol1', { rtm });
  const dave = await cluster.device(one, 'dave', 'dave1', { rtm });
  cluster.service.fall();
  alice.ask({ type: 'end', call: CALL });
  alice.ask({ type: 'send', to: 'bob', body: { kind: 'text', text: 'hello' } });
  dave.ask({ type: 'rtm-invite', invitation: CALL2, to: 'carol', content: '', channel: 'c' });
  await cluster.settle();
  expect(bob.view(CALL)?.state).toBe('established');
  await cluster.comeBack();
  await cluster.clock.advanceAsync(LOOKED_MS);
  expect(bob.view(CALL)?.state).toBe('ended');
  const told = (heard: readonly { readonly type: string }[], type: string) =>
    heard.filter((each) => each.type === type).length;
  expect(bob.items.map(({ body }) => body.kind)).toEqual(['record', 'text']);
  expect(told(carol.heard, 'rtm-invitation')).toBe(1);
});

test('[BUS12] so are those who came and went, and members of channels', async () => {
  const { cluster, one, two } = await away();
  const alice = await cluster.device(one, 'alice', 'alice1', { rtm });
  alice.ask({ type: 'watch', users: ['bob'] });
  alice.ask({ type: 'rtm-join', channel: 'c' });
  await cluster.clock.advanceAsync(1_000);
  cluster.service.fall();
  const bob = await cluster.device(two, 'bob', 'bob1', { rtm });
  bob.ask({ type: 'rtm-join', channel: 'c' });
  await cluster.settle();
  const heard = alice.heard.length;
  await cluster.comeBack();
  await cluster.clock.advanceAsync(LOOKED_MS);
  const types = alice.heard.slice(heard).map(({ type }) => type);
  expect(types).toContain('presence');
  expect(types).toContain('rtm-members-changed');
  expect(LOOKED_MS).toBeLessThan(Math.min(PRESENCE_SWEEP_MS, MEMBERS_SWEEP_MS));
});

test('[BUS12] what a device has it is not told again', async () => {
  const { cluster, one, two } = await away();
  const { alice, bob } = await ringing(cluster, one, two);
  cluster.service.fall();
  await cluster.settle();
  const heard = [alice.heard.length, bob.heard.length];
  await cluster.comeBack();
  await cluster.clock.advanceAsync(LOOKED_MS);
  expect([alice.heard.length, bob.heard.length]).toEqual(heard);
});

test('[BUS12] a device that is being greeted when the gap is heard looks again once it is', async () => {
  const gate = new Gate();
  const cluster = new WiredCluster({ store: gate.before(new MemoryStore()) });
  const [one, two] = [await cluster.wired(), await cluster.wired()];
  const alice = await cluster.device(one, 'alice', 'alice1');
  alice.invite(CALL, 'bob');
  await cluster.settle();
  const goOn = gate.hold('inboxStanding');
  const arriving = cluster.device(two, 'bob', 'bob1');
  await cluster.settle();
  cluster.service.fall();
  alice.ask({ type: 'cancel', call: CALL });
  await cluster.settle();
  await cluster.comeBack();
  await cluster.clock.advanceAsync(LOOKED_MS);
  goOn();
  const bob = await arriving;
  await cluster.settle();
  expect(bob.view(CALL)).toMatchObject({ state: 'ended', reason: 'cancelled' });
});

test('[BUS12] a store that is slow has one portion to read at a time', async () => {
  const gate = new Gate();
  const cluster = new WiredCluster({ store: gate.before(new MemoryStore()) });
  const node = await cluster.wired();
  const portions = LOOK_AGAIN_SPREAD_MS / LOOK_AGAIN_STEP_MS;
  for (let n = 0; n < 2 * portions; n++) await cluster.device(node, `idle${n}`, 'd');
  const goOn = gate.hold('load');
  const before = gate.asked.get('load') ?? 0;
  cluster.service.say('gap', '');
  await cluster.clock.advanceAsync(LOOKED_MS);
  expect((gate.asked.get('load') ?? 0) - before).toBe(2);
  goOn();
  await cluster.clock.advanceAsync(LOOKED_MS);
  expect((gate.asked.get('load') ?? 0) - before).toBe(2 * portions);
});

/** Counts what devices are read for. */
class CountingStore extends MemoryStore {
  readonly loaded: { readonly at: number; readonly user: string }[] = [];
  at = () => 0;
  override load(scope: Parameters<MemoryStore['load']>[0]): ReturnType<MemoryStore['load']> {
    for (const user of scope.users) this.loaded.push({ at: this.at(), user });
    return super.load(scope);
  }
}

test('[BUS12] devices in calls come first, the others spread over the time; gaps during a round make one more', async () => {
  const store = new CountingStore();
  const cluster = new WiredCluster({ store });
  store.at = () => cluster.clock.now();
  const node = await cluster.wired();
  for (let n = 0; n < 300; n++) await cluster.device(node, `idle${n}`, 'd');
  await established(cluster, node);
  store.loaded.length = 0;
  const beganAt = cluster.clock.now();
  for (let n = 0; n < 5; n++) cluster.service.say('gap', '');
  await cluster.clock.advanceAsync(LOOKED_MS);
  const first = store.loaded.slice(0, 2).map(({ user }) => user);
  expect(first.toSorted((a, b) => (a < b ? -1 : 1))).toEqual(['alice', 'bob']);
  expect(store.loaded).toHaveLength(302);
  const perStep = new Map<number, number>();
  for (const { at } of store.loaded) perStep.set(at, (perStep.get(at) ?? 0) + 1);
  const portion = Math.ceil(302 / (LOOK_AGAIN_SPREAD_MS / LOOK_AGAIN_STEP_MS));
  expect(Math.max(...perStep.values())).toBe(portion);
  expect((store.loaded.at(-1)?.at ?? 0) - beganAt).toBeLessThan(LOOKED_MS);
  cluster.service.say('gap', '');
  await cluster.clock.advanceAsync(LOOK_AGAIN_START_MS + LOOK_AGAIN_STEP_MS);
  for (let n = 0; n < 5; n++) cluster.service.say('gap', '');
  await cluster.clock.advanceAsync(3 * LOOKED_MS);
  expect(store.loaded).toHaveLength(3 * 302);
});

test('[BUS12] a node that has stopped looks no more, and one whose store is away leaves it to the heartbeats', async () => {
  const store = new CountingStore();
  const cluster = new WiredCluster({ store });
  const node = await cluster.wired();
  await cluster.device(node, 'alice', 'alice1');
  store.load = () => Promise.reject(new StoreFault('away', undefined));
  cluster.service.say('gap', '');
  await cluster.clock.advanceAsync(LOOKED_MS);
  expect(cluster.log.lines.filter(({ level }) => level === 'error')).toEqual([]);
  cluster.service.say('gap', '');
  await cluster.clock.untilSettled(node.stop());
  cluster.service.say('gap', '');
  store.loaded.length = 0;
  await cluster.clock.advanceAsync(LOOKED_MS);
  expect(store.loaded).toEqual([]);
});
