import {
  CLOSE,
  GRACE_MS,
  HELLO_TIMEOUT_MS,
  MAX_DEVICES_PER_USER,
  PING_IDLE_MS,
  PING_IN_CALL_MS,
} from '@ringline/protocol';
import { expect, test } from 'vitest';
import type { Delivery } from '../../src/cluster/bus.ts';
import { DRAIN_SPREAD_MS, DRAIN_MARGIN_MS } from '../../src/gateway/gateway.ts';
import { CALL, aliceAndBob, established } from '../support/calls.ts';
import { TestCluster } from '../support/test-cluster.ts';

test('[GTW1] a socket that says nothing is closed after its time, and not before', async () => {
  const cluster = new TestCluster();
  const silent = await cluster.socket(await cluster.node());
  await cluster.clock.advanceAsync(HELLO_TIMEOUT_MS - 1);
  expect(silent.closedWith).toBeUndefined();
  await cluster.clock.advanceAsync(2);
  expect(silent.closedWith).toBe(CLOSE.helloTimeout.code);
});

test('[GTW3] a hello of the future alone closes the socket', async () => {
  const cluster = new TestCluster();
  const modern = await cluster.device(await cluster.node(), 'alice', 'alice1', { versions: [77] });
  expect(modern.closedWith).toBe(CLOSE.unsupportedVersion.code);
});

test.each(['alice ', 'alice until 5'])('[GTW4] the token %j does not come in', async (token) => {
  const cluster = new TestCluster();
  const device = await cluster.device(await cluster.node(), token, 'alice1');
  expect(device.closedWith).toBe(CLOSE.unauthorized.code);
});

test('[GTW4] an expired token with the resume key of another device does not come in', async () => {
  const cluster = new TestCluster();
  const node = await cluster.node();
  const other = await cluster.device(node, 'alice', 'alice1');
  const resumeKey = other.welcome?.resumeKey;
  const device = await cluster.device(node, 'alice until 5', 'alice2', { resumeKey });
  expect(device.closedWith).toBe(CLOSE.unauthorized.code);
});

test('[GTW6] a second hello is refused and changes nothing', async () => {
  const cluster = new TestCluster();
  const alice = await cluster.device(await cluster.node(), 'alice', 'alice1');
  alice.hello('bob', 'bob1');
  await cluster.settle();
  expect(alice.heard.at(-1)).toMatchObject({ type: 'refused', code: 'malformed', path: 'type' });
  const seq = alice.invite(CALL, 'alice');
  await cluster.settle();
  expect(alice.answerTo(seq)).toMatchObject({ code: 'self-call' });
});

test('[GTW7] a bad message is refused with path and number, and the next one is carried out', async () => {
  const cluster = new TestCluster();
  const alice = await cluster.device(await cluster.node(), 'alice', 'alice1');
  alice.raw(JSON.stringify({ type: 'invite', seq: 9, call: CALL, to: 'bob', media: 'smell' }));
  alice.raw('[[[[');
  alice.say({ type: 'invite', seq: 10, call: CALL, to: 'bob', media: 'audio' });
  await cluster.settle();
  expect(alice.answerTo(9)).toMatchObject({ type: 'refused', code: 'malformed', path: 'media' });
  expect(alice.answerTo(0)).toMatchObject({ type: 'refused', code: 'malformed' });
  expect(alice.answerTo(10)).toMatchObject({ type: 'invited', call: CALL });
});

test('[GTW12] an idle device that is cut off is lost within two idle pings', async () => {
  const cluster = new TestCluster();
  const node = await cluster.node();
  const alice = await cluster.device(node, 'alice', 'alice1');
  const cutAt = cluster.clock.now();
  alice.wire.cut();
  await cluster.clock.advanceAsync(2 * PING_IDLE_MS + 10);
  const actor = { user: 'alice', device: 'alice1' };
  const device = (await cluster.store.load({ users: [], actor })).actor;
  expect(device?.binding).toBeNull();
  expect(device?.lostAt).toBeLessThanOrEqual(cutAt);
});

