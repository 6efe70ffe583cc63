import type { Actor } from '@ringline/call';
import { expect, test } from 'vitest';
import { deviceVersionAfter } from '../../../src/store/device-version.ts';
import type { Device, Store } from '../../../src/store/store.ts';
import { flawsOf } from '../../verify/flaws-of.ts';
import {
  T0,
  alice1,
  bob1,
  bound,
  cancelled,
  commit,
  invitation,
  invited,
  lineOf,
  lost,
  stepOf,
  textOf,
} from '../builders.ts';
import type { MakeStore } from '../contract.ts';

const second = (s: number) => T0 + s * 1_000;
const LATER = second(9_999);
const ALL = { from: 0, limit: 99 };

/** Devices of this user that were lost so many seconds after the beginning, each. */
async function gone(store: Store, user: string, ...at: readonly number[]) {
  const devices = at.map((s) => bound({ user, device: `${user}-${s}` }));
  await commit(store, { devices });
  const after = devices.map((device, i) => lost(device, second(at[i] ?? 0)));
  await commit(store, { devices: after });
  return after;
}

async function versionOf(store: Store, { user, device }: Actor): Promise<number | undefined> {
  return (await store.load({ users: [], actor: { user, device } })).actor?.version;
}

const versions = (store: Store, devices: readonly Device[]) =>
  Promise.all(devices.map((device) => versionOf(store, device)));

