import { CLOSE, MAX_NAMED_CALLS } from '@ringline/protocol';
import { expect, test } from 'vitest';
import type { Device, Store } from '../../src/store/store.ts';
import { LISTENING_WITHIN_MS } from '../../src/cluster/listening.ts';
import { LOOK_AGAIN_START_MS } from '../../src/registrar/look-again.ts';
import { MEMBERS_BATCH_MS } from '../../src/rtm/channel-here.ts';
import { MemoryStore } from '../../src/store/memory/store.ts';
import { CALL, CALL2, aliceAndBob, established } from '../support/calls.ts';
import { Gate } from '../support/gate.ts';
import { heardOf, rtm } from '../support/rtm.ts';
import { TestCluster } from '../support/test-cluster.ts';
import type { TestDevice } from '../support/test-device.ts';
import { WiredCluster } from '../support/wired-cluster.ts';

/** A cluster whose store stands behind a gate. */
function gated(): { gate: Gate; cluster: TestCluster } {
  const gate = new Gate();
  return { gate, cluster: new TestCluster({ store: gate.before(new MemoryStore()) }) };
}

async function bob1(store: Store): Promise<Device | undefined> {
  return (await store.load({ users: [], actor: { user: 'bob', device: 'bob1' } })).actor;
}

test('[GTW21] a socket that closes while its hello is committed leaves no device bound', async () => {
  const { gate, cluster } = gated();
  const bob = await cluster.socket(await cluster.node());
  const goOn = gate.hold('commit');
  bob.hello('bob', 'bob1');
  await cluster.settle();
  expect((await bob1(cluster.store))?.binding).not.toBeNull();
  bob.wire.drop();
  await cluster.settle();
  goOn();
  await cluster.settle();
  expect(await bob1(cluster.store)).toMatchObject({ binding: null, lostAt: expect.any(Number) });
});

const WELCOME_READS = [
  'inboxStanding',
  'conversationsSince',
  'inbox',
  'call',
  'commit',
  'load',
] as const;

test.each(WELCOME_READS)(
  '[GTW21] a hello during which %s fails closes the socket and leaves no device bound',
  async (method) => {
    const { gate, cluster } = gated();
    const bob = await cluster.socket(await cluster.node());
    gate.fail([method]);
    const calls = [{ id: CALL, version: 1 }];
    bob.hello('bob', 'bob1', { calls });
    await cluster.settle();
    gate.mend();
    expect(bob.closedWith).toBe(CLOSE.internal.code);
    await cluster.clock.advanceAsync(5_000);
    expect((await bob1(cluster.store))?.binding).toBeNull();
    const again = await cluster.device(await cluster.node(), 'bob', 'bob1');
    expect(again.welcome?.user).toBe('bob');
  },
);

test('[GTW29] the calls that a device names, and is in no more, are asked for at once', async () => {
  const { gate, cluster } = gated();
  const bob = await cluster.socket(await cluster.node());
  const calls = Array.from({ length: MAX_NAMED_CALLS }, (_, i) => ({
    id: `${CALL}${i}`,
    version: 0,
  }));
  const goOn = gate.hold('call');
  bob.hello('bob', 'bob1', { calls });
  await cluster.settle();
  expect(gate.asked.get('call')).toBe(MAX_NAMED_CALLS);
  goOn();
  await cluster.settle();
  expect(bob.welcome?.gone).toEqual(calls.map(({ id }) => id));
});

test('[GTW30] for a device that gave up while it was bound nothing more is asked', async () => {
  const { gate, cluster } = gated();
  const bob = await cluster.socket(await cluster.node());
  const goOn = gate.hold('commit');
  bob.hello('bob', 'bob1');
  await cluster.settle();
  bob.wire.drop();
  await cluster.settle();
  goOn();
  await cluster.settle();
  expect([gate.asked.get('inboxStanding'), bob.heard]).toEqual([undefined, []]);
  expect((await bob1(cluster.store))?.binding).toBeNull();
});

test('[GTW30] a device that gave up before it was bound is not bound', async () => {
  const { gate, cluster } = gated();
  const bob = await cluster.socket(await cluster.node());
  const goOn = gate.hold('load');
  bob.hello('bob', 'bob1');
  await cluster.settle();
  bob.wire.drop();
  await cluster.settle();
  goOn();
  await cluster.settle();
  expect(gate.asked.get('commit')).toBeUndefined();
});

test('[REG8] a call that begins between what a hello reads and its welcome is told after the welcome', async () => {
  const { gate, cluster } = gated();
  const node = await cluster.node();
  const alice = await cluster.device(node, 'alice', 'alice1');
  const bob = await cluster.socket(node);
  const goOn = gate.hold('inboxStanding');
  bob.hello('bob', 'bob1');
  await cluster.settle();
  alice.invite(CALL, 'bob');
  await cluster.settle();
  expect(bob.heard).toEqual([]);
  goOn();
  await cluster.settle();
  expect(bob.heard.map(({ type }) => type)).toEqual(['welcome', 'call']);
});

