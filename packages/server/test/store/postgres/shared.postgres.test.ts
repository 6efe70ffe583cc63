import { AssertionError } from 'node:assert/strict';
import { setImmediate } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { MAX_LOADS, MAX_PATIENT_LOADS } from '../../../src/store/postgres/load.ts';
import type { Store } from '../../../src/store/store.ts';
import {
  alice1,
  bob1,
  bound,
  cancelled,
  commit,
  established,
  invitation,
  invited,
  lineOf,
  lost,
  stepOf,
  textOf,
} from '../builders.ts';
import { connect, newDatabase, openStore } from './databases.ts';

/** Two nodes on one database. */
async function twoStores(): Promise<[Store, Store]> {
  const url = await newDatabase();
  return Promise.all([openStore(url), openStore(url)]);
}

/** Adds one call to a line as a node does: load, decide, commit, and again when another was first. */
async function addTo(store: Store, user: string, call: string): Promise<number> {
  for (let races = 0; ; races++) {
    const { lines } = await store.load({ users: [user] });
    const { version, calls } = lines[0]!;
    const { moved } = await store.commit(
      stepOf({ lines: [lineOf(user, version + 1, [...calls, call])] }),
    );
    if (moved) return races;
  }
}

describe('two nodes on one database', () => {
  test('what one commits the other sees', async () => {
    const [one, other] = await twoStores();
    const call = invited();
    await commit(one, { ...invitation(call), devices: [bound(alice1)] });
    expect(await other.load({ users: ['alice'], actor: alice1 })).toEqual(
      await one.load({ users: ['alice'], actor: alice1 }),
    );
    await commit(other, { calls: [established(call)] });
    expect(await one.call(call.id)).toEqual(established(call));
  });

  test('[SHR1] no change of a line is lost, whoever races', async () => {
    const stores = await twoStores();
    const calls = Array.from({ length: 40 }, (_, i) => `call-${i}`);
    const races = await Promise.all(calls.map((call, i) => addTo(stores[i % 2]!, 'alice', call)));
    const { lines } = await stores[0].load({ users: ['alice'] });
    expect(lines[0]?.version).toBe(40);
    expect(lines[0]?.calls.toSorted()).toEqual(calls.toSorted());
    expect(races.some((lostOnes) => lostOnes > 0)).toBe(true);
  });

  test('[SHR1] of two steps on one version at once one commits, also when they take users the other way round', async () => {
    const [one, other] = await twoStores();
    for (let i = 0; i < 20; i++) {
      const [to, from] = [
        invited({ user: `a${i}`, device: 'd' }, `b${i}`),
        invited({ user: `b${i}`, device: 'd' }, `a${i}`),
      ];
      const both = await Promise.all([one.commit(invitation(to)), other.commit(invitation(from))]);
      expect(both.filter(({ moved }) => moved)).toHaveLength(1);
    }
  });

  test('[SHR2] cursors of an inbox have no holes, and none appears behind one that was read', async () => {
    const stores = await twoStores();
    const read: number[] = [];
    const readOn = async () => {
      const items = await stores[0].inbox('bob', read.at(-1) ?? 0, 999);
      read.push(...items.map(({ cursor }) => cursor));
    };
    // Read on after each that is written, while all others are.
    const writers = Array.from({ length: 200 }, async (_, i) => {
      await commit(stores[i % 2]!, { inbox: [textOf(`user${i % 13}`, 'bob')] });
    });
    let reading = Promise.resolve();
    for (const writer of writers) void writer.then(() => (reading = reading.then(readOn)));
    await Promise.all(writers);
    await reading;
    await readOn();
    expect(read).toEqual(Array.from({ length: 200 }, (_, i) => i + 1));
    const told = await stores[1].conversationsSince('bob', 0, 99);
    expect(told.at(-1)?.revision).toBe(200);
  });

  test('[SHR1] users who write to each other both ways, and acknowledge, wait for nobody in a circle', async () => {
    const stores = await twoStores();
    const users = ['a', 'b', 'c', 'd', 'e'];
    const steps = Array.from({ length: 120 }, (_, i) => {
      const [from, to] = [users[i % 5]!, users[(i * 3 + 1) % 5]!];
      const device = bound({ user: to, device: `d${i}` }, { acknowledged: i });
      return stepOf({ inbox: [textOf(from, to)], devices: [device] });
    });
    const committed = await Promise.all(steps.map((step, i) => stores[i % 2]!.commit(step)));
    expect(committed.every(({ moved }) => moved)).toBe(true);
    const heads = await Promise.all(users.map((user) => stores[0].inboxHead(user)));
    const places = steps.flatMap(({ inbox: [item] }) => [...new Set([item!.from, item!.to])]);
    expect(heads).toEqual(users.map((user) => places.filter((each) => each === user).length));
  });

  test('[SHR13] a move that commits after others with higher numbers is found by whoever reads on from the horizon', async () => {
    const url = await newDatabase();
    const [store, late] = [await openStore(url), await connect(url)];
    const before = await store.moves({ user: '', move: 0 }, 0);
    await late.exec(`begin; insert into users values
      ('alice', '{}', 1, false, pg_current_xact_id()::text::bigint)`);
    await commit(store, { devices: [bound(bob1)] });
    const first = await store.moves({ user: '', move: before.horizon }, 9);
    expect(first.moves.map(({ user }) => user)).toEqual(['bob']);
    await late.exec('commit');
    const [alice, bob] = await store.presence(['alice', 'bob']);
    expect(alice?.move).toBeLessThan(bob?.move ?? 0);
    const next = await store.moves({ user: '', move: first.horizon }, 9);
    expect(next.moves.map(({ user }) => user)).toEqual(['alice', 'bob']);
  });

  test('[SHR13] numbers that came with a copy of another database are no moves', async () => {
    const url = await newDatabase();
    const [store, client] = [await openStore(url), await connect(url)];
    await client.exec(`insert into users values ('alice', '{}', 1, false, 1000000000000)`);
    const { moves } = await store.moves({ user: '', move: 0 }, 9);
    expect(moves).toEqual([]);
    await commit(store, { devices: [bound(alice1)] });
    expect((await store.moves({ user: '', move: 0 }, 9)).moves).toHaveLength(1);
  });

  test('one key is used once, whichever node it comes to', async () => {
    const stores = await twoStores();
    const sent = stores.map((store) =>
      store.commit(stepOf({ inbox: [{ ...textOf('alice', 'bob'), key: 'k' }] })),
    );
    expect((await Promise.all(sent)).filter(({ moved }) => moved)).toHaveLength(1);
    expect(await stores[0].inboxHead('bob')).toBe(1);
  });

  test('a device that another node changed meanwhile is compared with what it was then', async () => {
    const [one, other] = await twoStores();
    const device = bound(bob1, { login: { endsAt: null, channels: ['room'] } });
    await commit(one, { devices: [device] });
    const gone = { ...lost(device, 7), login: null };
    await commit(other, { devices: [gone] });
    expect(await one.commit(stepOf({ devices: [{ ...device, version: 2, lastSeq: 1 }] }))).toEqual({
      moved: false,
    });
    expect(await one.countMembers(['room'])).toEqual([0]);
    const back = { ...gone, ...bound(bob1), version: 3 };
    await commit(one, { devices: [back] });
    expect(await other.load({ users: [], devicesOf: ['bob'] })).toMatchObject({ devices: [back] });
    expect(await other.presence(['bob'])).toMatchObject([{ online: true }]);
  });

  test('attributes go with the last of two members who leave at once by two nodes', async () => {
    const stores = await twoStores();
    const room = { kind: 'channel', channel: 'room' } as const;
    for (let i = 0; i < 10; i++) {
      const pages = [`a${i}`, `b${i}`].map((user) =>
        bound({ user, device: 'd' }, { login: { endsAt: null, channels: ['room'] } }),
      );
      await commit(stores[0], { devices: pages });
      const of = { of: room, version: 0, attributes: [] };
      await commit(stores[0], { attributes: [of] });
      const leaving = pages.map((page, n) =>
        stores[n]!.commit(stepOf({ devices: [{ ...page, version: 2, login: null }] })),
      );
      await Promise.all(leaving);
      const { rtm } = await stores[0].load({ users: [], rtm: { attributesOf: room } });
      expect(rtm).toMatchObject({ attributes: { version: 0 } });
    }
  });

  test('attributes that one node sets as somebody joins by another stay with the member', async () => {
    const [one, other] = await twoStores();
    for (let i = 0; i < 30; i++) {
      const channel = `room${i}`;
      const room = { kind: 'channel', channel } as const;
      const login = { endsAt: null, channels: [channel] };
      const page = bound({ user: `a${i}`, device: 'd' }, { login });
      await Promise.all([
        commit(one, { devices: [page] }),
        commit(other, { attributes: [{ of: room, version: 0, attributes: [] }] }),
      ]);
      await one.forgetEmptyChannels(Number.MAX_SAFE_INTEGER, 9);
      const { rtm } = await one.load({ users: [], rtm: { attributesOf: room } });
      expect(rtm?.attributes.version).toBeGreaterThan(0);
    }
  });
});

