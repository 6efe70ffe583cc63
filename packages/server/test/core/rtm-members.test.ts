import { MAX_TOLD_MEMBERS } from '@ringline/protocol';
import { expect, test } from 'vitest';
import { MEMBERS_BATCH_MS } from '../../src/rtm/channel-here.ts';
import {
  MEMBERS_PAUSE_MS,
  MEMBERS_PORTION,
  MEMBERS_SWEEP_MS,
} from '../../src/rtm/member-rounds.ts';
import { StoreFault } from '../../src/store/store.ts';
import { listening } from '../support/listening.ts';

const users = Array.from({ length: MAX_TOLD_MEMBERS + 2 }, (_, i) => `user ${i}`);

test('[RCH4] above MAX_TOLD_MEMBERS it is told how many there are, and no more', async () => {
  const { moveTo } = await listening();
  const full = users.slice(0, MAX_TOLD_MEMBERS);
  const [first] = await moveTo(full);
  expect(first).toMatchObject({ joined: full, left: ['alice'], count: MAX_TOLD_MEMBERS });
  const onlyCount = { joined: [], left: [] };
  expect(await moveTo(users.slice(0, -1))).toMatchObject([{ ...onlyCount, count: 513 }]);
  expect(await moveTo(users)).toMatchObject([{ ...onlyCount, count: 514 }]);
  expect(await moveTo(full.slice(1))).toMatchObject([{ ...onlyCount, count: 511 }]);
  expect(await moveTo(full)).toMatchObject([{ joined: ['user 0'], left: [], count: 512 }]);
  expect(await moveTo(full)).toEqual([]);
});

test('[RCH6] members that cannot be read are read with the next round', async () => {
  const { clock, log, moveTo, store } = await listening();
  const read = store.members;
  store.members = () => Promise.reject(new StoreFault('away', undefined));
  const heard = await moveTo(['alice', 'bob']);
  expect(heard).toEqual([]);
  await clock.advanceAsync(2 * MEMBERS_SWEEP_MS);
  expect(log.lines.map(({ text }) => text)).toEqual([
    'members could not be read; the next round looks again',
  ]);
  store.members = read;
  await clock.advanceAsync(MEMBERS_SWEEP_MS);
  expect(heard).toMatchObject([{ joined: ['bob'] }]);
});

test.each([
  [MEMBERS_PORTION, 1],
  [MEMBERS_PORTION + 1, 2],
])('[RCH6] a round reads %i channels in %i goes', async (count, goes) => {
  const { channels, clock, listener, store } = await listening();
  const asked: (readonly string[])[] = [];
  const read = store.members;
  const rooms = Array.from({ length: count - 1 }, (_, i) => `room ${i}`);
  for (const room of rooms) await channels.add(room, listener);
  await clock.advanceAsync(2 * MEMBERS_BATCH_MS);
  store.members = (all, limit) => {
    asked.push(all);
    return read(all, limit);
  };
  await clock.advanceAsync(MEMBERS_SWEEP_MS - 2 * MEMBERS_BATCH_MS);
  expect(asked).toHaveLength(1);
  await clock.advanceAsync(MEMBERS_PAUSE_MS);
  expect(asked).toHaveLength(goes);
  expect(asked.flat()).toEqual(['room', ...rooms]);
  await clock.advanceAsync(MEMBERS_SWEEP_MS + MEMBERS_PAUSE_MS);
  expect(asked).toHaveLength(2 * goes);
});

test('[RCH6] after a gap all channels are read by a round of their own, from the first', async () => {
  const { channels, clock, listener, store } = await listening();
  const rooms = Array.from({ length: MEMBERS_PORTION }, (_, i) => `room ${i}`);
  for (const room of rooms) await channels.add(room, listener);
  await clock.advanceAsync(2 * MEMBERS_BATCH_MS);
  const asked: (readonly string[])[] = [];
  const read = store.members;
  store.members = (all, limit) => {
    asked.push(all);
    return read(all, limit);
  };
  channels.lookAgain(() => 1_000);
  await clock.advanceAsync(1_000);
  expect(asked.map((all) => all.length)).toEqual([MEMBERS_PORTION]);
  // Another gap, before the last channel was read.
  channels.lookAgain(() => 1_000);
  await clock.advanceAsync(2 * MEMBERS_PAUSE_MS);
  expect(asked.map((all) => all.length)).toEqual([MEMBERS_PORTION, MEMBERS_PORTION, 1]);
  await clock.advanceAsync(MEMBERS_SWEEP_MS - 1_000);
  expect(asked).toHaveLength(3);
});

