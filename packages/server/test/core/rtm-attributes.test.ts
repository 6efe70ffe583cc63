import type { AttributesOf, RtmSetAttributes } from '@ringline/protocol';
import {
  MAX_ATTRIBUTES,
  MAX_ATTRIBUTE_BYTES,
  MAX_CHANNEL_ATTRIBUTES_BYTES,
  MAX_USER_ATTRIBUTES_BYTES,
  RTM_OFFLINE_AFTER_MS,
} from '@ringline/protocol';
import { expect, test } from 'vitest';
import { EMPTY_CHANNEL_KEPT_MS, FORGET_RTM_MS } from '../../src/rtm/rtm.ts';
import { StoreFault } from '../../src/store/store.ts';
import { answerTo, ask, heardOf, pairs, rtm, slowCluster } from '../support/rtm.ts';
import { TestCluster } from '../support/test-cluster.ts';
import type { TestDevice } from '../support/test-device.ts';

const alice: AttributesOf = { kind: 'user', user: 'alice' };
const room: AttributesOf = { kind: 'channel', channel: 'room' };

function change(of: AttributesOf, more: Partial<RtmSetAttributes>) {
  const nothing = { of, replace: false, set: [], remove: [], notify: false };
  return { ...nothing, ...more, type: 'rtm-set-attributes' } as const;
}

function set(of: AttributesOf, values: Record<string, string>) {
  return change(of, { set: Object.entries(values).map(([key, value]) => ({ key, value })) });
}

/** What a device reads, or why it cannot. */
async function read(
  cluster: TestCluster,
  device: TestDevice,
  of: AttributesOf,
  keys?: readonly string[],
) {
  const request = { type: 'rtm-get-attributes', of, ...(keys && { keys }) } as const;
  const answer = await answerTo(cluster, device, request);
  if (answer?.type === 'refused') return answer.code;
  return answer?.type === 'rtm-attributes-found' ? pairs(answer.attributes) : undefined;
}

async function aliceAndBob(nodes = 1, cluster = new TestCluster()) {
  const node = await cluster.node();
  const other = nodes === 1 ? node : await cluster.node();
  const alice1 = await cluster.device(node, 'alice', 'alice1', { rtm });
  const bob1 = await cluster.device(other, 'bob', 'bob1', { rtm });
  return { cluster, node, other, alice1, bob1 };
}

test('[RAT1] a user’s attributes are read by others, all or some, with who set them and when', async () => {
  const { cluster, alice1, bob1 } = await aliceAndBob(2);
  const at = cluster.clock.now();
  expect(await read(cluster, bob1, alice)).toEqual({});
  expect(await ask(cluster, alice1, set(alice, { mood: 'a\u0000b', place: '' }))).toBe('done');
  const answer = await answerTo(cluster, bob1, { type: 'rtm-get-attributes', of: alice });
  expect(answer).toMatchObject({
    attributes: [
      { key: 'mood', value: 'a\u0000b', by: 'alice', at: expect.any(Number) },
      { key: 'place', value: '' },
    ],
  });
  const [mood] = answer?.type === 'rtm-attributes-found' ? answer.attributes : [];
  expect(mood?.at).toBeGreaterThanOrEqual(at);
  expect(await read(cluster, bob1, alice, ['place', 'none'])).toEqual({ place: '' });
});

test('[RAT1] a channel’s are set by a member or another page, while somebody is in it', async () => {
  const { cluster, alice1, bob1 } = await aliceAndBob();
  await ask(cluster, alice1, { type: 'rtm-join', channel: 'room' });
  expect(await ask(cluster, alice1, set(room, { topic: 'tea' }))).toBe('done');
  expect(await ask(cluster, bob1, set(room, { time: 'four' }))).toBe('done');
  const answer = await answerTo(cluster, bob1, { type: 'rtm-get-attributes', of: room });
  expect(answer).toMatchObject({
    attributes: [
      { key: 'topic', value: 'tea', by: 'alice' },
      { key: 'time', value: 'four', by: 'bob' },
    ],
  });
});

test('[RAT2] keys are removed and set in one step, and all are replaced', async () => {
  const { cluster, alice1 } = await aliceAndBob();
  await ask(cluster, alice1, set(alice, { a: '1', b: '2', c: '3' }));
  const one = change(alice, {
    remove: ['a', 'c', 'none'],
    set: [
      { key: 'a', value: 'again' },
      { key: 'd', value: 'first' },
      { key: 'd', value: 'last' },
    ],
  });
  expect(await ask(cluster, alice1, one)).toBe('done');
  expect(await read(cluster, alice1, alice)).toEqual({ a: 'again', b: '2', d: 'last' });
  await ask(cluster, alice1, { ...set(alice, { e: '5' }), replace: true });
  expect(await read(cluster, alice1, alice)).toEqual({ e: '5' });
  await ask(cluster, alice1, change(alice, { replace: true }));
  expect(await read(cluster, alice1, alice)).toEqual({});
});

