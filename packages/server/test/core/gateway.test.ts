import {
  BYTES_PER_MESSAGE,
  CLOSE,
  DEVICE_BURST,
  HELLO_BURST,
  HELLO_TIMEOUT_MS,
  MAX_DEVICES_PER_USER,
  MAX_QUEUED_BYTES,
  PING_IDLE_MS,
  PING_IN_CALL_MS,
  USER_BURST,
} from '@ringline/protocol';
import { expect, test } from 'vitest';
import { CALL, established } from '../support/calls.ts';
import { TestCluster } from '../support/test-cluster.ts';

test('[GTW1] a socket that says nothing is closed after its time, and not before', async () => {
  const cluster = new TestCluster();
  const silent = await cluster.socket(await cluster.node());
  await cluster.clock.advanceAsync(HELLO_TIMEOUT_MS - 1);
  expect(silent.closedWith).toBeUndefined();
  await cluster.clock.advanceAsync(2);
  expect(silent.closedWith).toBe(CLOSE.helloTimeout.code);
});

test.each([
  ['no JSON', 'hello?'],
  ['another message', JSON.stringify({ type: 'heartbeat', calls: [] })],
  [
    'a hello with a bad field',
    JSON.stringify({ type: 'hello', versions: [1], token: 1, device: 'a1', calls: [] }),
  ],
])('[GTW2] a first message that is %s closes the socket', async (_, frame) => {
  const cluster = new TestCluster();
  const stranger = await cluster.socket(await cluster.node());
  stranger.raw(frame);
  await cluster.settle();
  expect(stranger.closedWith).toBe(CLOSE.malformed.code);
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

test('[GTW5] an expired token with its resume key may end its call, and nothing else', async () => {
  const cluster = new TestCluster();
  const node = await cluster.node();
  const { alice } = await established(cluster, node);
  const resumeKey = alice.welcome?.resumeKey;
  alice.wire.drop();
  const calls = [{ id: CALL, version: 1 }];
  const back = await cluster.device(node, 'alice until 5', 'alice1', { resumeKey, calls });
  expect(back.view(CALL)?.state).toBe('established');
  const sent = back.ask({ type: 'send', to: 'bob', body: { kind: 'text', text: 'hi' } });
  const ended = back.ask({ type: 'end', call: CALL });
  await cluster.settle();
  expect(back.answerTo(sent)).toMatchObject({ type: 'refused', code: 'forbidden' });
  expect(back.answerTo(ended)).toMatchObject({ type: 'done' });
  expect(back.view(CALL)).toMatchObject({ state: 'ended', reason: 'completed' });
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

test('[GTW8] beyond its budget a device is refused, and closed when it goes on regardless', async () => {
  const cluster = new TestCluster();
  const alice = await cluster.device(await cluster.node(), 'alice', 'alice1');
  const history = () => alice.ask({ type: 'history', peer: 'bob', limit: 1 });
  const all = Array.from({ length: DEVICE_BURST }, history);
  await cluster.settle();
  expect(alice.answerTo(all.at(-2) ?? 0)).toMatchObject({ type: 'history-page' });
  const refused = history();
  await cluster.settle();
  expect(alice.answerTo(refused)).toMatchObject({
    code: 'rate-limited',
    retryAfterMs: expect.any(Number),
  });
  for (let i = 0; i < DEVICE_BURST + 20; i++) history();
  await cluster.settle();
  expect(alice.closedWith).toBe(CLOSE.rateLimited.code);
});

test.each([
  [BYTES_PER_MESSAGE, 'history-page'],
  [BYTES_PER_MESSAGE + 1, 'refused'],
])('[GTW8] a last frame of %i bytes is answered with %s', async (bytes, answer) => {
  const cluster = new TestCluster();
  const alice = await cluster.device(await cluster.node(), 'alice', 'alice1');
  // Hello was one message; this leaves one.
  for (let i = 2; i < DEVICE_BURST; i++) alice.ask({ type: 'history', peer: 'bob', limit: 1 });
  const last = JSON.stringify({ type: 'history', seq: 999, peer: 'bob', limit: 1 });
  alice.raw(last.padEnd(bytes));
  await cluster.settle();
  expect(alice.heard.at(-1)?.type).toBe(answer);
});

test('[GTW9] invitations and messages of all devices of one user draw on one budget', async () => {
  const cluster = new TestCluster();
  const node = await cluster.node();
  const devices = [
    await cluster.device(node, 'alice', 'alice1'),
    await cluster.device(node, 'alice', 'alice2'),
  ];
  const bob = await cluster.device(node, 'bob', 'bob1');
  for (let i = 0; i < USER_BURST; i++) {
    devices[i % 2]?.ask({ type: 'send', to: 'bob', body: { kind: 'text', text: `${i}` } });
  }
  await cluster.settle();
  const one = devices[0]?.invite(CALL, 'bob') ?? 0;
  const other = bob.ask({ type: 'send', to: 'alice', body: { kind: 'text', text: 'hi' } });
  await cluster.settle();
  expect(devices[0]?.answerTo(one)).toMatchObject({ code: 'rate-limited' });
  expect(bob.answerTo(other)).toMatchObject({ type: 'sent' });
});

test('[GTW10] thousands of hellos of one user are closed, and another user still comes in', async () => {
  const cluster = new TestCluster();
  const node = await cluster.node();
  const many = await Promise.all(
    Array.from({ length: 300 }, () => cluster.device(node, 'alice', 'alice1')),
  );
  const closed = many.filter((device) => device.closedWith === CLOSE.rateLimited.code);
  expect(closed.length).toBeGreaterThanOrEqual(300 - HELLO_BURST - 5);
  const bob = await cluster.device(node, 'bob', 'bob1');
  expect(bob.welcome?.user).toBe('bob');
});

test('[GTW11] a device that does not read is closed, and its peer hears of the call all the same', async () => {
  const cluster = new TestCluster();
  const node = await cluster.node();
  const alice = await cluster.device(node, 'alice', 'alice1');
  const bob = await cluster.device(node, 'bob', 'bob1');
  bob.wire.stall(60_000, 'client');
  const text = 'x'.repeat(30_000);
  for (let i = 0; i * text.length < MAX_QUEUED_BYTES + 5 * text.length; i++) {
    alice.ask({ type: 'send', to: 'bob', body: { kind: 'text', text } });
  }
  await cluster.settle();
  expect(cluster.metrics.of(`closed ${CLOSE.slowConsumer.code}`)).toBe(1);
  expect(alice.closedWith).toBeUndefined();
  expect(alice.items.length).toBeGreaterThan(30);
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
  bob.wire.cut();
  await cluster.clock.advanceAsync(2 * PING_IN_CALL_MS + 10);
  expect(alice.view(CALL)).toMatchObject({ state: 'established', peerGraceMs: expect.any(Number) });
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

test('[GTW17] a node that drains asks each device to leave, then closes those that stay', async () => {
  const cluster = new TestCluster();
  const node = await cluster.node();
  const alice = await cluster.device(node, 'alice', 'alice1');
  const drained = node.drain();
  await cluster.settle();
  expect(alice.heard.at(-1)).toMatchObject({ type: 'leaving', afterMs: expect.any(Number) });
  expect(alice.closedWith).toBeUndefined();
  await cluster.clock.untilSettled(drained);
  await cluster.settle();
  expect(alice.closedWith).toBe(CLOSE.leaving.code);
});

test('[GTW18] a token of another user is refused, a good one takes the place of the old', async () => {
  const cluster = new TestCluster();
  const soon = cluster.clock.now() + 1_000;
  const alice = await cluster.device(await cluster.node(), `alice until ${soon}`, 'alice1');
  const foreign = alice.ask({ type: 'renew-token', token: 'bob' });
  const own = alice.ask({ type: 'renew-token', token: 'alice' });
  await cluster.clock.advanceAsync(2_000);
  expect(alice.answerTo(foreign)).toMatchObject({ code: 'unauthorized', path: 'token' });
  expect(alice.answerTo(own)).toMatchObject({ type: 'done' });
  const seq = alice.invite(CALL, 'bob');
  await cluster.settle();
  expect(alice.answerTo(seq)).toMatchObject({ type: 'invited' });
});