describe('steps in one batch', () => {
  test('[SHR3] the second of two that touch one user sees what the first wrote, and loses alone', async () => {
    const store = await openStore();
    const call = invited();
    const steps = [
      { ...invitation(call), inbox: [textOf('alice', 'bob')] },
      stepOf({ calls: [cancelled(call)], inbox: [textOf('alice', 'bob')] }),
      stepOf({ calls: [established(call)], inbox: [textOf('alice', 'bob')] }),
      stepOf({ lines: [lineOf('carol', 1)] }),
    ];
    const committed = await Promise.all(steps.map((step) => store.commit(step)));
    expect(committed.map(({ moved }) => moved)).toEqual([true, true, false, true]);
    expect(await store.inboxHead('bob')).toBe(2);
    expect(await store.log(call.id)).toHaveLength(2);
  });

  test('[SHR3] the one that must not be fails alone, and what it wrote is undone', async () => {
    const store = await openStore();
    const [over, others] = [invited(), Array.from({ length: 5 }, (_, i) => `user${i}`)];
    await commit(store, { records: [cancelled(over).record] });
    const bad = stepOf({ records: [cancelled(over).record], inbox: [textOf('alice', 'user0')] });
    const good = others.map((user) => stepOf({ inbox: [textOf('alice', user)] }));
    const settled = await Promise.allSettled([bad, ...good].map((step) => store.commit(step)));
    expect(settled.map(({ status }) => status)).toEqual([
      'rejected',
      ...others.map(() => 'fulfilled'),
    ]);
    expect(settled[0]).toMatchObject({ reason: expect.any(AssertionError) as unknown });
    expect(await store.inboxHead('alice')).toBe(5);
    expect(await store.inboxHead('user0')).toBe(1);
  });

  test('more than fit in one are all committed', async () => {
    const store = await openStore();
    const users = Array.from({ length: 600 }, (_, i) => `user${i}`);
    await Promise.all(users.map((user) => commit(store, { lines: [lineOf(user, 1)] })));
    const { lines } = await store.load({ users });
    expect(lines.every(({ version }) => version === 1)).toBe(true);
  });
});

