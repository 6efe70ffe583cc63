import { expect, test } from 'vitest';
import type { Actor } from '@ringline/call';
import type { Move, Store } from '../../../src/store/store.ts';
import { T0, alice1, bob1, bound, carol1, commit, lineOf, lost } from '../builders.ts';
import type { MakeStore } from '../contract.ts';

const alice2: Actor = { user: 'alice', device: 'alice2' };

/** Devices, their bindings and leases, and the directory of users. */
export function devicesContract(make: MakeStore): void {
  test('a device without a row has version 0', async () => {
    const { actor } = await (await make()).load({ users: [], actor: alice1 });
    expect(actor).toEqual(bound(alice1, { version: 0, binding: null, resumeHash: null }));
  });

  test('each device keeps its own results and its own cursor', async () => {
    const store = await make();
    const results = [
      { seq: 4, reply: '{"type":"done"}' },
      { seq: 5, reply: '{"type":"refused","code":"stale","text":"\\u0000"}' },
    ];
    const first = bound(alice1, { lastSeq: 5, results, acknowledged: 3 });
    const second = bound(alice2, { lastSeq: 1, acknowledged: 2 });
    await commit(store, { devices: [first, second] });
    expect(await deviceOf(store, alice1)).toEqual(first);
    expect(await deviceOf(store, alice2)).toEqual(second);
  });

  test('the reachable devices of the users asked for are seen', async () => {
    const store = await make();
    const [one, two, gone] = [bound(alice1), bound(alice2), bound({ ...alice1, device: 'gone' })];
    await commit(store, { devices: [two, one, gone, bound(bob1), bound(carol1)] });
    await commit(store, { devices: [lost(gone, T0)] });
    const { devices } = await store.load({ users: [], devicesOf: ['alice', 'dave', 'carol'] });
    expect(devices).toEqual([one, two, bound(carol1)]);
    await commit(store, { devices: [{ ...gone, version: 3 }] });
    expect((await store.load({ users: [], devicesOf: ['alice'] })).devices).toHaveLength(3);
  });

  test('ids are compared byte by byte', async () => {
    const store = await make();
    const longest = '\ud83d\ude42'.repeat(16);
    const users = ['\u00e9', 'e\u0301', 'A', 'a', longest, longest.slice(2), "'; DROP TABLE x; --"];
    await commit(store, {
      lines: users.map((user, i) => lineOf(user, 1, [String(i)])),
      devices: users.map((user, i) => bound({ user, device: longest }, { lastSeq: i })),
    });
    const { lines } = await store.load({ users });
    expect(lines).toEqual(users.map((user, i) => lineOf(user, 1, [String(i)])));
    for (const [i, user] of users.entries()) {
      expect((await deviceOf(store, { user, device: longest }))?.lastSeq).toBe(i);
    }
  });

  test('user and device are never taken for one another', async () => {
    const store = await make();
    const [one, other] = [bound({ user: 'a', device: 'bc' }), bound({ user: 'ab', device: 'c' })];
    await commit(store, { devices: [one, other] });
    expect(await deviceOf(store, one)).toEqual(one);
    expect(await deviceOf(store, other)).toEqual(other);
  });

  test('presence tells whether the last device to go said goodbye, until one is back', async () => {
    const store = await make();
    const [one, two] = [bound(alice1), bound(alice2)];
    await commit(store, { devices: [one, two] });
    const hasLeft = async () => (await store.presence(['alice']))[0]?.hasLeft;
    await commit(store, { devices: [{ ...lost(one, T0), hasLeft: true }] });
    expect(await hasLeft()).toBe(false);
    const gone = { ...lost(two, T0 + 1), hasLeft: true };
    await commit(store, { devices: [gone] });
    expect(await hasLeft()).toBe(true);
    expect(await deviceOf(store, alice2)).toEqual(gone);
    const back = { ...two, version: 3 };
    await commit(store, { devices: [back] });
    expect(await hasLeft()).toBe(false);
    await commit(store, { devices: [lost(back, T0 + 2)] });
    expect(await hasLeft()).toBe(false);
  });

  test('the directory tells who was seen, in the order of bytes, page by page', async () => {
    const store = await make();
    // In UTF-16 the emoji would come before U+E000.
    const users = ['Z', 'a', 'a1', '\u00e9', '\ue000', '\ud83d\ude42'];
    const devices = users.toReversed().map((user) => bound({ user, device: 'd' }));
    await commit(store, { devices });
    const first = await store.directory(undefined, 4);
    const rest = await store.directory(first.at(-1)?.user, 4);
    expect([...first, ...rest].map(({ user }) => user)).toEqual(users);
    expect(await store.directory(users.at(-1), 4)).toEqual([]);
  });

  test('the directory tells profile, presence and when a user was seen', async () => {
    const store = await make();
    const [first, second] = [bound(alice1), bound(alice2, { profile: named('Alice Two') })];
    await commit(store, { at: T0, devices: [{ ...first, profile: named('Alice') }] });
    expect(await store.directory(undefined, 9)).toEqual([entry('Alice', true, T0)]);
    await commit(store, { at: T0 + 10, devices: [second] });
    await commit(store, { at: T0 + 20, devices: [lost(first, T0 + 15)] });
    expect(await store.directory(undefined, 9)).toEqual([entry('Alice Two', true, T0 + 15)]);
    await commit(store, { at: T0 + 30, devices: [lost(second, T0 + 12)] });
    expect(await store.directory(undefined, 9)).toEqual([entry('Alice Two', false, T0 + 15)]);
  });

  test('the directory follows the profile of a device that stays', async () => {
    const store = await make();
    await commit(store, { devices: [bound(alice1)] });
    await commit(store, {
      at: T0 + 10,
      devices: [bound(alice1, { version: 2, profile: named('Al') })],
    });
    await commit(store, {
      at: T0 + 20,
      devices: [bound(alice1, { version: 3, profile: named('Al'), lastSeq: 1 })],
    });
    expect(await store.directory(undefined, 9)).toEqual([entry('Al', true, T0 + 10)]);
  });

  test('presence tells of each user asked for whether it can be reached and when it was seen', async () => {
    const store = await make();
    const odd = '"\u00e9\ud83d\ude42\\';
    const [one, two] = [bound(alice1), bound(alice2)];
    await commit(store, { at: T0, devices: [one, two, bound({ user: odd, device: 'd' })] });
    await commit(store, { at: T0 + 20, devices: [lost(one, T0 + 15), bound(bob1)] });
    const present = (user: string, seenAt: number) => ({
      user,
      online: true,
      seenAt,
      hasLeft: false,
      move: expect.any(Number) as number,
    });
    const never = { user: 'Alice', online: false, seenAt: null, hasLeft: false, move: 0 };
    expect(await store.presence(['bob', 'Alice', odd, 'alice', 'bob'])).toEqual([
      present('bob', T0 + 20),
      never,
      present(odd, T0),
      present('alice', T0 + 15),
      present('bob', T0 + 20),
    ]);
    await commit(store, { at: T0 + 30, devices: [lost(two, T0 + 25)] });
    const gone = { user: 'alice', online: false, seenAt: T0 + 25, hasLeft: false };
    expect(await store.presence(['alice'])).toEqual([{ ...gone, move: expect.any(Number) }]);
    expect(await store.presence([])).toEqual([]);
  });

  test('who came or went since is found by moves, each by its last, and what does not move is not', async () => {
    const store = await make();
    const [one, two] = [bound(alice1), bound(bob1)];
    await commit(store, { devices: [one] });
    const first = await horizonPast(store, 'alice');
    expect((await store.moves(from(first), 9)).moves).toEqual([]);
    await commit(store, { devices: [two] });
    await commit(store, { devices: [lost(one, T0)] });
    const { moves } = await store.moves(from(first), 9);
    expect(moves.map(({ user }) => user)).toEqual(['bob', 'alice']);
    expect(await movesOf(store, 'bob', 'alice')).toEqual(moves);
    const next = await horizonPast(store, 'alice');
    await commit(store, { devices: [{ ...two, version: 2, lastSeq: 1 }] });
    await commit(store, { lines: [lineOf('alice', 1)] });
    expect((await store.moves(from(next), 9)).moves).toEqual([]);
    expect(await movesOf(store, 'bob', 'alice')).toEqual(moves);
    await commit(store, { devices: [bound(alice2), bound(carol1)] });
    const last = await store.moves(from(next), 9);
    expect(last.moves.map(({ user }) => user)).toEqual(['alice', 'carol']);
  });

  test('moves are read on from a place in their order, where many have one number as well', async () => {
    const store = await make();
    const users = ['e\u0301', 'b', '\u0000', 'a', '\ud83d\ude42', 'A'];
    await commit(store, { devices: users.map((user) => bound({ user, device: 'd' })) });
    await commit(store, { devices: [bound(alice1)] });
    const all = await store.moves(from(0), 9);
    expect(all.moves.map(({ user }) => user).toSorted()).toEqual([...users, 'alice'].toSorted());
    const read: Move[] = [];
    for (;;) {
      const { moves } = await store.moves(read.at(-1) ?? from(0), 2);
      read.push(...moves);
      if (moves.length < 2) break;
    }
    expect(read).toEqual(all.moves);
    expect((await store.moves(from(0), 0)).moves).toEqual([]);
    expect((await store.moves(from(0), 0)).horizon).toBeGreaterThan(0);
  });
}

/** Before all that have this number. */
function from(move: number): Move {
  return { user: '', move };
}

/** The horizon, once it is past the last move of the user: what others write to the database may hold it up. */
async function horizonPast(store: Store, user: string): Promise<number> {
  const [last] = await movesOf(store, user);
  for (;;) {
    const { horizon } = await store.moves(from(0), 0);
    if (last && horizon > last.move) return horizon;
  }
}

async function movesOf(store: Store, ...users: readonly string[]): Promise<readonly Move[]> {
  const found = await store.presence(users);
  return found.map(({ user, move }) => ({ user, move }));
}

async function deviceOf(store: Store, actor: Actor) {
  return (await store.load({ users: [], actor })).actor;
}

function named(name: string) {
  return { user: 'alice', name };
}

function entry(name: string, online: boolean, seenAt: number) {
  return { user: 'alice', name, online, seenAt };
}
