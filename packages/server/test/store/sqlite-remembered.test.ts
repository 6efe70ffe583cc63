import type { Conversation } from '@ringline/protocol';
import { MAX_MISSED, MAX_UNREAD } from '@ringline/protocol';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { MemoryStore } from '../../src/store/memory/store.ts';
import { MAX_CHANGED } from '../../src/store/sqlite/standings.ts';
import { StoreFault } from '../../src/store/store.ts';
import type { Step, Store } from '../../src/store/store.ts';
import { T0, bound, cancelled, commit, invited, stepOf, textOf } from './builders.ts';
import { WatchedSqlite, diskFull, newFile, openStore } from './sqlite-files.ts';

const LIMIT = 99;

/** One more peer than a user is remembered to have changed conversations with, and Bob. */
const USERS = ['bob', ...Array.from({ length: MAX_CHANGED + 1 }, (_, i) => `u${i}`)];

test('what is remembered is what the rows say, whatever happens to inboxes', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(happening(), { maxLength: 40, size: 'max' }), async (happenings) => {
      const sqlite = new WatchedSqlite();
      const [store, model] = [openStore(newFile(), sqlite.open), new MemoryStore()];
      for (const { does, isLost } of happenings) {
        if (isLost) await lose(sqlite, () => does(store));
        else await Promise.all([does(store), does(model)]);
      }
      for (const user of USERS) expect(await allOf(store, user)).toEqual(await allOf(model, user));
    }),
    { numRuns: 30 },
  );
});

/** The disk is full while this is written. */
async function lose(sqlite: WatchedSqlite, write: () => Promise<unknown>): Promise<void> {
  sqlite.commitError = diskFull();
  await write().catch(throwUnlessFault);
  sqlite.commitError = undefined;
}

function throwUnlessFault(error: unknown): void {
  if (!(error instanceof StoreFault)) throw error;
}

/** Something done to a store; lost when the disk is full meanwhile. */
interface Happening {
  readonly does: (store: Store) => Promise<unknown>;
  readonly isLost: boolean;
}

function happening(): fc.Arbitrary<Happening> {
  // Mostly the same two, so that much happens between them.
  const user = fc.oneof(
    { weight: 3, arbitrary: fc.constantFrom('bob', 'u0') },
    { weight: 1, arbitrary: fc.constantFrom(...USERS) },
  );
  const cursor = fc.nat(12);
  const but = fc.oneof(fc.constant(0), fc.integer({ min: -1, max: 2 }));
  const does = fc.oneof(
    { weight: 4, arbitrary: fc.record({ from: user, to: user }).map(says) },
    {
      weight: 2,
      arbitrary: fc.record({ from: user, to: user, isSent: fc.boolean() }).map(saysToOne),
    },
    {
      weight: 2,
      arbitrary: fc.record({ user, peer: user, cursor, isTold: fc.boolean() }).map(reads),
    },
    { weight: 3, arbitrary: fc.record({ user, but }).map(acknowledges) },
    { weight: 1, arbitrary: user.map(misses) },
    { weight: 1, arbitrary: user.map((of) => (store: Store) => allOf(store, of)) },
    { weight: 1, arbitrary: fc.constant((store: Store) => store.removeOlder(T0 + 1, LIMIT)) },
    { weight: 1, arbitrary: fc.nat(6).map(keeps) },
  );
  return fc.record({ does, isLost: fc.nat(3).map((n) => n === 0) });
}

function step(parts: Partial<Step>): Happening['does'] {
  return (store) => store.commit(stepOf(parts));
}

function says({ from, to }: { from: string; to: string }): Happening['does'] {
  return step({ inbox: [textOf(from, to)] });
}

/** As a record that only one of the two takes. */
function saysToOne({
  from,
  to,
  isSent,
}: {
  from: string;
  to: string;
  isSent: boolean;
}): Happening['does'] {
  return step({ inbox: [{ ...textOf(from, to), owners: [isSent ? from : to] }] });
}

function reads(mark: Step['reads'][number]): Happening['does'] {
  return step({ reads: [mark] });
}

/** A new device of the user has everything but the last few, or claims to have one more. */
function acknowledges({ user, but }: { user: string; but: number }): Happening['does'] {
  const device = `device ${newDevice++}`;
  return async (store) => {
    const acknowledged = Math.max(0, (await store.inboxStanding(user)).head - but);
    await store.commit(stepOf({ devices: [bound({ user, device }, { acknowledged })] }));
  };
}

let newDevice = 0;

/** The user misses two calls and has seen the first of them. */
function misses(user: string): Happening['does'] {
  const records = [missedBy(user), missedBy(user)];
  return step({ records, seen: [{ user, call: records[0]!.call }] });
}

