import { GRACE_MS, PING_IDLE_MS, USER_BURST } from '@ringline/protocol';
import { ProcessClock, VirtualClock } from '@ringline/testkit';
import { expect, test } from 'vitest';
import { PRESENCE_SWEEP_MS } from '../../src/presence/move-rounds.ts';
import { PRESENCE_BATCH_MS, PRESENCE_SETTLE_MS } from '../../src/presence/watched-users.ts';
import { LEASE_MS, RENEW_LEASE_MS } from '../../src/registrar/lease.ts';
import { MemoryStore } from '../../src/store/memory/store.ts';
import { Gate } from '../support/gate.ts';
import { established } from '../support/calls.ts';
import { TestCluster } from '../support/test-cluster.ts';
import type { TestDevice } from '../support/test-device.ts';

/** Long enough for whoever comes to be told. */
const SOON_MS = PRESENCE_BATCH_MS + 10;
/** And for whoever goes: it is read once when it is heard of, and again when it has settled. */
const SETTLED_MS = PRESENCE_SETTLE_MS + 2 * SOON_MS;

const watch = (device: TestDevice, ...users: string[]) => device.ask({ type: 'watch', users });
const online = (user: string) => ({ user, state: 'online' });
const offline = (user: string, since: number) => ({ user, state: 'offline', since });

/** Alice watches these. */
async function watching(...users: string[]) {
  const cluster = new TestCluster();
  const node = await cluster.node();
  const alice = await cluster.device(node, 'alice', 'alice1');
  watch(alice, ...users);
  await cluster.settle();
  return { cluster, node, alice };
}

/** Alice watches Bob over a store behind a gate; Bob is there. */
async function gated() {
  const gate = new Gate();
  const cluster = new TestCluster({ store: gate.before(new MemoryStore()) });
  const node = await cluster.node({ isAlone: true });
  const alice = await cluster.device(node, 'alice', 'alice1');
  const bob = await cluster.device(node, 'bob', 'bob1');
  watch(alice, 'bob');
  await cluster.settle();
  return { gate, cluster, node, alice, bob };
}

/** How often the store was asked where users stand, and who moved. */
const askedOf = ({ asked }: Gate) => [asked.get('presence'), asked.get('moves')];

test('[PRS1] a device is told where each user that it names stands, before done', async () => {
  const cluster = new TestCluster();
  const node = await cluster.node();
  const alice = await cluster.device(node, 'alice', 'alice1');
  await cluster.device(node, 'bob', 'bob1');
  const carol = await cluster.device(node, 'carol', 'carol1');
  const lostAt = cluster.clock.now();
  carol.wire.drop();
  await cluster.settle();
  const seq = watch(alice, 'bob', 'carol', 'nobody', 'bob', 'alice');
  await cluster.settle();
  expect(alice.heard.slice(-2)).toEqual([
    {
      type: 'presence',
      users: [
        online('bob'),
        offline('carol', lostAt),
        { user: 'nobody', state: 'offline' },
        online('alice'),
      ],
    },
    { type: 'done', re: seq },
  ]);
});

test('[PRS1] another list takes the place of the former, and an empty one ends it', async () => {
  const { cluster, node, alice } = await watching('bob', 'carol');
  watch(alice, 'carol', 'dave');
  await cluster.settle();
  for (const user of ['bob', 'carol', 'dave']) await cluster.device(node, user, `${user}1`);
  await cluster.clock.advanceAsync(SOON_MS);
  expect(alice.presence('bob')?.state).toBe('offline');
  expect([alice.presence('carol'), alice.presence('dave')]).toEqual([
    online('carol'),
    online('dave'),
  ]);
  const before = alice.presences.length;
  const seq = watch(alice);
  await cluster.settle();
  await cluster.device(node, 'erin', 'erin1');
  await cluster.clock.advanceAsync(2 * PRESENCE_SWEEP_MS);
  expect(alice.answerTo(seq)?.type).toBe('done');
  expect(alice.presences).toHaveLength(before);
});

test('[PRS2] a watcher on another node is told of the first device and of the last', async () => {
  const cluster = new TestCluster();
  const [here, there] = [await cluster.node(), await cluster.node()];
  const alice = await cluster.device(here, 'alice', 'alice1');
  watch(alice, 'bob');
  await cluster.settle();
  const one = await cluster.device(there, 'bob', 'bob1');
  await cluster.clock.advanceAsync(SOON_MS);
  expect(alice.presence('bob')).toEqual(online('bob'));
  const told = alice.presences.length;
  const two = await cluster.device(here, 'bob', 'bob2');
  one.wire.drop();
  await cluster.clock.advanceAsync(2 * SETTLED_MS);
  expect(alice.presences).toHaveLength(told);
  const lostAt = cluster.clock.now();
  two.wire.drop();
  await cluster.clock.advanceAsync(SETTLED_MS);
  expect(alice.presences.slice(told)).toEqual([offline('bob', lostAt)]);
});

