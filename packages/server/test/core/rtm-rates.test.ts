import {
  DEVICE_BURST,
  RTM_DEVICE_BURST,
  RTM_DEVICE_MESSAGES_PER_SECOND,
  USER_BURST,
} from '@ringline/protocol';
import { expect, test } from 'vitest';
import { RTM_RATES } from '../../src/rtm/rates.ts';
import type { RtmAct } from '../../src/rtm/rates.ts';
import { SWEEP_BUDGETS_MS } from '../../src/node.ts';
import { answerTo, ask, rtm } from '../support/rtm.ts';
import { TestCluster } from '../support/test-cluster.ts';
import type { TestDevice } from '../support/test-device.ts';

type Request = Parameters<TestDevice['ask']>[0];

const text = { kind: 'text', text: '' } as const;
const nothing = { replace: false, set: [], remove: [], notify: false };

/** One of each, the nth of its kind. */
const REQUESTS: Readonly<Record<RtmAct, (n: number) => Request>> = {
  say: (n) => {
    const message = `message-${String(n).padStart(10, '0')}`;
    // Both draw on the same.
    return n % 2
      ? { type: 'rtm-send', message, to: 'nobody', body: text }
      : { type: 'rtm-publish', message, channel: 'room', body: text };
  },
  query: () => ({ type: 'query-presence', users: ['bob'] }),
  'set-user': () => ({
    type: 'rtm-set-attributes',
    of: { kind: 'user', user: 'alice' },
    ...nothing,
  }),
  'set-channel': () => ({
    type: 'rtm-set-attributes',
    of: { kind: 'channel', channel: 'room' },
    ...nothing,
  }),
  get: () => ({ type: 'rtm-get-attributes', of: { kind: 'user', user: 'alice' } }),
  join: (n) => ({ type: 'rtm-join', channel: `room ${n}` }),
  'join-same': () => ({ type: 'rtm-join', channel: 'room' }),
  members: () => ({ type: 'rtm-members', channel: 'room' }),
  count: () => ({ type: 'rtm-count', channels: ['room'] }),
};

async function aliceTwice() {
  const cluster = new TestCluster();
  const node = await cluster.node();
  const alice = await cluster.device(node, 'alice', 'alice1', { rtm });
  const beside = await cluster.device(node, 'alice', 'alice2', { rtm: { ...rtm, beside: true } });
  return { cluster, node, alice, beside };
}

function isRefusedForRate(device: TestDevice, seq: number): boolean {
  const answer = device.answerTo(seq);
  return answer?.type === 'refused' && answer.code === 'rate-limited';
}

const ACTS = Object.keys(REQUESTS) as RtmAct[];

test.each(ACTS)('[RRT1] [RRT2] %s: so often, over all pages, and no more', async (act) => {
  const { cluster, node, alice, beside } = await aliceTwice();
  const { times, perMs } = RTM_RATES[act];
  const request = REQUESTS[act];
  const asked = Array.from({ length: times }, (_, n) => {
    const device = n % 2 ? alice : beside;
    return { device, seq: device.ask(request(n)) };
  });
  const [one, two] = [alice.ask(request(times)), beside.ask(request(times))];
  await cluster.settle();
  expect(asked.filter(({ device, seq }) => isRefusedForRate(device, seq))).toEqual([]);
  expect(alice.answerTo(one)).toMatchObject({ code: 'rate-limited' });
  expect(isRefusedForRate(beside, two)).toBe(true);
  const refused = alice.answerTo(one);
  const retryAfterMs = refused?.type === 'refused' ? refused.retryAfterMs : undefined;
  expect(retryAfterMs).toBeGreaterThan(0);
  expect(retryAfterMs).toBeLessThanOrEqual(Math.ceil(perMs / times));
  const bob = await cluster.device(node, 'bob', 'bob1', { rtm });
  const his = bob.ask(request(times));
  await cluster.clock.advanceAsync(retryAfterMs ?? 0);
  const again = alice.ask(request(times));
  await cluster.settle();
  expect([isRefusedForRate(bob, his), isRefusedForRate(alice, again)]).toEqual([false, false]);
});

