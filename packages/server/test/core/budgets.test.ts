import {
  BYTES_PER_MESSAGE,
  CLOSE,
  DEVICE_BURST,
  HELLO_BURST,
  INBOX_WINDOW_BYTES,
  MAX_FRAME_BYTES,
  MAX_MESSAGE_BYTES,
  MAX_PAGE_BYTES,
  MAX_QUEUED_BYTES,
  USER_BURST,
} from '@ringline/protocol';
import { expect, test } from 'vitest';
import { SWEEP_BUDGETS_MS } from '../../src/node.ts';
import { CALL } from '../support/calls.ts';
import { TestCluster } from '../support/test-cluster.ts';
import type { TestDevice } from '../support/test-device.ts';

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

test('[GTW10] hundreds of hellos of one user are closed, and another user still comes in', async () => {
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

test('[GTW11] a device that asks and does not read is closed, and nobody else waits', async () => {
  const cluster = new TestCluster();
  const node = await cluster.node();
  const alice = await cluster.device(node, 'alice', 'alice1');
  const bob = await cluster.device(node, 'bob', 'bob1');
  await fillHistory(cluster, alice);
  bob.wire.stall(60_000, 'client');
  for (let bytes = 0; bytes <= MAX_QUEUED_BYTES; bytes += MAX_PAGE_BYTES / 2) {
    bob.ask({ type: 'history', peer: 'alice', limit: 100 });
  }
  await cluster.settle();
  expect(cluster.metrics.of(`closed ${CLOSE.slowConsumer.code}`)).toBe(1);
  const seq = alice.invite(CALL, 'carol');
  await cluster.settle();
  expect(alice.answerTo(seq)).toMatchObject({ type: 'invited' });
});

test('[INB3] a peer cannot make a device that reads a slow consumer, however large its messages', async () => {
  const cluster = new TestCluster();
  const node = await cluster.node();
  const alice = await cluster.device(node, 'alice', 'alice1');
  await fillHistory(cluster, alice);
  const bob = await cluster.device(node, 'bob', 'bob1');
  const sizes = bob.heard.map((message) => JSON.stringify(message).length);
  expect(Math.max(...sizes)).toBeLessThan(MAX_FRAME_BYTES + 1000);
  expect(sizes.reduce((sum, size) => sum + size)).toBeLessThan(
    INBOX_WINDOW_BYTES + MAX_FRAME_BYTES,
  );
  for (let i = 0; i < 10; i++) {
    bob.say({ type: 'acknowledge', cursor: bob.items.length });
    await cluster.settle();
  }
  expect(bob.items.map(({ cursor }) => cursor)).toEqual(
    Array.from({ length: LARGE_MESSAGES }, (_, i) => i + 1),
  );
  expect(bob.closedWith).toBeUndefined();
});

test('[INB6] a page of history is bounded in bytes and says that there is more', async () => {
  const cluster = new TestCluster();
  const node = await cluster.node();
  const alice = await cluster.device(node, 'alice', 'alice1');
  await fillHistory(cluster, alice);
  const seq = alice.ask({ type: 'history', peer: 'bob', limit: 100 });
  await cluster.settle();
  const page = alice.answerTo(seq);
  expect(JSON.stringify(page).length).toBeLessThan(MAX_PAGE_BYTES + 1000);
  expect(page).toMatchObject({ type: 'history-page', more: true });
});

const LARGE_MESSAGES = 12;

/** Messages of the largest size, of a character that JSON escapes six-fold. */
async function fillHistory(cluster: TestCluster, alice: TestDevice): Promise<void> {
  for (let i = 0; i < LARGE_MESSAGES; i++) {
    alice.ask({
      type: 'send',
      to: 'bob',
      body: { kind: 'text', text: '\u0001'.repeat(MAX_MESSAGE_BYTES) },
    });
    await cluster.clock.advanceAsync(1_000);
    alice.say({ type: 'acknowledge', cursor: i + 1 });
  }
  await cluster.settle();
}

test('[GTW8] a device at many times its rate is closed, although some of its messages are in time', async () => {
  const cluster = new TestCluster();
  const alice = await cluster.device(await cluster.node(), 'alice', 'alice1');
  for (let i = 0; i < 3_000 && alice.closedWith === undefined; i++) {
    alice.ask({ type: 'history', peer: 'bob', limit: 1 });
    if (i % 30 === 0) await cluster.clock.advanceAsync(20);
  }
  expect(alice.closedWith).toBe(CLOSE.rateLimited.code);
});

test('[GTW10] expired tokens do not use up the hellos of their user', async () => {
  const cluster = new TestCluster();
  const node = await cluster.node();
  await Promise.all(
    Array.from({ length: HELLO_BURST + 5 }, () => cluster.device(node, 'bob until 5', 'old')),
  );
  const bob = await cluster.device(node, 'bob', 'bob1');
  expect(bob.welcome?.user).toBe('bob');
});

test('[GTW24] the budget of a user who is quiet is forgotten', async () => {
  const cluster = new TestCluster();
  const node = await cluster.node({ isAlone: true });
  await cluster.device(node, 'alice until 5', 'alice1');
  const alice = await cluster.device(node, 'alice', 'alice1');
  alice.invite(CALL, 'bob');
  node.budgets.rest('bob');
  await cluster.settle();
  expect(node.budgets.remembered).toBe(4);
  await cluster.clock.advanceAsync(2 * SWEEP_BUDGETS_MS);
  expect(node.budgets.remembered).toBe(0);
});
