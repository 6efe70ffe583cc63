import type { Actor } from '@ringline/call';
import type { Attribute, AttributesOf } from '@ringline/protocol';
import { expect, test } from 'vitest';
import type { Device, Store } from '../../../src/store/store.ts';
import { T0, alice1, bob1, bound, carol1, commit, lost, stepOf } from '../builders.ts';
import type { MakeStore } from '../contract.ts';

const room: AttributesOf = { kind: 'channel', channel: 'room' };
const alice: AttributesOf = { kind: 'user', user: 'alice' };
const topic: Attribute = { key: 'a\u0000b', value: '\u0000', by: 'alice', at: T0 };

/** A page that is in these channels, as it is written. */
async function pageIn(store: Store, of: Actor, ...channels: string[]): Promise<Device> {
  const { actor } = await store.load({ users: [], actor: of });
  const version = (actor?.version ?? 0) + 1;
  const page = bound(of, { version, login: { endsAt: null, channels } });
  await commit(store, { devices: [page] });
  return page;
}

async function attributesOf(store: Store, of: AttributesOf) {
  const { rtm } = await store.load({ users: [], rtm: { attributesOf: of } });
  return { version: 0, isThere: false, ...rtm?.attributes, ...(rtm && { isThere: rtm.isThere }) };
}

async function set(store: Store, of: AttributesOf, attributes: readonly Attribute[]) {
  const { version } = await attributesOf(store, of);
  return store.commit(stepOf({ attributes: [{ of, version, attributes }] }));
}