test('[REG8] a hello is answered with the view of a call that the device is in', async () => {
  const cluster = new TestCluster();
  const node = await cluster.node();
  await established(cluster, node);
  // Its first socket lives, so that nothing of the call changes and only the hello tells of it.
  const calls = [{ id: CALL, version: 1 }];
  const again = await cluster.device(node, 'bob', 'bob1', { calls });
  expect(again.heard.map(({ type }) => type)).toEqual(['welcome', 'call']);
  expect(again.view(CALL)).toMatchObject({ state: 'established', epoch: 1 });
});

test('[INB8] a cursor beyond the inbox, as after a restored backup, misses nothing that comes', async () => {
  const cluster = new TestCluster();
  const node = await cluster.node();
  const alice = await cluster.device(node, 'alice', 'alice1');
  const bob = await cluster.device(node, 'bob', 'bob1', { cursor: 7 });
  expect(bob.welcome?.inbox).toEqual({ head: 0, from: 0, revision: 0 });
  alice.ask({ type: 'send', to: 'bob', body: { kind: 'text', text: 'hi' } });
  await cluster.settle();
  expect(bob.items).toMatchObject([{ cursor: 1 }]);
});

test('[GTW22] welcome and renewal say how long the token lives, and nothing when it lives for ever', async () => {
  const cluster = new TestCluster();
  const node = await cluster.node();
  const soon = cluster.clock.now() + 60_000;
  const alice = await cluster.device(node, `alice until ${soon}`, 'alice1');
  const bob = await cluster.device(node, 'bob', 'bob1');
  expect(alice.welcome?.tokenExpiresMs).toBe(60_000);
  expect(bob.welcome).not.toHaveProperty('tokenExpiresMs');
  const renewed = alice.ask({ type: 'renew-token', token: `alice until ${soon + 60_000}` });
  const longer = soon + 60_000 - cluster.clock.now();
  const forEver = bob.ask({ type: 'renew-token', token: 'bob' });
  await cluster.settle();
  expect(alice.answerTo(renewed)).toEqual({ type: 'done', re: renewed, tokenExpiresMs: longer });
  expect(bob.answerTo(forEver)).toEqual({ type: 'done', re: forEver });
});

test('[GTW23] a defect is answered internal, and the device goes on', async () => {
  const { gate, cluster } = gated();
  const { alice } = await aliceAndBob(cluster, await cluster.node());
  gate.fail(['history'], new Error('undefined is not a function'));
  const broken = alice.ask({ type: 'history', peer: 'bob', limit: 1 });
  const next = alice.invite(CALL, 'bob');
  await cluster.settle();
  expect(alice.answerTo(broken)).toMatchObject({ code: 'internal' });
  expect(JSON.stringify(alice.heard)).not.toContain('undefined is not');
  expect(alice.answerTo(next)).toMatchObject({ type: 'invited' });
});

/** When the calls and bare invitations that a device was told of end by themselves, or began to be counted. */
function instants({ heard }: TestDevice): readonly number[] {
  return heard.flatMap((message) => {
    if (message.type === 'rtm-invitation') return message.at + message.invitation.remainingMs;
    if (message.type !== 'call') return [];
    const { at, call } = message;
    if ('remainingMs' in call) return at + call.remainingMs;
    return call.state === 'established' ? at - (call.connectedMs ?? 0) : [];
  });
}

test('[GTW28] a call rings no longer because the greeting of its phone took long', async () => {
  const { gate, cluster } = gated();
  const node = await cluster.node();
  const { alice } = await aliceAndBob(cluster, node);
  const bob2 = await cluster.socket(node);
  alice.invite(CALL, 'bob');
  await cluster.settle();
  const [endsAt] = instants(alice);
  const goOn = gate.hold('inboxStanding');
  bob2.hello('bob', 'bob2');
  await cluster.clock.advanceAsync(4_000);
  goOn();
  await cluster.settle();
  expect(new Set(instants(bob2))).toEqual(new Set([endsAt]));
});

test('[GTW28] nor does one that came during the greeting', async () => {
  const { gate, cluster } = gated();
  const node = await cluster.node();
  const { alice } = await aliceAndBob(cluster, node);
  const bob2 = await cluster.socket(node);
  const goOn = gate.hold('inboxStanding');
  bob2.hello('bob', 'bob2');
  await cluster.settle();
  alice.invite(CALL, 'bob');
  await cluster.clock.advanceAsync(4_000);
  goOn();
  await cluster.settle();
  expect(instants(bob2)).toEqual([instants(alice)[0]]);
});

test('[GTW28] the time of a talk is counted from its beginning, whatever the greeting took', async () => {
  const { gate, cluster } = gated();
  const node = await cluster.node();
  const { alice, bob } = await established(cluster, node);
  for (const device of [alice, bob]) device.ask({ type: 'connected', call: CALL, epoch: 1 });
  await cluster.settle();
  const goOn = gate.hold('inboxStanding');
  const again = await cluster.device(node, 'bob', 'bob1', { calls: [{ id: CALL, version: 1 }] });
  await cluster.clock.advanceAsync(4_000);
  goOn();
  await cluster.settle();
  expect(instants(again)).toEqual([instants(alice).at(-1)]);
});