test('[RRT1] each thing is counted apart', async () => {
  const { cluster, alice } = await aliceTwice();
  await ask(cluster, alice, REQUESTS.count(0));
  expect(await ask(cluster, alice, REQUESTS.count(1))).toBe('rate-limited');
  for (const act of ACTS.filter((each) => each !== 'count')) {
    expect(await ask(cluster, alice, REQUESTS[act](0))).not.toBe('rate-limited');
  }
});

test('[RRT2] another channel is counted apart', async () => {
  const { cluster, alice } = await aliceTwice();
  for (let n = 0; n < 2; n++) await ask(cluster, alice, { type: 'rtm-join', channel: 'room' });
  expect(await ask(cluster, alice, { type: 'rtm-join', channel: 'room' })).toBe('rate-limited');
  expect(await ask(cluster, alice, { type: 'rtm-join', channel: 'other' })).toBe('done');
});

test('[RRT3] who does not speak RTM asks where users stand as often as ever', async () => {
  const cluster = new TestCluster();
  const alice = await cluster.device(await cluster.node(), 'alice', 'alice1');
  const seqs = Array.from({ length: USER_BURST }, () => alice.ask(REQUESTS.query(0)));
  const over = alice.ask(REQUESTS.query(0));
  await cluster.settle();
  expect(seqs.filter((seq) => isRefusedForRate(alice, seq))).toEqual([]);
  expect(isRefusedForRate(alice, over)).toBe(true);
});

test('[RRT4] a page that speaks RTM sends so much at once, and so much each second', async () => {
  const { cluster, alice } = await aliceTwice();
  const got = { type: 'rtm-got', from: 'bob', message: 'message-of-bob-123' } as const;
  const refusals = () => alice.heard.filter(({ type }) => type === 'refused').length;
  for (let n = 0; n < RTM_DEVICE_BURST; n++) alice.say(got);
  await cluster.settle();
  expect(refusals()).toBe(0);
  // While it settled a little was given back.
  alice.say(got);
  alice.say(got);
  await cluster.settle();
  expect(refusals()).toBeGreaterThan(0);
  const before = refusals();
  await cluster.clock.advanceAsync(1_000);
  for (let n = 0; n < RTM_DEVICE_MESSAGES_PER_SECOND; n++) alice.say(got);
  await cluster.settle();
  expect(refusals()).toBe(before);
});

test('[RRT4] one that does not, sends as much as before', async () => {
  const cluster = new TestCluster();
  const alice = await cluster.device(await cluster.node(), 'alice', 'alice1');
  const got = { type: 'rtm-got', from: 'bob', message: 'message-of-bob-123' } as const;
  for (let n = 0; n <= DEVICE_BURST; n++) alice.say(got);
  await cluster.settle();
  expect(alice.heard.filter(({ type }) => type === 'refused').length).toBeGreaterThan(0);
});

test('[RRT4] all that RTM lets a page say gets through, for as long as it likes', async () => {
  const { cluster, alice } = await aliceTwice();
  const { times, perMs } = RTM_RATES.say;
  for (let round = 0; round < 10; round++) {
    const seqs = Array.from({ length: times }, (_, n) => alice.ask(REQUESTS.say(n)));
    await cluster.clock.advanceAsync(perMs);
    expect(seqs.filter((seq) => isRefusedForRate(alice, seq))).toEqual([]);
  }
  expect((await answerTo(cluster, alice, REQUESTS.say(1)))?.type).toBe('rtm-sent');
});

test('[GTW24] what RTM counts is forgotten with the rest', async () => {
  const { cluster, node, alice } = await aliceTwice();
  for (const act of ACTS) await ask(cluster, alice, REQUESTS[act](0));
  expect(node.budgets.remembered).toBeGreaterThan(ACTS.length);
  await cluster.clock.advanceAsync(2 * SWEEP_BUDGETS_MS);
  expect(node.budgets.remembered).toBe(0);
});