/** Devices that are gone for long. */
export function pastDevicesContract(make: MakeStore): void {
  test('[RET5] devices that were lost before a moment are forgotten, those lost first in portions', async () => {
    const store = await make();
    const devices = await gone(store, 'alice', 3, 1, 4, 2);
    await commit(store, { devices: [bound(bob1)] });
    const first = await store.forgetDevices(second(4), { from: 0, limit: 2 });
    expect(first).toEqual({ count: 2, nextFrom: second(3) });
    expect(await versions(store, devices)).toEqual([2, 0, 2, 0]);
    // What was lost at that very moment stays.
    const rest = await store.forgetDevices(second(4), { from: second(3), limit: 2 });
    expect(rest).toEqual({ count: 1, nextFrom: second(4) });
    expect(await versions(store, devices)).toEqual([0, 0, 2, 0]);
    expect(await store.forgetDevices(second(4) + 1, ALL)).toEqual({ count: 1, nextFrom: null });
    expect(await versionOf(store, bob1)).toBe(1);
    expect(await flawsOf(store)).toEqual([]);
  });

  test('[RET5] many that were lost at one moment go in portions as well', async () => {
    const store = await make();
    const devices = await gone(store, 'alice', 1);
    const users = ['bob', 'carol', 'dave', 'erin'];
    for (const user of users) devices.push(...(await gone(store, user, 1)));
    const portion = { from: second(1), limit: 2 };
    const counts: number[] = [];
    for (let i = 0; i < 4; i++) counts.push((await store.forgetDevices(LATER, portion)).count);
    expect(counts).toEqual([2, 2, 1, 0]);
    expect(new Set(await versions(store, devices))).toEqual(new Set([0]));
  });

  test('[RET5] a device whose user is in an open call stays until that is over, and keeps none back', async () => {
    const store = await make();
    const [held] = await gone(store, 'alice', 1);
    await gone(store, 'carol', 2);
    const call = invited(alice1, 'bob', { recordTo: [] });
    await commit(store, invitation(call));
    const there = { count: 1, nextFrom: second(1) };
    expect(await store.forgetDevices(LATER, { from: 0, limit: 1 })).toEqual(there);
    expect(await versions(store, [held!])).toEqual([2]);
    const over = cancelled(call);
    const lines = ['alice', 'bob'].map((user) => lineOf(user, 2));
    await commit(store, { calls: [over], lines, records: [over.record] });
    expect(await store.forgetDevices(LATER, ALL)).toEqual({ count: 1, nextFrom: null });
    expect(await flawsOf(store)).toEqual([]);
  });

  test('[RET5] a device whose login nobody has ended yet stays until somebody does', async () => {
    const store = await make();
    const login = { endsAt: second(1), channels: ['room'] };
    const page = bound(alice1, { login });
    await commit(store, { devices: [page] });
    await commit(store, { devices: [lost(page, second(1))] });
    expect(await store.forgetDevices(LATER, ALL)).toEqual({ count: 0, nextFrom: second(1) });
    expect(await store.countMembers(['room'])).toEqual([1]);
    await commit(store, { devices: [{ ...lost(page, second(1)), version: 3, login: null }] });
    expect(await store.forgetDevices(LATER, ALL)).toEqual({ count: 1, nextFrom: null });
  });

  test('[RET5] nothing that a user or a device is called makes one that is there a lost one', async () => {
    const store = await make();
    const odd = '","lostAt":1,"lostAt":2';
    const devices = [odd, `\u0000${odd}`].map((device) =>
      bound({ user: odd, device }, { profile: { user: odd, name: odd } }),
    );
    await commit(store, { devices });
    expect(await store.forgetDevices(LATER, ALL)).toEqual({ count: 0, nextFrom: null });
    await commit(store, { devices: devices.map((device) => lost(device, second(1))) });
    expect(await store.forgetDevices(LATER, ALL)).toEqual({ count: 2, nextFrom: null });
  });

  test('[RET5] nothing else is gone of a user whose last device is forgotten', async () => {
    const store = await make();
    await commit(store, { inbox: [textOf('bob', 'alice'), textOf('bob', 'alice')] });
    await commit(store, { devices: [bound(alice1, { acknowledged: 1 })] });
    await commit(store, { devices: [lost(bound(alice1, { acknowledged: 1 }), second(1))] });
    const told = async () => [
      await store.directory(undefined, 9),
      await store.presence(['alice']),
      await store.inboxStanding('alice'),
      await store.inbox('alice', 0, 9),
      await store.conversations({ user: 'alice', limit: 9 }),
    ];
    const before = await told();
    expect((await store.forgetDevices(LATER, ALL)).count).toBe(1);
    expect(await told()).toEqual(before);
    expect(await flawsOf(store)).toEqual([]);
  });

  test('[RET6] a device that is back is not forgotten, and neither is one that was lost anew', async () => {
    const store = await make();
    const [one, two] = await gone(store, 'alice', 1, 2);
    const binding = { incarnation: 'n1', connection: 'c', boundAt: second(8) };
    const back = [one!, two!].map((it) => ({ ...it, version: 3, lostAt: null, binding }));
    await commit(store, { devices: back });
    await commit(store, { devices: [lost(back[1]!, second(9))] });
    expect(await store.forgetDevices(second(9), ALL)).toEqual({ count: 0, nextFrom: second(9) });
    expect(await versions(store, back)).toEqual([3, 4]);
    expect((await store.load({ users: [], devicesOf: ['alice'] })).devices).toEqual([back[0]]);
  });

  test('[RET6] what was decided on a device that is forgotten meanwhile loses, and it comes back as a new one', async () => {
    const store = await make();
    const results = [{ seq: 7, reply: '{"type":"done"}' }];
    const known = bound(alice1, { lastSeq: 7, results, acknowledged: 0 });
    await commit(store, { devices: [known] });
    const away = lost(known, second(1));
    await commit(store, { devices: [away] });
    await store.forgetDevices(LATER, ALL);
    const absent = (await store.load({ users: [], actor: alice1 })).actor;
    expect(absent).toEqual(bound(alice1, { version: 0, binding: null, resumeHash: null }));
    const back = { ...known, version: away.version + 1 };
    expect(await store.commit(stepOf({ devices: [back] }))).toEqual({ moved: false });
    const anew = bound(alice1, { version: deviceVersionAfter(0, LATER) });
    await commit(store, { devices: [anew] });
    expect(await store.commit(stepOf({ devices: [anew] }))).toEqual({ moved: false });
    const next = { ...anew, version: anew.version + 1, lastSeq: 1 };
    await commit(store, { devices: [next] });
    expect((await store.load({ users: [], actor: alice1 })).actor).toEqual(next);
    expect((await store.load({ users: [], devicesOf: ['alice'] })).devices).toEqual([next]);
  });
}