test('[RAT2] of changes that two pages make at once none is lost', async () => {
  const cluster = slowCluster();
  const { alice1, bob1 } = await aliceAndBob(2, cluster);
  alice1.ask({ type: 'rtm-join', channel: 'room' });
  await cluster.clock.advanceAsync(100);
  for (let i = 0; i < 8; i++) {
    alice1.ask(set(room, { [`a${i}`]: '' }));
    bob1.ask(set(room, { [`b${i}`]: '' }));
  }
  await cluster.clock.advanceAsync(1_000);
  expect(Object.keys((await read(cluster, alice1, room)) ?? {})).toHaveLength(16);
  expect(cluster.metrics.of('race lost')).toBeGreaterThan(0);
});

test('[RAT3] as many as are allowed, and no more', async () => {
  const { cluster, alice1 } = await aliceAndBob();
  const keys = Array.from({ length: MAX_ATTRIBUTES }, (_, i) => `key ${i}`);
  const full = Object.fromEntries(keys.map((key) => [key, 'v']));
  expect(await ask(cluster, alice1, set(alice, full))).toBe('done');
  expect(await ask(cluster, alice1, set(alice, { 'key 0': 'other' }))).toBe('done');
  const answer = await answerTo(cluster, alice1, set(alice, { more: 'v' }));
  expect(answer).toMatchObject({ type: 'refused', code: 'malformed', path: 'set' });
  expect(answer).toMatchObject({ message: '`set` must leave at most 32 attributes, leaves 33.' });
  expect(await read(cluster, alice1, alice)).toEqual({ ...full, 'key 0': 'other' });
});

test.each([
  ['user', alice, MAX_USER_ATTRIBUTES_BYTES],
  ['channel', room, MAX_CHANNEL_ATTRIBUTES_BYTES],
] as const)('[RAT3] as many bytes of a %s as are allowed, and no more', async (_, of, limit) => {
  const { cluster, alice1 } = await aliceAndBob();
  await ask(cluster, alice1, { type: 'rtm-join', channel: 'room' });
  const whole = 'v'.repeat(MAX_ATTRIBUTE_BYTES);
  for (let left = limit; left > MAX_ATTRIBUTE_BYTES; left -= MAX_ATTRIBUTE_BYTES) {
    const key = `k${left}`;
    // The key counts as well.
    const value = whole.slice(key.length);
    expect(await ask(cluster, alice1, set(of, { [key]: value }))).toBe('done');
  }
  const rest = whole.slice('last'.length);
  const answer = await answerTo(cluster, alice1, set(of, { last: `${rest.slice(1)}ö` }));
  expect(answer).toMatchObject({ code: 'malformed', path: 'set' });
  expect(answer).toMatchObject({ message: expect.stringContaining(`leaves ${limit + 1}`) });
  expect(await ask(cluster, alice1, set(of, { last: rest }))).toBe('done');
});

test('[RAT4] a user’s are gone with its last login, and not before', async () => {
  const { cluster, node, alice1, bob1 } = await aliceAndBob();
  await ask(cluster, alice1, set(alice, { mood: 'good' }));
  const beside = await cluster.device(node, 'alice', 'alice2', { rtm: { ...rtm, beside: true } });
  alice1.wire.client.close(1000, '');
  await cluster.settle();
  expect(await read(cluster, bob1, alice)).toEqual({ mood: 'good' });
  beside.wire.drop();
  await cluster.clock.advanceAsync(RTM_OFFLINE_AFTER_MS - 100);
  expect(await read(cluster, bob1, alice)).toEqual({ mood: 'good' });
  await cluster.clock.advanceAsync(200);
  expect(await read(cluster, bob1, alice)).toBe('unknown-user');
  await cluster.device(node, 'alice', 'alice1', { rtm });
  expect(await read(cluster, bob1, alice)).toEqual({});
  expect(await read(cluster, bob1, { kind: 'user', user: 'nobody' })).toBe('unknown-user');
});