describe('what is read', () => {
  test('a load waits its turn behind earlier reads, and not for later ones', async () => {
    const store = await openStore();
    const order: string[] = [];
    const read = () => store.records({ user: 'alice', limit: 1 }).then(() => order.push('read'));
    const early = Array.from({ length: 20 }, read);
    const load = store.load({ users: ['alice'] }).then(() => order.push('load'));
    await setImmediate();
    await Promise.all([...early, load, ...Array.from({ length: 1_000 }, read)]);
    expect(order.at(-1)).toBe('read');
  });

  test.each([
    { isPatient: false, most: MAX_LOADS },
    { isPatient: true, most: MAX_PATIENT_LOADS },
  ])(
    'more scopes than fit in one statement are all loaded, patient: $isPatient',
    async ({ isPatient, most }) => {
      const store = await openStore();
      const users = Array.from({ length: most + 1 }, (_, i) => `user${i}`);
      const asked = users.map((user) => store.load({ users: [user], isPatient }));
      expect((await Promise.all(asked)).map(({ lines }) => lines[0]?.user)).toEqual(users);
    },
  );

  test('[HBT6] what a command needs is loaded before what is patient and was asked earlier', async () => {
    const store = await openStore();
    const order: string[] = [];
    const load = (who: string, isPatient: boolean) =>
      store.load({ users: [who], isPatient }).then(() => order.push(who));
    const patient = Array.from({ length: 20 * MAX_PATIENT_LOADS }, () => load('patient', true));
    await Promise.all([...patient, load('command', false)]);
    // As many statements as there are lanes are under way at once.
    expect(order.indexOf('command')).toBeLessThan(4 * MAX_PATIENT_LOADS);
  });

  test('[HBT6] what is patient comes to its turn, however many commands there are', async () => {
    const store = await openStore();
    const order: string[] = [];
    const load = (who: string, isPatient: boolean) =>
      store.load({ users: [who], isPatient }).then(() => order.push(who));
    const commands = Array.from({ length: 20 * MAX_LOADS }, () => load('command', false));
    await Promise.all([...commands, load('patient', true)]);
    expect(order.indexOf('patient')).toBeLessThan(4 * MAX_LOADS);
  });
});