test('[GTW28] a bare invitation has no longer to live because the greeting of its page took long', async () => {
  const { gate, cluster } = gated();
  const node = await cluster.node();
  const alice = await cluster.device(node, 'alice', 'alice1', { rtm });
  await cluster.device(node, 'bob', 'bob1', { rtm });
  alice.ask({ type: 'rtm-invite', invitation: CALL2, to: 'bob', content: '', channel: 'c' });
  await cluster.settle();
  const bob2 = await cluster.socket(node);
  const goOn = gate.hold('openInvitations');
  bob2.hello('bob', 'bob2', { rtm: { ...rtm, beside: true } });
  await cluster.clock.advanceAsync(4_000);
  goOn();
  await cluster.settle();
  expect(instants(bob2)).toEqual([instants(alice)[0]]);
});

/** Alice and, on another node whose bus is slow to listen, Bob's device that says hello. */
async function slowToListen() {
  const cluster = new WiredCluster();
  const [one, two] = [await cluster.wired(), await cluster.wired()];
  const alice = await cluster.device(one, 'alice', 'alice1', { rtm });
  const bob = await cluster.socket(two);
  cluster.service.isSlow = true;
  return { cluster, one, two, alice, bob };
}

test('[BUS18] a call that begins before the bus brings what is said to a device rings with its welcome', async () => {
  const { cluster, alice, bob } = await slowToListen();
  bob.hello('bob', 'bob1');
  await cluster.settle();
  expect((await bob1(cluster.store))?.binding).not.toBeNull();
  alice.invite(CALL, 'bob');
  await cluster.settle();
  expect(bob.heard).toEqual([]);
  cluster.service.catchUp();
  await cluster.settle();
  expect(bob.heard.map(({ type }) => type)).toEqual(['welcome', 'call']);
});

test('[BUS18] a device whose user is heard already, or whose bus is away, is welcomed at once', async () => {
  const { cluster, two, bob } = await slowToListen();
  cluster.service.isSlow = false;
  bob.hello('bob', 'bob1');
  await cluster.settle();
  cluster.service.isSlow = true;
  expect((await cluster.device(two, 'bob', 'bob2')).welcome).toBeDefined();
  const carol = await cluster.socket(two);
  carol.hello('carol', 'carol1');
  await cluster.settle();
  expect(carol.welcome).toBeUndefined();
  cluster.service.fall();
  await cluster.settle();
  expect(carol.welcome).toBeDefined();
  expect((await cluster.device(two, 'dave', 'dave1')).welcome).toBeDefined();
});

test('[BUS18] a bus that goes on being slow holds a hello up for LISTENING_WITHIN_MS; what it lost is told when it listens', async () => {
  const { cluster, alice, bob } = await slowToListen();
  bob.hello('bob', 'bob1');
  await cluster.clock.advanceAsync(LISTENING_WITHIN_MS - 1);
  expect(bob.welcome).toBeUndefined();
  await cluster.clock.advanceAsync(10);
  expect(bob.welcome).toBeDefined();
  alice.invite(CALL, 'bob');
  await cluster.settle();
  expect(bob.view(CALL)).toBeUndefined();
  cluster.service.catchUp();
  await cluster.clock.advanceAsync(LOOK_AGAIN_START_MS + 10);
  expect(bob.view(CALL)?.state).toBe('inviting');
});

test('[BUS18] who comes before the bus brings that to those who watch is found', async () => {
  const { cluster, one, two } = await slowToListen();
  cluster.service.isSlow = false;
  const carol = await cluster.device(two, 'carol', 'carol1');
  cluster.service.isSlow = true;
  const asked = carol.ask({ type: 'watch', users: ['dave'] });
  await cluster.settle();
  await cluster.device(one, 'dave', 'dave1', { rtm });
  cluster.service.catchUp();
  await cluster.settle();
  expect(carol.answerTo(asked)?.type).toBe('done');
  expect(carol.presence('dave')?.state).toBe('online');
});

test('[BUS18] who joins a channel before the bus brings that to its members is counted', async () => {
  const { cluster, two, alice } = await slowToListen();
  cluster.service.isSlow = false;
  const carol = await cluster.device(two, 'carol', 'carol1', { rtm });
  cluster.service.isSlow = true;
  carol.ask({ type: 'rtm-join', channel: 'c' });
  await cluster.clock.advanceAsync(2 * MEMBERS_BATCH_MS);
  alice.ask({ type: 'rtm-join', channel: 'c' });
  await cluster.settle();
  cluster.service.catchUp();
  await cluster.clock.advanceAsync(2 * MEMBERS_BATCH_MS);
  const told = heardOf(carol, 'rtm-members-changed').map(({ count }) => count);
  expect(told.at(-1)).toBe(2);
});