test('[GTW12] in a call the loss is seen within two pings, and dates from when it was last heard', async () => {
  const cluster = new TestCluster();
  const node = await cluster.node();
  const { alice, bob } = await established(cluster, node);
  await cluster.clock.advanceAsync(60_000);
  bob.say({ type: 'heartbeat', calls: [] });
  await cluster.settle();
  const heardAt = cluster.clock.now();
  bob.wire.cut();
  await cluster.clock.advanceAsync(2 * PING_IN_CALL_MS + 10);
  expect(alice.view(CALL)).toMatchObject({ state: 'established', peerGraceMs: expect.any(Number) });
  const actor = { user: 'bob', device: 'bob1' };
  const lostAt = (await cluster.store.load({ users: [], actor })).actor?.lostAt ?? 0;
  expect(Math.abs(lostAt - heardAt)).toBeLessThanOrEqual(10);
  await cluster.clock.advanceAsync(2 * GRACE_MS);
  const ended = await cluster.store.call(CALL);
  // Bob took part until he was last heard, not until that was noticed.
  expect(ended).toMatchObject({ record: { reason: 'connection-lost' } });
  const record = ended?.state === 'ended' ? ended.record : undefined;
  const bobs = record?.durations.find(({ user }) => user === 'bob');
  expect(bobs).toMatchObject({ seconds: Math.floor((lostAt - (record?.connectedAt ?? 0)) / 1000) });
});

test('[GTW13] the same device again replaces its older socket and stays reachable', async () => {
  const cluster = new TestCluster();
  const node = await cluster.node();
  const older = await cluster.device(node, 'bob', 'bob1');
  await cluster.device(node, 'bob', 'bob1');
  await cluster.settle();
  expect(older.closedWith).toBe(CLOSE.replaced.code);
  const alice = await cluster.device(node, 'alice', 'alice1');
  alice.invite(CALL, 'bob');
  await cluster.settle();
  expect(alice.view(CALL)).toMatchObject({ legs: [{ device: 'bob1', state: 'delivered' }] });
});

test('[GTW14] one device more than allowed is closed, and those that are there stay', async () => {
  const cluster = new TestCluster();
  const node = await cluster.node();
  const devices = await Promise.all(
    Array.from({ length: MAX_DEVICES_PER_USER }, (_, i) => cluster.device(node, 'bob', `bob${i}`)),
  );
  const extra = await cluster.device(node, 'bob', 'one too many');
  expect(extra.closedWith).toBe(CLOSE.tooManyDevices.code);
  expect(devices.map((device) => device.closedWith)).toEqual(devices.map(() => undefined));
});

test('[GTW15] an invitation and its cancel, sent in one breath, are carried out in this order', async () => {
  const cluster = new TestCluster();
  const alice = await cluster.device(await cluster.node(), 'alice', 'alice1');
  const first = alice.invite(CALL, 'bob');
  const second = alice.ask({ type: 'cancel', call: CALL });
  await cluster.settle();
  const answers = alice.heard.flatMap((message) => ('re' in message ? message.re : []));
  expect(answers).toEqual([first, second]);
  expect(alice.view(CALL)).toMatchObject({ state: 'ended', reason: 'cancelled' });
});

test('[GTW17] a node that drains asks each device to leave in its own time, then closes those that stay', async () => {
  const cluster = new TestCluster();
  const node = await cluster.node({ isAlone: true });
  const users = ['alice', 'bob', 'carol', 'dave', 'eve'];
  const devices = await Promise.all(users.map((user) => cluster.device(node, user, `${user}1`)));
  const drained = node.drain();
  await cluster.settle();
  const times = devices
    .map(({ heard }) => heard.at(-1))
    .map((last) => last?.type === 'leaving' && last.afterMs);
  const partMs = DRAIN_SPREAD_MS / users.length;
  const parts = times.map((afterMs) => Math.floor(Number(afterMs) / partMs));
  expect(parts).toEqual(users.map((_, i) => i));
  expect(devices.map(({ closedWith }) => closedWith)).toEqual(users.map(() => undefined));
  await cluster.clock.untilSettled(drained);
  await cluster.settle();
  expect(devices.map(({ closedWith }) => closedWith)).toEqual(users.map(() => CLOSE.leaving.code));
});

test('[GTW17] the drain is over when the last device has gone', async () => {
  const cluster = new TestCluster();
  const node = await cluster.node();
  const { alice, bob } = await aliceAndBob(cluster, node);
  const startedAt = cluster.clock.now();
  const drained = node.drain();
  await cluster.settle();
  for (const device of [alice, bob]) device.wire.client.close(1000, '');
  await cluster.clock.untilSettled(drained);
  expect(cluster.clock.now() - startedAt).toBeLessThan(DRAIN_MARGIN_MS / 10);
});