describe('strings that PostgreSQL cannot hold as they are', () => {
  const odd = 'a\u0000b\ud800c\u0001';
  test('[SHR7] survive in every id and name that users choose', async () => {
    const store = await openStore();
    const actor = { user: odd, device: `${odd}d` };
    const call = invited(actor, `${odd}2`, { content: odd });
    const device = bound(actor, {
      login: { endsAt: null, channels: [odd] },
      profile: { user: odd, name: odd },
    });
    await commit(store, {
      ...invitation(call),
      devices: [device],
      inbox: [{ ...textOf(odd, `${odd}2`, odd), key: odd }],
      records: [cancelled(call).record],
    });
    const of = { kind: 'channel', channel: odd } as const;
    await commit(store, { attributes: [{ of, version: 0, attributes: [] }] });
    const loaded = await store.load({
      users: [odd],
      actor,
      devicesOf: [odd],
      sent: { from: odd, key: odd },
      rtm: { attributesOf: of, loginsOf: odd },
    });
    expect(loaded).toMatchObject({ calls: [call], actor: device, devices: [device] });
    expect(loaded.sent).toMatchObject({ to: `${odd}2` });
    expect(loaded.rtm).toMatchObject({ logins: [actor], isThere: true });
    expect(await store.members([odd], 9)).toEqual([{ members: [odd], count: 1 }]);
    expect(await store.inbox(odd, 0, 9)).toMatchObject([{ from: odd, to: `${odd}2` }]);
    expect(await store.conversations({ user: odd, limit: 9 })).toMatchObject([{ peer: `${odd}2` }]);
    expect(await store.directory(undefined, 9)).toMatchObject([{ user: odd, name: odd }]);
    expect(await store.records({ user: odd, peer: `${odd}2`, limit: 9 })).toHaveLength(1);
    expect(await store.presence([odd])).toMatchObject([{ user: odd, online: true }]);
  });
});