test('[PRS2] a device in its grace counts as gone', async () => {
  const cluster = new TestCluster();
  const node = await cluster.node();
  const { alice, bob } = await established(cluster, node);
  watch(alice, 'bob');
  bob.wire.drop();
  await cluster.clock.advanceAsync(SETTLED_MS);
  expect(SETTLED_MS).toBeLessThan(GRACE_MS);
  expect(alice.presence('bob')?.state).toBe('offline');
});

test('[PRS2] a user that comes while its list is read is told as online, at any moment', async () => {
  for (let headStartMs = 0; headStartMs <= 8; headStartMs++) {
    const clock = new VirtualClock();
    const settle = () => new Promise<void>((resolve) => void clock.after(1, resolve));
    const cluster = new TestCluster({ clock, store: new MemoryStore(settle) });
    const node = await cluster.node();
    const alice = await cluster.device(node, 'alice', 'alice1');
    await clock.advanceAsync(50);
    const bob = await cluster.socket(node);
    bob.hello('bob', 'bob1');
    await clock.advanceAsync(headStartMs);
    watch(alice, 'bob');
    await clock.advanceAsync(SOON_MS + 50);
    expect(alice.presence('bob'), `${headStartMs} ms after the hello`).toEqual(online('bob'));
  }
});

test('[PRS3] a page that loads anew changes nothing for those who watch', async () => {
  const { cluster, node, alice } = await watching('bob');
  const bob = await cluster.device(node, 'bob', 'bob1');
  await cluster.clock.advanceAsync(SOON_MS);
  const told = alice.presences.length;
  bob.wire.drop();
  await cluster.clock.advanceAsync(PRESENCE_SETTLE_MS - SOON_MS);
  const back = await cluster.device(node, 'bob', 'bob1');
  await cluster.clock.advanceAsync(2 * PRESENCE_SWEEP_MS);
  expect(alice.presences).toHaveLength(told);
  // Gone for good, it has its full time again.
  back.wire.drop();
  await cluster.clock.advanceAsync(PRESENCE_SETTLE_MS - SOON_MS);
  expect(alice.presence('bob')).toEqual(online('bob'));
  await cluster.clock.advanceAsync(3 * SOON_MS);
  expect(alice.presence('bob')?.state).toBe('offline');
});

test('[PRS3] who begins to watch meanwhile is told what the others know, and then the same', async () => {
  const { cluster, node, alice } = await watching('bob');
  const bob = await cluster.device(node, 'bob', 'bob1');
  await cluster.clock.advanceAsync(SOON_MS);
  bob.wire.drop();
  await cluster.clock.advanceAsync(SOON_MS);
  const carol = await cluster.device(node, 'carol', 'carol1');
  watch(carol, 'bob');
  await cluster.settle();
  expect(carol.presence('bob')).toEqual(online('bob'));
  await cluster.clock.advanceAsync(SETTLED_MS);
  expect(carol.presence('bob')?.state).toBe('offline');
  expect(carol.presence('bob')).toEqual(alice.presence('bob'));
});

test('[PRS3] [PRS11] who said goodbye is told as gone at once, and that it left, until it is back', async () => {
  const { cluster, node, alice } = await watching('bob');
  const bob = await cluster.device(node, 'bob', 'bob1');
  await cluster.clock.advanceAsync(SOON_MS);
  bob.wire.client.close(1000, '');
  await cluster.clock.advanceAsync(SOON_MS);
  const left = { user: 'bob', state: 'offline', since: expect.any(Number), left: true };
  expect(alice.presence('bob')).toEqual(left);
  const seq = alice.ask({ type: 'query-presence', users: ['bob'] });
  await cluster.settle();
  expect(alice.answerTo(seq)).toMatchObject({ users: [left] });
  const back = await cluster.device(node, 'bob', 'bob1');
  await cluster.clock.advanceAsync(SOON_MS);
  expect(alice.presence('bob')).toEqual(online('bob'));
  back.wire.drop();
  await cluster.clock.advanceAsync(SETTLED_MS + SOON_MS);
  expect(alice.presence('bob')).not.toHaveProperty('left');
});

test('[PRS4] what the bus lost is found by the next round', async () => {
  const { cluster, node, alice } = await watching('bob', 'carol', 'dave', 'erin');
  cluster.bus.publishMove = () => undefined;
  const bob = await cluster.device(node, 'bob', 'bob1');
  await cluster.clock.advanceAsync(PRESENCE_SWEEP_MS);
  expect(alice.presence('bob')).toEqual(online('bob'));
  bob.wire.drop();
  await cluster.clock.advanceAsync(PRESENCE_SWEEP_MS + SETTLED_MS);
  expect(alice.presence('bob')?.state).toBe('offline');
});