test('[RAT4] a channel’s are gone with its last member', async () => {
  const { cluster, alice1, bob1 } = await aliceAndBob();
  for (const each of [alice1, bob1])
    await ask(cluster, each, { type: 'rtm-join', channel: 'room' });
  await ask(cluster, alice1, set(room, { topic: 'tea' }));
  await ask(cluster, alice1, { type: 'rtm-leave', channel: 'room' });
  expect(await read(cluster, alice1, room)).toEqual({ topic: 'tea' });
  bob1.wire.client.close(1000, '');
  await cluster.settle();
  expect(await read(cluster, alice1, room)).toEqual({});
  await ask(cluster, alice1, { type: 'rtm-join', channel: 'room' });
  expect(await read(cluster, alice1, room)).toEqual({});
});

test('[RAT5] the members are told when they are to know, and nobody else', async () => {
  const { cluster, other, alice1, bob1 } = await aliceAndBob(2);
  const carol1 = await cluster.device(other, 'carol', 'carol1', { rtm });
  for (const each of [alice1, bob1])
    await ask(cluster, each, { type: 'rtm-join', channel: 'room' });
  await ask(cluster, alice1, set(room, { topic: 'tea' }));
  expect(heardOf(bob1, 'rtm-attributes-changed')).toEqual([]);
  await ask(cluster, alice1, { ...set(room, { time: 'four' }), notify: true });
  for (const each of [alice1, bob1]) {
    const told = heardOf(each, 'rtm-attributes-changed');
    expect(told.map(({ channel, attributes }) => [channel, pairs(attributes)])).toEqual([
      ['room', { topic: 'tea', time: 'four' }],
    ]);
  }
  expect(heardOf(carol1, 'rtm-attributes-changed')).toEqual([]);
});

test('[RAT7] those of a channel that nobody is in are found by who comes, and not kept for ever', async () => {
  const { cluster, alice1, bob1 } = await aliceAndBob();
  expect(await ask(cluster, alice1, set(room, { topic: 'tea' }))).toBe('done');
  expect(await read(cluster, bob1, room)).toEqual({ topic: 'tea' });
  const other = { kind: 'channel', channel: 'other' } as const;
  await ask(cluster, alice1, set(other, { topic: 'coffee' }));
  await ask(cluster, bob1, { type: 'rtm-join', channel: 'room' });
  await cluster.clock.advanceAsync(EMPTY_CHANNEL_KEPT_MS - 1_000);
  expect(await read(cluster, bob1, other)).toEqual({ topic: 'coffee' });
  await cluster.clock.advanceAsync(1_000 + FORGET_RTM_MS);
  expect([await read(cluster, bob1, other), await read(cluster, bob1, room)]).toEqual([
    {},
    { topic: 'tea' },
  ]);
});

test('[RAT6] what is not one’s own cannot be set', async () => {
  const { cluster, node, bob1 } = await aliceAndBob();
  const answer = await answerTo(cluster, bob1, set(alice, { mood: 'bad' }));
  expect(answer).toMatchObject({ type: 'refused', code: 'forbidden', path: 'of.user' });
  const softphone = await cluster.device(node, 'carol', 'carol1');
  const carol = { kind: 'user', user: 'carol' } as const;
  expect(await ask(cluster, softphone, set(carol, { mood: 'good' }))).toBe('forbidden');
  expect(await read(cluster, softphone, alice)).toBe('forbidden');
});

test('[STP1] [RAT5] a change that is repeated over another connection is not made twice', async () => {
  const { cluster, node, alice1, bob1 } = await aliceAndBob();
  await ask(cluster, bob1, { type: 'rtm-join', channel: 'room' });
  const first = { ...set(room, { topic: 'tea' }), notify: true };
  const seq = alice1.ask(first);
  await cluster.settle();
  await ask(cluster, bob1, set(room, { topic: 'coffee' }));
  alice1.wire.drop();
  const back = await cluster.device(node, 'alice', 'alice1', { rtm });
  back.say({ ...first, seq });
  await cluster.settle();
  expect(back.answerTo(seq)?.type).toBe('done');
  expect(await read(cluster, bob1, room)).toEqual({ topic: 'coffee' });
  expect(heardOf(bob1, 'rtm-attributes-changed')).toHaveLength(1);
});

test('[GTW16] while the store is away attributes are refused, and set later', async () => {
  const { cluster, alice1 } = await aliceAndBob();
  const load = cluster.store.load.bind(cluster.store);
  cluster.store.load = () => Promise.reject(new StoreFault('away', undefined));
  expect(await ask(cluster, alice1, set(alice, { a: '1' }))).toBe('unavailable');
  expect(await read(cluster, alice1, alice)).toBe('unavailable');
  cluster.store.load = load;
  expect(await ask(cluster, alice1, set(alice, { a: '1' }))).toBe('done');
});