function keeps(keep: number): Happening['does'] {
  return (store) => store.removeBeyond({ keep, inboxes: LIMIT, limit: LIMIT });
}

function missedBy(user: string) {
  return cancelled(invited(undefined, user)).record;
}

/** All that is told of a user's inbox, but for revisions: each store counts them by itself, and they must be in order. */
async function allOf(store: Store, user: string) {
  const { revision, ...standing } = await store.inboxStanding(user);
  const changed = await store.conversationsSince(user, 0, LIMIT);
  for (let after = 1; after <= revision; after++) {
    const later = changed.filter((conversation) => conversation.revision > after);
    expect(await store.conversationsSince(user, after, LIMIT)).toEqual(later);
  }
  const listed = await store.conversations({ user, limit: LIMIT });
  return {
    standing,
    items: await store.inbox(user, 0, LIMIT),
    end: await store.inbox(user, standing.head, LIMIT),
    listed: listed.map(withoutRevision),
    changed: changed.map(withoutRevision).toSorted((a, b) => (a.peer < b.peer ? -1 : 1)),
    missed: await store.missedCalls(user),
  };
}

function withoutRevision<T extends Conversation>(conversation: T): Omit<T, 'revision'> {
  const { revision, ...rest } = conversation;
  expect(revision).toBeGreaterThanOrEqual(0);
  return rest;
}

test('when a removal fails, inboxes are as before it', async () => {
  const sqlite = new WatchedSqlite();
  const store = openStore(newFile(), sqlite.open);
  await commit(store, { inbox: [textOf('alice', 'bob'), textOf('alice', 'bob')] });
  const before = await allOf(store, 'bob');
  sqlite.commitError = diskFull();
  await expect(store.removeOlder(T0 + 1, 1)).rejects.toThrow(StoreFault);
  sqlite.commitError = undefined;
  expect(await allOf(store, 'bob')).toEqual(before);
  expect(await store.removeOlder(T0 + 1, 1)).toMatchObject({ revised: ['bob'] });
});

test('a heartbeat that finds nothing new reads no row', async () => {
  const sqlite = new WatchedSqlite();
  const store = openStore(newFile(), sqlite.open);
  await commit(store, { inbox: [textOf('alice', 'bob')], records: [missedBy('bob')] });
  const beat = async () => [
    await store.inbox('bob', 1, LIMIT),
    await store.conversationsSince('bob', 1, LIMIT),
    await store.missedCalls('bob'),
  ];
  await beat();
  sqlite.statements = 0;
  expect(await beat()).toEqual([[], [], 1]);
  expect(sqlite.statements).toBe(0);
});

test(`the last ${MAX_CHANGED} conversations that changed are told without reading a row`, async () => {
  const sqlite = new WatchedSqlite();
  const store = openStore(newFile(), sqlite.open);
  const peers = USERS.slice(0, MAX_CHANGED + 1);
  for (const peer of peers.slice(1)) await commit(store, { inbox: [textOf(peer, 'alice')] });
  const told = async (after: number) => {
    sqlite.statements = 0;
    const changed = await store.conversationsSince('alice', after, LIMIT);
    return { peers: changed.map(({ peer }) => peer), statements: sqlite.statements };
  };
  expect(await told(0)).toEqual({ peers: peers.slice(1), statements: 0 });
  await commit(store, { inbox: [textOf(peers[0]!, 'alice')] });
  expect(await told(1)).toEqual({ peers: [...peers.slice(2), peers[0]], statements: 0 });
  expect(await told(0)).toEqual({ peers: [...peers.slice(1), peers[0]], statements: 1 });
});

test('counts that are remembered stop at their limits', async () => {
  const store = openStore();
  const texts = (count: number) => Array.from({ length: count }, () => textOf('alice', 'bob'));
  const calls = (count: number) => Array.from({ length: count }, () => missedBy('bob'));
  const counts = async () => [
    (await store.conversationsSince('bob', 0, 1))[0]?.unread,
    await store.missedCalls('bob'),
  ];
  await commit(store, { inbox: texts(MAX_UNREAD - 1), records: calls(MAX_MISSED - 1) });
  expect(await counts()).toEqual([MAX_UNREAD - 1, MAX_MISSED - 1]);
  const last = calls(2);
  await commit(store, { inbox: texts(2), records: last });
  expect(await counts()).toEqual([MAX_UNREAD, MAX_MISSED]);
  const read = { user: 'bob', peer: 'alice', isTold: false, cursor: 2 };
  await commit(store, { reads: [read], seen: [{ user: 'bob', call: last[0]!.call }] });
  expect(await counts()).toEqual([MAX_UNREAD - 1, 1]);
});