test('[PRS4] a round that meets a store that is away is not the last', async () => {
  const { gate, cluster, alice, bob } = await gated();
  gate.fail(['presence']);
  bob.wire.drop();
  await cluster.clock.advanceAsync(2 * PRESENCE_SWEEP_MS);
  expect(alice.presence('bob')).toEqual(online('bob'));
  expect(cluster.log.lines).toContainEqual(expect.objectContaining({ level: 'error' }));
  gate.mend();
  await cluster.clock.advanceAsync(PRESENCE_SWEEP_MS + SETTLED_MS);
  expect(alice.presence('bob')?.state).toBe('offline');
});

test('[PRS5] the users of a node that died are told as gone once its lease has ended', async () => {
  const cluster = new TestCluster();
  const mortal = new ProcessClock(cluster.clock);
  const dying = await cluster.node({ clock: mortal });
  const alice = await cluster.device(await cluster.node(), 'alice', 'alice1');
  const bob = await cluster.device(dying, 'bob', 'bob1');
  watch(alice, 'bob');
  await cluster.settle();
  mortal.kill();
  bob.wire.kill('server');
  await cluster.clock.advanceAsync(LEASE_MS - RENEW_LEASE_MS);
  expect(alice.presence('bob')).toEqual(online('bob'));
  await cluster.clock.advanceAsync(2 * RENEW_LEASE_MS + SETTLED_MS);
  expect(alice.presence('bob')?.state).toBe('offline');
});

test('[PRS6] an expired token is told nothing, and with a new one where all stand', async () => {
  const cluster = new TestCluster();
  const node = await cluster.node();
  const token = `alice until ${cluster.clock.now() + 1_000}`;
  const alice = await cluster.device(node, 'alice', 'alice1', { token });
  watch(alice, 'bob', 'carol');
  await cluster.clock.advanceAsync(1_000);
  await cluster.device(node, 'bob', 'bob1');
  const refused = watch(alice, 'bob', 'dave');
  await cluster.clock.advanceAsync(SOON_MS);
  expect(SOON_MS).toBeLessThan(PING_IDLE_MS);
  expect(alice.answerTo(refused)).toMatchObject({ code: 'forbidden' });
  expect(alice.presence('bob')?.state).toBe('offline');
  alice.ask({ type: 'renew-token', token: 'alice' });
  await cluster.settle();
  expect(alice.presences.slice(-2)).toEqual([online('bob'), { user: 'carol', state: 'offline' }]);
});

test('[PRS7] lists that are asked for while one is read are read together after it', async () => {
  const { gate, cluster, node, alice } = await gated();
  const others = await Promise.all(
    ['carol', 'dave', 'erin'].map((user) => cluster.device(node, user, `${user}1`)),
  );
  await cluster.clock.advanceAsync(SOON_MS);
  const before = gate.asked.get('presence') ?? 0;
  const goOn = gate.hold('presence');
  watch(alice, 'bob', 'carol', 'dave');
  await cluster.settle();
  const asked = others.map((device) => watch(device, 'alice', 'bob'));
  await cluster.settle();
  goOn();
  await cluster.settle();
  expect((gate.asked.get('presence') ?? 0) - before).toBe(2);
  expect(others.map((device, i) => device.answerTo(asked[i] ?? 0)?.type)).toEqual(
    others.map(() => 'done'),
  );
});

test('[PRS7] a reading that began earlier does not undo what one that began later has found', async () => {
  const { gate, cluster, node, alice, bob } = await gated();
  bob.wire.drop();
  await cluster.clock.advanceAsync(SETTLED_MS);
  const goOn = gate.hold('presence');
  watch(alice, 'bob');
  await cluster.settle();
  await cluster.device(node, 'bob', 'bob1');
  await cluster.clock.advanceAsync(SOON_MS);
  goOn();
  await cluster.settle();
  expect(alice.presence('bob')).toEqual(online('bob'));
});

test('[PRS7] users who come at once are told in one message', async () => {
  const users = ['bob', 'carol', 'dave', 'erin'];
  const { cluster, node, alice } = await watching(...users);
  const before = alice.heard.length;
  await Promise.all(users.map((user) => cluster.device(node, user, `${user}1`)));
  await cluster.clock.advanceAsync(SOON_MS);
  const inAnyOrder = expect.arrayContaining(users.map(online));
  expect(alice.heard.slice(before)).toEqual([{ type: 'presence', users: inAnyOrder }]);
});

