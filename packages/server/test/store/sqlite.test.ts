import { readFileSync, rmSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { LEASE_KEPT_MS } from '../../src/store/leases.ts';
import { MIGRATIONS } from '../../src/store/sqlite/schema.ts';
import { openNodeSqlite } from '../../src/store/sqlite/node-sqlite.ts';
import { openSqliteStore } from '../../src/store/sqlite/store.ts';
import { StoreFault } from '../../src/store/store.ts';
import type { RecordQuery, Store } from '../../src/store/store.ts';
import {
  T0,
  alice1,
  bound,
  cancelled,
  commit,
  established,
  invitation,
  invited,
  lineOf,
  stepOf,
  textOf,
} from './builders.ts';
import { storeContract } from './contract.ts';
import { WatchedSqlite, diskFull, newFile, openStore } from './sqlite-files.ts';

describe('the store in SQLite', () => {
  storeContract(() => openStore());

  test('everything is still there when the file is opened again', async () => {
    const file = newFile();
    const first = openStore(file);
    const [open, over] = [invited(), invited()];
    const ended = cancelled(over);
    await commit(first, { ...invitation(open), devices: [bound(alice1, { acknowledged: 4 })] });
    await commit(first, { calls: [over], inbox: [textOf('alice', 'bob')] });
    await commit(first, { calls: [ended], records: [ended.record] });
    await first.renewLease('n1', T0 + 77);
    const before = await everythingIn(first, open.id, over.id);
    await first.close();
    expect(await everythingIn(openStore(file), open.id, over.id)).toEqual(before);
    expect(before.snapshot.calls).toEqual([ended, open]);
  });

  test('[QLT1] what was reported of a call is still there when the file is opened again', async () => {
    const file = newFile();
    const first = openStore(file);
    const summary = { seconds: 60, mos: 4.2, mosMin: 3.9, lossRatio: 0.01 };
    const quality = { call: invited().id, user: 'alice', ...summary };
    await commit(first, { quality: [{ ...quality, mos: 1 }] });
    await commit(first, { quality: [quality] });
    await first.close();
    expect(await openStore(file).quality([quality.call])).toEqual([quality]);
  });

  test.each([
    ['one more', ['a', 'b'], ['a', 'b', 'c']],
    ['one more, the oldest gone', ['a', 'b', 'c'], ['b', 'c', 'd']],
    ['another only one', ['a'], ['b']],
    ['the newest changed', ['a', 'b'], ['a', 'c']],
    ['the newest gone', ['a', 'b'], ['a']],
    ['none left', ['a'], []],
  ])('kept results are read as they were written: %s', async (_what, one, other) => {
    const file = newFile();
    const store = openStore(file);
    const all = new Map([...one, ...other].map((reply, i) => [reply, { seq: i + 1, reply }]));
    const [before, after] = [one, other].map((replies) => replies.map((each) => all.get(each)!));
    const device = bound(alice1, { results: before! });
    await commit(store, { devices: [device] });
    await commit(store, { devices: [{ ...device, version: 2, results: after! }] });
    await store.close();
    const { actor } = await openStore(file).load({ users: [], actor: alice1 });
    expect(actor?.results).toEqual(after);
  });

  test('rows that are not remembered any more are read from the file', async () => {
    const store = openStore();
    const calls = Array.from({ length: 2500 }, () => invited());
    const steps = calls.map((call, i) =>
      stepOf({ calls: [call], devices: [bound({ user: `u${i}`, device: 'd' })] }),
    );
    await Promise.all(steps.map((step) => store.commit(step)));
    const next = established(calls[0]!);
    await commit(store, { calls: [next] });
    expect(await store.call(next.id)).toEqual(next);
    expect(await store.call(calls[1]!.id)).toEqual(calls[1]);
    expect((await store.load({ users: [], devicesOf: ['u1'] })).devices).toHaveLength(1);
  });

  test('steps of one tick are committed together', async () => {
    const sqlite = new WatchedSqlite();
    const store = openStore(newFile(), sqlite.open);
    sqlite.commits = 0;
    await Promise.all(Array.from({ length: 50 }, () => commit(store, { calls: [invited()] })));
    expect(sqlite.commits).toBe(1);
    await commit(store, { calls: [invited()] });
    expect(sqlite.commits).toBe(2);
  });

  test('a load never sees a step that is not durable yet', async () => {
    const store = openStore();
    const call = invited();
    const committing = store.commit(stepOf({ calls: [call] }));
    expect(await store.call(call.id)).toBeUndefined();
    await committing;
    expect(await store.call(call.id)).toEqual(call);
  });

  test('when COMMIT fails all its steps fail, and the store goes on as before them', async () => {
    const sqlite = new WatchedSqlite();
    const store = openStore(newFile(), sqlite.open);
    const call = invited();
    await commit(store, invitation(call));
    sqlite.commitError = diskFull();
    const [first, second] = await Promise.allSettled([
      store.commit(stepOf({ calls: [established(call)], lines: [lineOf('alice', 2)] })),
      store.commit(stepOf({ devices: [bound(alice1)], inbox: [textOf('alice', 'bob')] })),
    ]);
    for (const result of [first, second]) {
      expect(result.status === 'rejected' && result.reason).toBeInstanceOf(StoreFault);
    }
    sqlite.commitError = undefined;
    const { calls, lines, actor } = await store.load({ users: ['alice'], actor: alice1 });
    expect({ calls, lines }).toEqual({
      calls: [call],
      lines: [lineOf('alice', 1, [call.id]), lineOf('bob', 1, [call.id])],
    });
    expect(actor?.version).toBe(0);
    expect(await store.inboxHead('bob')).toBe(0);
    await commit(store, { calls: [cancelled(call)] });
  });

  test('a full disk is a fault, and the store goes on when there is room again', async () => {
    const sqlite = new WatchedSqlite();
    const store = openStore(newFile(), sqlite.open);
    const call = invited();
    await commit(store, { calls: [call] });
    sqlite.allowPages(0);
    const large = stepOf({ inbox: [textOf('alice', 'bob', 'x'.repeat(30_000))] });
    const results = await Promise.allSettled([
      store.commit(stepOf({ calls: [established(call)] })),
      store.commit(large),
    ]);
    expect(results.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    await expect(store.commit(large)).rejects.toThrow(StoreFault);
    expect(await store.call(call.id)).toEqual(call);
    sqlite.allowPages(1000);
    expect((await store.commit(large)).moved).toBe(true);
    expect(await store.inboxHead('bob')).toBe(1);
  });

  test('a file in use is refused, saying what to do', async () => {
    const file = newFile();
    const owner = openStore(file);
    await commit(owner, { calls: [invited()] });
    const impatient = () => openSqliteStore(file, (name) => openNodeSqlite(name, 0));
    expect(impatient).toThrow(StoreFault);
    expect(impatient).toThrow(/in use by another process.*DATA_DIR/);
    await owner.close();
    await openStore(file).close();
  });

  test('a file that cannot be opened is a fault that names it', () => {
    const file = newFile();
    expect(() => openSqliteStore(file, (name) => openNodeSqlite(`${name}/x`, 0))).toThrow(file);
  });

  test('leases of former starts do not pile up', async () => {
    const file = newFile();
    const store = openStore(file);
    for (let i = 0; i < 20; i++) await store.renewLease(`n${i}`, T0 + i);
    await store.declareDead(T0 + 9 + LEASE_KEPT_MS);
    await store.close();
    const database = openNodeSqlite(file, 0);
    const left = database.prepare('SELECT count(*) AS leases FROM leases').get();
    database.close();
    expect(left).toEqual({ leases: 10 });
  });

  test('a file of a newer program is refused', async () => {
    const file = newFile();
    await openStore(file).close();
    const newer = openNodeSqlite(file, 0);
    newer.exec('PRAGMA user_version = 99');
    newer.close();
    expect(() => openSqliteStore(file)).toThrow(/written by a newer Ringline/);
  });

  test('a file from before conversations gets them: what had come counts as read', async () => {
    const file = newFile();
    await openStore(file).close();
    rmSync(file);
    const older = openNodeSqlite(file, 0);
    for (const migration of MIGRATIONS.slice(0, 3)) older.exec(migration);
    // Three texts of Alice to Bob and one of Carol, of which a device of Bob has had three.
    older.exec(`
      INSERT INTO messages VALUES
        (1, 'm1', 'alice', 'bob', 1, 1, 'alice', 'bob', 1, '{}'),
        (2, 'm2', 'carol', 'bob', 1, 2, 'bob', 'carol', 2, '{}'),
        (3, 'm3', 'alice', 'bob', 2, 3, 'alice', 'bob', 3, '{}'),
        (4, 'm4', 'alice', 'bob', 3, 4, 'alice', 'bob', 4, '{}');
      INSERT INTO inbox VALUES ('bob', 1, 1), ('bob', 2, 2), ('bob', 3, 3), ('bob', 4, 4),
        ('carol', 1, 2), ('alice', 1, 1), ('alice', 2, 3), ('alice', 3, 4);
      INSERT INTO inboxes VALUES ('bob', 4, 3), ('alice', 3, 0), ('carol', 1, 0);
      PRAGMA user_version = 3;`);
    older.close();
    const upgraded = openStore(file);
    const of = (user: string) => upgraded.conversations({ user, limit: 9 });
    expect(await of('bob')).toMatchObject([
      { peer: 'alice', readUpTo: 3, unread: 1, revision: 0, last: { cursor: 4 } },
      { peer: 'carol', readUpTo: 3, unread: 0 },
    ]);
    expect(await of('alice')).toMatchObject([{ peer: 'bob', deliveredUpTo: 2, peerReadUpTo: 0 }]);
    expect(await upgraded.inboxStanding('bob')).toMatchObject({ head: 4, first: 1, revision: 0 });
    await commit(upgraded, { inbox: [textOf('carol', 'bob')] });
    expect(await of('bob')).toMatchObject([{ peer: 'carol', unread: 1, revision: 1 }, {}]);
  });

  test('[WHK12] deliveries of a file from before they were listed by time are listed', async () => {
    const file = newFile();
    await openStore(file).close();
    rmSync(file);
    const older = openNodeSqlite(file, 0);
    for (const migration of MIGRATIONS.slice(0, 7)) older.exec(migration);
    older.exec(`
      INSERT INTO events VALUES (1, 'e1', 'call.held', 'call-a', 1, 20, '{}'),
        (2, 'e2', 'call.held', 'call-a', 2, 10, '{}');
      INSERT INTO deliveries VALUES
        (1, 'one', 1, 'call-a', 'event', 'waiting', 0, 20, 0, NULL, NULL),
        (2, 'one', 2, 'call-a', 'event', 'waiting', 0, NULL, 0, NULL, NULL);
      PRAGMA user_version = 7;`);
    older.close();
    const upgraded = openStore(file);
    const ids = async (query: object) =>
      (await upgraded.deliveries({ limit: 9, ...query })).map(({ event }) => event.id);
    expect(await ids({})).toEqual(['e1', 'e2']);
    expect(await ids({ endpoint: 'one', to: 20 })).toEqual(['e2']);
  });

  test('a file from before missed calls had their place among the others keeps its lists', async () => {
    const file = newFile();
    await openStore(file).close();
    rmSync(file);
    const older = openNodeSqlite(file, 0);
    for (const migration of MIGRATIONS.slice(0, 7)) older.exec(migration);
    const insert = older.prepare(`
      INSERT INTO records (call, caller, callee, ended_at, status, body)
      VALUES (?, 'alice', 'bob', 1, ?, json_object('call', ?1))`);
    for (const status of [1, 2, 3, 4, 5]) insert.run(`c${status}`, status);
    older.exec('PRAGMA user_version = 7');
    older.close();
    const upgraded = openStore(file);
    const found = async (query: Omit<RecordQuery, 'user' | 'limit'>, user = 'bob') =>
      (await upgraded.records({ user, limit: 9, ...query })).map(({ record }) => record.call);
    expect(await found({})).toEqual(['c5', 'c4', 'c3', 'c2', 'c1']);
    expect(await found({ outcome: 'missed' })).toEqual(['c5', 'c4', 'c2']);
    expect(await found({ outcome: 'refused' })).toEqual(['c3']);
    expect(await found({ outcome: 'missed', peer: 'alice' })).toEqual(['c5', 'c4', 'c2']);
    expect(await found({ outcome: 'missed' }, 'alice')).toEqual([]);
    expect(await upgraded.missedCalls('bob')).toBe(3);
  });

  test('a closed store answers with a fault, after it has finished what was under way', async () => {
    const file = newFile();
    const store = openStore(file);
    const call = invited();
    const committing = store.commit(stepOf({ calls: [call] }));
    await store.close();
    expect((await committing).moved).toBe(true);
    await expect(store.commit(stepOf())).rejects.toThrow(StoreFault);
    await expect(store.load({ users: ['alice'] })).rejects.toThrow(StoreFault);
    expect(await openStore(file).call(call.id)).toEqual(call);
  });

  test('what is acknowledged is in the file', async () => {
    const file = newFile();
    const store = openStore(file);
    await commit(store, { inbox: [textOf('alice', 'bob', 'needle-in-the-log')] });
    expect(readFileSync(`${file}-wal`).includes('needle-in-the-log')).toBe(true);
  });
});

async function everythingIn(store: ReturnType<typeof openStore>, open: string, over: string) {
  return {
    snapshot: await store.load({
      users: ['alice', 'bob'],
      call: over,
      actor: alice1,
      devicesOf: ['alice'],
    }),
    log: [await store.log(open), await store.log(over)],
    due: await store.dueCalls(T0 + 1e6, 9),
    records: await store.records({ user: 'alice', limit: 9 }),
    inbox: [await store.inbox('bob', 0, 9), await store.inboxHead('alice')],
    standing: await store.inboxStanding('alice'),
    conversations: await store.conversations({ user: 'bob', limit: 9 }),
    directory: await store.directory(undefined, 9),
    orphans: await orphansAt(store, T0 + 77),
  };
}

async function orphansAt(store: Store, now: number) {
  await store.declareDead(now);
  return store.orphans(9);
}