test('[RCH6] a channel that is being read at a gap is read once more', async () => {
  const { channels, clock, store } = await listening();
  await clock.advanceAsync(2 * MEMBERS_BATCH_MS);
  const read = store.members;
  const answers: (() => void)[] = [];
  store.members = async (all, limit) => {
    const found = await read(all, limit);
    await new Promise<void>((resolve) => answers.push(resolve));
    return found;
  };
  channels.lookAgain(() => 0);
  await clock.advanceAsync(0);
  channels.lookAgain(() => 0);
  await clock.advanceAsync(0);
  expect(answers).toHaveLength(1);
  answers[0]?.();
  await clock.advanceAsync(MEMBERS_BATCH_MS);
  expect(answers).toHaveLength(2);
});

test('[RCH6] of a round whose store is away each channel hears with the next one', async () => {
  const { channels, clock, log, listener, moveTo, store } = await listening();
  await channels.add('other room', listener);
  await clock.advanceAsync(2 * MEMBERS_BATCH_MS);
  const read = store.members;
  store.members = () => Promise.reject(new StoreFault('away', undefined));
  const heard = await moveTo(['alice', 'bob']);
  await clock.advanceAsync(MEMBERS_SWEEP_MS);
  store.members = read;
  expect([heard, log.lines.length]).toEqual([[], 2]);
  await clock.advanceAsync(MEMBERS_SWEEP_MS);
  expect(heard).toMatchObject([
    { channel: 'room', joined: ['bob'] },
    { channel: 'other room', joined: ['bob'] },
  ]);
});

test('[RCH8] a round that is under way reads no more when no page is in a channel', async () => {
  const { channels, clock, listener, store } = await listening();
  const rooms = Array.from({ length: MEMBERS_PORTION }, (_, i) => `room ${i}`);
  for (const room of rooms) await channels.add(room, listener);
  await clock.advanceAsync(MEMBERS_SWEEP_MS);
  for (const room of ['room', ...rooms]) channels.remove(room, listener);
  const asked: (readonly string[])[] = [];
  const read = store.members;
  store.members = (all, limit) => {
    asked.push(all);
    return read(all, limit);
  };
  await clock.advanceAsync(2 * MEMBERS_SWEEP_MS);
  expect(asked).toEqual([]);
});

test('[RCH4] who comes while the members are read is told with the next reading', async () => {
  const { bus, clock, moveTo, store } = await listening();
  const read = store.members;
  const answers: (() => void)[] = [];
  store.members = async (all, limit) => {
    const found = await read(all, limit);
    await new Promise<void>((resolve) => answers.push(resolve));
    return found;
  };
  const heard = await moveTo(['alice', 'bob']);
  bus.publishToChannel('room', { kind: 'members-moved' });
  await clock.advanceAsync(2 * MEMBERS_BATCH_MS);
  expect(answers).toHaveLength(1);
  answers[0]?.();
  await clock.advanceAsync(2 * MEMBERS_BATCH_MS);
  expect([heard.length, answers.length]).toEqual([1, 2]);
});

test('[RCH8] a node listens for a channel no longer than a page here is in it', async () => {
  const { bus, channels, clock, listener, store } = await listening();
  let reads = 0;
  const read = store.members;
  store.members = (all, limit) => {
    reads += 1;
    return read(all, limit);
  };
  await clock.advanceAsync(MEMBERS_SWEEP_MS + MEMBERS_BATCH_MS);
  expect(reads).toBeGreaterThan(0);
  channels.remove('room', listener);
  channels.remove('room', listener);
  reads = 0;
  bus.publishToChannel('room', { kind: 'members-moved' });
  await clock.advanceAsync(2 * MEMBERS_SWEEP_MS);
  expect(reads).toBe(0);
});