/** Members of channels, and attributes. */
export function channelsContract(make: MakeStore): void {
  test('the members of a channel are its users, by id, and all are counted', async () => {
    const store = await make();
    await pageIn(store, bob1, 'room', 'other');
    await pageIn(store, alice1, 'room');
    await pageIn(store, { user: 'alice', device: 'alice2' }, 'room');
    await pageIn(store, carol1);
    const inRoom = { members: ['alice', 'bob'], count: 2 };
    const inOther = { members: ['bob'], count: 1 };
    const inNone = { members: [], count: 0 };
    const all = [inOther, inNone, inRoom, inNone];
    expect(await store.members(['other', 'none', 'room', 'void'], 9)).toEqual(all);
    expect(await store.members(['room'], 1)).toEqual([{ members: ['alice'], count: 2 }]);
    expect(await store.members([], 9)).toEqual([]);
    expect(await store.countMembers(['other', 'none', 'room'])).toEqual([1, 0, 2]);
  });

  test('who is in a channel follows the login', async () => {
    const store = await make();
    await pageIn(store, alice1, 'a', 'b');
    const page = await pageIn(store, alice1, 'b', 'c');
    expect(await store.countMembers(['a', 'b', 'c'])).toEqual([0, 1, 1]);
    const away = { ...lost(page, T0), login: { endsAt: T0 + 30, channels: ['b', 'c'] } };
    await commit(store, { devices: [away] });
    expect(await store.countMembers(['b', 'c'])).toEqual([1, 1]);
    await commit(store, { devices: [{ ...away, version: away.version + 1, login: null }] });
    expect(await store.countMembers(['b', 'c'])).toEqual([0, 0]);
  });

  test('a user stays a member until its last page has left', async () => {
    const store = await make();
    const alice2 = { user: 'alice', device: 'alice2' };
    for (const each of [alice1, alice2]) await pageIn(store, each, 'room');
    await pageIn(store, alice1);
    expect(await store.members(['room'], 9)).toEqual([{ members: ['alice'], count: 1 }]);
    await pageIn(store, alice2);
    expect(await store.members(['room'], 9)).toEqual([{ members: [], count: 0 }]);
  });

  test('attributes are kept as they are, of users and channels of one name', async () => {
    const store = await make();
    const namesake: AttributesOf = { kind: 'channel', channel: 'alice' };
    await pageIn(store, alice1, 'alice');
    expect(await attributesOf(store, alice)).toEqual({ version: 0, attributes: [], isThere: true });
    const two = [topic, { key: 'b', value: 'v', by: 'bob', at: T0 + 1 }];
    expect((await set(store, alice, two)).moved).toBe(true);
    expect((await attributesOf(store, alice)).attributes).toEqual(two);
    expect((await attributesOf(store, namesake)).attributes).toEqual([]);
    await set(store, namesake, [topic]);
    expect((await attributesOf(store, namesake)).attributes).toEqual([topic]);
    expect((await attributesOf(store, alice)).attributes).toEqual(two);
    expect((await store.load({ users: [], rtm: {} })).rtm).toMatchObject({
      attributes: { version: 0, attributes: [] },
      isThere: false,
    });
  });

  test('of two changes of one version the second loses', async () => {
    const store = await make();
    await pageIn(store, alice1, 'room');
    const first = { of: room, version: 0, attributes: [topic] };
    expect((await store.commit(stepOf({ attributes: [first] }))).moved).toBe(true);
    expect((await store.commit(stepOf({ attributes: [first] }))).moved).toBe(false);
    const { version } = await attributesOf(store, room);
    expect(version).not.toBe(0);
    expect((await store.commit(stepOf({ attributes: [{ ...first, version }] }))).moved).toBe(true);
    expect((await store.commit(stepOf({ attributes: [{ ...first, version }] }))).moved).toBe(false);
  });

  test('they are gone with the last member or login, and their version never comes again', async () => {
    const store = await make();
    const page = await pageIn(store, alice1, 'room');
    await pageIn(store, bob1, 'room');
    for (const of of [room, alice]) await set(store, of, [topic]);
    const before = await attributesOf(store, room);
    await pageIn(store, bob1);
    expect((await attributesOf(store, room)).attributes).toEqual([topic]);
    await commit(store, { devices: [{ ...lost(page, T0), login: null }] });
    const none = { version: 0, attributes: [] };
    expect(await attributesOf(store, room)).toEqual({ ...none, isThere: true });
    expect(await attributesOf(store, alice)).toEqual({ ...none, isThere: false });
    await pageIn(store, alice1, 'room');
    await set(store, room, [topic]);
    expect((await attributesOf(store, room)).version).not.toBe(before.version);
  });

  test('those of a channel that nobody joins are forgotten, oldest first, so many at a time', async () => {
    const store = await make();
    const channels = ['never', 'joined', 'again', 'later'].map(
      (channel) => ({ kind: 'channel', channel }) as const,
    );
    for (const [i, of] of channels.entries()) {
      const attributes = [{ of, version: 0, attributes: [topic] }];
      await store.commit(stepOf({ at: T0 + i, attributes }));
    }
    await pageIn(store, alice1, 'joined');
    const [, , again] = channels;
    const version = again ? (await attributesOf(store, again)).version : 0;
    const anew = again ? [{ of: again, version, attributes: [topic] }] : [];
    await store.commit(stepOf({ at: T0 + 9, attributes: anew }));
    const left = async () => {
      const found = await Promise.all(channels.map((of) => attributesOf(store, of)));
      return found.map(({ attributes }) => attributes?.length);
    };
    expect(await store.forgetEmptyChannels(T0, 9)).toBe(0);
    expect(await store.forgetEmptyChannels(T0 + 4, 1)).toBe(1);
    expect(await left()).toEqual([0, 1, 1, 1]);
    expect(await store.forgetEmptyChannels(T0 + 9, 9)).toBe(1);
    expect(await store.forgetEmptyChannels(T0 + 10, 9)).toBe(1);
    expect(await store.forgetEmptyChannels(T0 + 10, 9)).toBe(0);
    expect(await left()).toEqual([0, 1, 0, 0]);
  });

  test('nothing is set of a user who has no login', async () => {
    const store = await make();
    expect((await set(store, room, [topic])).moved).toBe(true);
    expect((await set(store, alice, [topic])).moved).toBe(false);
    await pageIn(store, bob1, 'room');
    expect((await set(store, room, [topic])).moved).toBe(true);
    expect((await set(store, alice, [topic])).moved).toBe(false);
  });
}