test('[PRS8] a list that could not be read is refused, and the former one stays', async () => {
  const { gate, cluster, node, alice, bob } = await gated();
  gate.fail(['presence']);
  const seq = watch(alice, 'carol');
  await cluster.settle();
  expect(alice.answerTo(seq)).toMatchObject({ code: 'unavailable' });
  gate.mend();
  const carol = await cluster.device(node, 'carol', 'carol1');
  await cluster.clock.advanceAsync(SOON_MS);
  for (const each of [bob, carol]) each.wire.drop();
  await cluster.clock.advanceAsync(SETTLED_MS);
  expect(alice.presence('bob')?.state).toBe('offline');
  expect(alice.presence('carol')).toBeUndefined();
});

test('[PRS9] a node looks for nobody whom no device here watches', async () => {
  const { gate, cluster, node, alice, bob } = await gated();
  const carol = await cluster.device(node, 'carol', 'carol1');
  watch(carol, 'bob');
  await cluster.settle();
  alice.wire.drop();
  watch(carol);
  await cluster.settle();
  const before = askedOf(gate);
  bob.wire.drop();
  await cluster.clock.advanceAsync(2 * PRESENCE_SWEEP_MS);
  expect(askedOf(gate)).toEqual(before);
});

test('[PRS9] a device that goes while its list is read leaves nothing behind', async () => {
  const { gate, cluster, alice, bob } = await gated();
  const goOn = gate.hold('presence');
  watch(alice, 'bob', 'carol');
  await cluster.settle();
  alice.wire.drop();
  await cluster.settle();
  goOn();
  await cluster.settle();
  const before = askedOf(gate);
  bob.wire.drop();
  await cluster.clock.advanceAsync(2 * PRESENCE_SWEEP_MS);
  expect(askedOf(gate)).toEqual(before);
});

test('[PRS14] whoever comes and goes is read when it is heard of, and not again by rounds', async () => {
  const { gate, cluster, node, alice, bob } = await gated();
  watch(alice, 'bob', 'carol', 'dave', 'erin', 'frank');
  await cluster.clock.advanceAsync(2 * PRESENCE_SWEEP_MS);
  bob.wire.drop();
  await cluster.device(node, 'carol', 'carol1');
  await cluster.clock.advanceAsync(SETTLED_MS);
  expect([alice.presence('bob')?.state, alice.presence('carol')?.state]).toEqual([
    'offline',
    'online',
  ]);
  const read = gate.asked.get('presence');
  const rounds = gate.asked.get('moves') ?? 0;
  await cluster.clock.advanceAsync(3 * PRESENCE_SWEEP_MS);
  expect(gate.asked.get('presence')).toBe(read);
  expect(gate.asked.get('moves')).toBeGreaterThan(rounds + 1);
});

test('[GTW9] watch lists draw on the budget of the user', async () => {
  const { cluster, alice } = await watching('bob');
  const asked = Array.from({ length: USER_BURST }, () => watch(alice, 'bob'));
  await cluster.settle();
  expect(alice.answerTo(asked.at(-1) ?? 0)).toMatchObject({ code: 'rate-limited' });
});

test('[PRS11] a query is answered with where each stands, in that order, and watches nobody', async () => {
  const { cluster, node, alice } = await watching('bob');
  await cluster.device(node, 'carol', 'carol1');
  alice.heard.length = 0;
  const seq = alice.ask({ type: 'query-presence', users: ['dave', 'carol', 'dave'] });
  await cluster.settle();
  const never = { user: 'dave', state: 'offline' };
  const users = [never, online('carol'), never];
  expect(alice.answerTo(seq)).toEqual({ type: 'presence-found', re: seq, users });
  await cluster.device(node, 'dave', 'dave1');
  await cluster.device(node, 'bob', 'bob1');
  await cluster.clock.advanceAsync(SOON_MS);
  expect(alice.presences).toEqual([online('bob')]);
});

test('[PRS11] a query says at once that a user has gone, and what the store cannot tell is refused', async () => {
  const { gate, cluster, alice, bob } = await gated();
  const goneAt = cluster.clock.now();
  bob.wire.drop();
  await cluster.settle();
  const told = alice.ask({ type: 'query-presence', users: ['bob'] });
  await cluster.settle();
  expect(alice.answerTo(told)).toMatchObject({ users: [offline('bob', goneAt)] });
  gate.fail(['presence']);
  const refused = alice.ask({ type: 'query-presence', users: ['bob'] });
  await cluster.settle();
  expect(alice.answerTo(refused)).toMatchObject({ code: 'unavailable' });
});

test('[PRS11] queries draw on the budget of their user', async () => {
  const { cluster, alice } = await watching();
  const query = () => alice.ask({ type: 'query-presence', users: ['bob'] });
  const all = Array.from({ length: USER_BURST }, query);
  await cluster.settle();
  expect(alice.answerTo(all.at(-1) ?? 0)).toMatchObject({ code: 'rate-limited' });
});