test('[GTW18] a good token takes the place of the old', async () => {
  const cluster = new TestCluster();
  const soon = cluster.clock.now() + 1_000;
  const alice = await cluster.device(await cluster.node(), `alice until ${soon}`, 'alice1');
  const own = alice.ask({ type: 'renew-token', token: 'alice' });
  await cluster.clock.advanceAsync(2_000);
  expect(alice.answerTo(own)).toMatchObject({ type: 'done' });
  const seq = alice.invite(CALL, 'bob');
  await cluster.settle();
  expect(alice.answerTo(seq)).toMatchObject({ type: 'invited' });
});

test('[GTW5] once its token is over a device hears nothing more, and is closed', async () => {
  const cluster = new TestCluster();
  const node = await cluster.node();
  const soon = cluster.clock.now() + 1_000;
  const bob = await cluster.device(node, `bob until ${soon}`, 'bob1');
  const alice = await cluster.device(node, 'alice', 'alice1');
  await cluster.clock.advanceAsync(2_000);
  alice.ask({ type: 'send', to: 'bob', body: { kind: 'text', text: 'secret' } });
  alice.invite(CALL, 'bob');
  await cluster.settle();
  expect([bob.items, bob.view(CALL)]).toEqual([[], undefined]);
  await cluster.clock.advanceAsync(2 * PING_IDLE_MS);
  expect(bob.closedWith).toBe(CLOSE.unauthorized.code);
});

test('[GTW5] an expired token without an open call does not resume', async () => {
  const cluster = new TestCluster();
  const node = await cluster.node();
  const bob = await cluster.device(node, 'bob', 'bob1');
  const resumeKey = bob.welcome?.resumeKey;
  bob.wire.drop();
  await cluster.settle();
  const back = await cluster.device(node, 'bob until 5', 'bob1', { resumeKey });
  expect([back.closedWith, back.items]).toEqual([CLOSE.unauthorized.code, []]);
});

test('[GTW12] a dead device is lost in time although it is called again and again', async () => {
  const cluster = new TestCluster();
  const node = await cluster.node();
  const alice = await cluster.device(node, 'alice', 'alice1');
  const bob = await cluster.device(node, 'bob', 'bob1');
  bob.wire.cut();
  for (let i = 0; i < 2 + PING_IDLE_MS / 2_000; i++) {
    const call = `call-${String(i).padStart(16, '0')}`;
    alice.invite(call, 'bob');
    await cluster.clock.advanceAsync(3_000);
    alice.ask({ type: 'cancel', call });
    await cluster.clock.advanceAsync(1_000);
  }
  const { actor } = await cluster.store.load({ users: [], actor: { user: 'bob', device: 'bob1' } });
  expect(actor?.binding).toBeNull();
});

test('[GTW13] when the word of it is lost, the older socket’s heartbeat closes it', async () => {
  const cluster = new TestCluster();
  const nodes = [await cluster.node(), await cluster.node()] as const;
  const publish = cluster.bus.publish.bind(cluster.bus);
  cluster.bus.publish = (delivery) => (delivery.kind === 'bound' ? undefined : publish(delivery));
  const older = await cluster.device(nodes[0], 'bob', 'bob1');
  await cluster.device(nodes[1], 'bob', 'bob1');
  older.say({ type: 'heartbeat', calls: [] });
  await cluster.settle();
  expect(older.closedWith).toBe(CLOSE.replaced.code);
});

test('[GTW13] word of an older socket that comes late closes no newer one', async () => {
  const cluster = new TestCluster();
  const nodes = [await cluster.node(), await cluster.node()] as const;
  const publish = cluster.bus.publish.bind(cluster.bus);
  const late: Delivery[] = [];
  cluster.bus.publish = (delivery) =>
    delivery.kind === 'bound' ? void late.push(delivery) : publish(delivery);
  const older = await cluster.device(nodes[0], 'bob', 'bob1');
  const newer = await cluster.device(nodes[1], 'bob', 'bob1');
  const [first, second] = late;
  if (!first || !second) throw new Error('Two bindings were not told');
  publish(first);
  await cluster.settle();
  expect([older.closedWith, newer.closedWith]).toEqual([undefined, undefined]);
  publish(second);
  await cluster.settle();
  expect([older.closedWith, newer.closedWith]).toEqual([CLOSE.replaced.code, undefined]);
});

test('[GTW17] a socket that has not said hello is closed at once when the node drains', async () => {
  const cluster = new TestCluster();
  const node = await cluster.node();
  const stranger = await cluster.socket(node);
  const drained = node.drain();
  await cluster.settle();
  expect([stranger.heard, stranger.closedWith]).toEqual([[], CLOSE.leaving.code]);
  await cluster.clock.untilSettled(drained);
});
