import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { decideInvitation } from '@ringline/call';
import type { Invitation } from '@ringline/call';
import { expect, test } from 'vitest';
import { run } from '../../src/cli/run.ts';
import { openStore as openConfigured, transferStore } from '../../src/compose.ts';
import type { Orphan } from '../../src/store/leases.ts';
import { openTransferTarget } from '../../src/store/postgres/transfer-target.ts';
import { openSqliteStore } from '../../src/store/sqlite/store.ts';
import { openTransferSource } from '../../src/store/sqlite/transfer-source.ts';
import type { Store } from '../../src/store/store.ts';
import { TRANSFER_PORTION, transfer } from '../../src/store/transfer.ts';
import type { TransferSource } from '../../src/store/transfer.ts';
import { TRANSFER_TABLES } from '../../src/store/transfer-tables.ts';
import { testWorld } from '../cli/fixture.ts';
import { flawsOf } from '../verify/flaws-of.ts';
import { lived } from '../verify/life.ts';
import {
  T0,
  bound,
  cancelled,
  commit,
  invitation,
  invited,
  lost,
  newCallId,
  textOf,
} from './builders.ts';
import { FAILED, claim, endpoint, event, giveUp, settle } from './contract/outbox-builders.ts';
import { connect, newDatabase, openStore } from './postgres/databases.ts';
import { newFile } from './sqlite-files.ts';

const ODD = 'a\u0000b\u0001c';

const SUMMARY = { seconds: 60, mos: 4.2, mosMin: 3.9, lossRatio: 0.01, relayed: false };
const INVITATION = newCallId();

/** A bare invitation. */
function asked(): Invitation {
  const by = { user: ODD, device: ODD };
  const { invitation: made } = decideInvitation(
    { invitation: undefined, open: 0, incoming: 0, between: 0, isCalleeHere: true },
    { type: 'rtm-invite', invitation: INVITATION, by, to: 'ünï', content: ODD, channel: '' },
    T0,
  );
  if (!made) throw new Error('no invitation came of it');
  return made;
}

/** Puts something into every table. */
async function fill(store: Store): Promise<void> {
  await lived(store);
  const call = invited({ user: ODD, device: 'd' }, 'ünï', { content: ODD });
  const login = { endsAt: T0 + 9, channels: ['room', ODD] };
  const device = bound({ user: ODD, device: ODD }, { login, profile: { user: ODD, name: ODD } });
  await commit(store, {
    ...invitation(call),
    devices: [device, bound({ user: 'alice', device: 'page' }, { acknowledged: 3 })],
    inbox: [{ ...textOf(ODD, 'ünï', ODD), key: ODD }, textOf('ünï', ODD), textOf('ünï', 'ünï')],
    events: [event('k', ['one', 'two']), event('k'), event(ODD, ['one'], 'message.sent')],
  });
  await commit(store, {
    calls: [cancelled(call)],
    records: [cancelled(call).record],
    seen: [{ user: ODD, call: call.id }],
    quality: [{ call: call.id, user: ODD, ...SUMMARY }],
    attributes: [{ of: { kind: 'channel', channel: ODD }, version: 0, attributes: [] }],
    invitations: [asked()],
  });
  await store.addEndpoint(endpoint('one'), 9);
  await store.shortenLogs(T0 + 99_000, 1);
  await store.renewLease('incarnation', T0 + 5);
  await store.takeDuty('remove-items', 'incarnation', T0);
  await store.noteEndpoints(['one'], T0);
  const [first, second] = await claim(store, 'one', T0 + 1);
  await settle(store, first, FAILED, T0 + 60_000);
  await giveUp(store, second);
  await claim(store, 'two', T0 + 1);
}

/** A file with something in every table. */
async function fullFile(): Promise<string> {
  const file = newFile();
  const store = openSqliteStore(file);
  await fill(store);
  await store.close();
  return file;
}

/** A file in which all fits together. */
async function soundFile(): Promise<string> {
  const file = newFile();
  const store = openSqliteStore(file);
  await lived(store);
  await store.close();
  return file;
}

async function copy(source: TransferSource, url: string): Promise<number> {
  try {
    const target = await openTransferTarget(url);
    try {
      return await transfer(source, target, () => undefined);
    } finally {
      await target.close();
    }
  } finally {
    source.close();
  }
}

/** What a store tells of all this. */
async function told(store: Store): Promise<unknown> {
  const users = ['alice', 'bob', ODD, 'ünï'];
  const audit = await store.audit();
  const whole = {
    calls: await audit.calls(0, 99),
    users: await audit.users(undefined, 99),
    items: await audit.items(undefined, 99),
    conversations: await audit.conversations(undefined, 99),
    messageEvents: await audit.messageEvents(0, 99),
    strays: await audit.strays(9),
    forgotten: await audit.forgotten(),
  };
  await audit.close();
  const ofUsers = users.map(async (user) => ({
    loaded: await store.load({
      users: [user],
      devicesOf: [user],
      actor: { user, device: user },
      rtm: { loginsOf: user, openOf: user },
      sent: { from: user, key: ODD },
    }),
    standing: await store.inboxStanding(user),
    history: await store.history(user, 'ünï', 99, 99),
    conversations: await store.conversations({ user, limit: 99 }),
    records: await store.records({ user, limit: 99 }),
  }));
  const rtm = { attributesOf: { kind: 'channel', channel: ODD } } as const;
  return {
    whole,
    users: await Promise.all(ofUsers),
    log: await store.log(whole.calls.at(-1)!.id),
    quality: await store.quality(whole.calls.map(({ id }) => id)),
    directory: (await store.directory(undefined, 99)).toSorted((a, b) =>
      a.user < b.user ? -1 : 1,
    ),
    presence: await store.presence(users),
    endpoints: await store.endpoints(),
    deliveries: await store.deliveries({ limit: 99 }),
    missed: await store.noteEndpoints(['one'], T0 + 99),
    next: await store.nextDelivery(['one', 'two']),
    orphans: await orphansOf(store),
    members: await store.members([ODD], 9),
    attributes: (await store.load({ users: [], rtm })).rtm,
    invitations: await store.invitations([INVITATION]),
    due: await store.dueCalls(Number.MAX_SAFE_INTEGER, 99),
    logins: await store.dueLogins(Number.MAX_SAFE_INTEGER, 99),
  };
}

async function orphansOf(store: Store): Promise<readonly Orphan[]> {
  await store.declareDead(Number.MAX_SAFE_INTEGER);
  return store.orphans(99);
}

/** The columns of a database, by table. */
async function columnsOf(url: string): Promise<Record<string, string[]>> {
  const client = await connect(url);
  const rows = await client.rows<{ table: string; column: string }>({
    name: 'columns',
    text: `select table_name as table, column_name as column from information_schema.columns
      where table_schema = current_schema() and is_generated = 'NEVER'
        and table_name <> 'schema_version'`,
  });
  const columns: Record<string, string[]> = {};
  for (const { table, column } of rows) (columns[table] ??= []).push(column);
  return columns;
}

test('[SHR12] everything is told by PostgreSQL as it was by SQLite', async () => {
  const file = await fullFile();
  const before = openSqliteStore(file);
  const expected = await told(before);
  await before.close();
  const url = await newDatabase();
  expect(await copy(openTransferSource(file), url)).toBeGreaterThan(0);
  expect(await told(await openStore(url))).toEqual(expected);
});

test('[SHR12] no table of either store is left out, nor a column, and none is empty in this test', async () => {
  const url = await newDatabase();
  const file = await fullFile();
  const source = openTransferSource(file);
  for (const table of TRANSFER_TABLES) {
    expect(`${table.name} ${source.count(table) > 0}`).toBe(`${table.name} true`);
  }
  await copy(source, url);
  const listed = TRANSFER_TABLES.map(({ name, columns }) => {
    const names = Object.keys(columns).map((each) => (each === 'user' ? 'user_id' : each));
    return [name, names.toSorted()];
  });
  const there = Object.entries(await columnsOf(url)).map(([name, columns]) => {
    return [name, columns.toSorted()];
  });
  expect(Object.fromEntries(there)).toEqual(Object.fromEntries(listed));
  const database = new DatabaseSync(file);
  const tables = database.prepare(`SELECT name FROM sqlite_schema WHERE type = 'table'
    AND name NOT LIKE 'sqlite_%'`);
  expect(
    tables
      .all()
      .map(({ name }) => String(name))
      .toSorted(),
  ).toEqual(TRANSFER_TABLES.map(({ name }) => name).toSorted());
  database.close();
});

test('[SHR12] what comes later is numbered from there, also after rows that are gone', async () => {
  const file = newFile();
  const store = openSqliteStore(file);
  await commit(store, { events: [event('a'), event('b')] });
  await store.forgetDeliveries('one', 9);
  expect(await store.forgetEvents(T0 + 9, { limit: 9 })).toMatchObject({ count: 2 });
  await commit(store, { inbox: [textOf('alice', 'bob')], records: [cancelled(invited()).record] });
  await store.close();
  const url = await newDatabase();
  await copy(openTransferSource(file), url);
  const after = await openStore(url);
  const later = event('c');
  const call = invited();
  await commit(after, {
    ...invitation(call),
    events: [later],
    inbox: [textOf('alice', 'bob')],
    records: [cancelled(call).record],
  });
  expect(await after.event(later.id)).toMatchObject({ n: 3 });
  expect((await after.inbox('bob', 0, 9)).map(({ cursor }) => cursor)).toEqual([1, 2]);
  expect(await after.records({ user: 'alice', limit: 9 })).toHaveLength(2);
});

test('[SHR12] records come behind those that are forgotten', async () => {
  const file = newFile();
  const store = openSqliteStore(file);
  const over = cancelled(invited());
  await commit(store, { records: [over.record], seen: [{ user: 'bob', call: over.id }] });
  await store.forgetCalls(over.record.endedAt + 1, { limit: 9 });
  await store.close();
  const url = await newDatabase();
  await copy(openTransferSource(file), url);
  const after = await openStore(url);
  expect(await flawsOf(after)).toEqual([]);
  await commit(after, { records: [cancelled(invited()).record] });
  expect(await after.missedCalls('bob')).toBe(1);
});

test('[SHR12] devices that are gone are forgotten there as they would have been here', async () => {
  const file = newFile();
  const store = openSqliteStore(file);
  const users = ['alice', ODD, 'ünï'];
  const devices = users.map((user) =>
    bound({ user, device: ODD }, { profile: { user, name: ODD } }),
  );
  await commit(store, { devices });
  await commit(store, { devices: devices.map((device, i) => lost(device, T0 + i)) });
  expect((await store.forgetDevices(T0 + 1, { from: 0, limit: 9 })).count).toBe(1);
  await store.close();
  const url = await newDatabase();
  await copy(openTransferSource(file), url);
  const after = await openStore(url);
  const left = await after.forgetDevices(T0 + 2, { from: 0, limit: 9 });
  expect(left).toEqual({ count: 1, nextFrom: T0 + 2 });
  expect(await flawsOf(after)).toEqual([]);
});

test('[SHR12] of more than a portion every row comes once', async () => {
  const file = newFile();
  const store = openSqliteStore(file);
  const count = 2 * TRANSFER_PORTION;
  const inbox = Array.from({ length: count }, (_, i) => textOf(`user${i}`, 'bob'));
  await commit(store, { inbox });
  await store.close();
  const url = await newDatabase();
  await copy(openTransferSource(file), url);
  expect(await flawsOf(await openStore(url))).toEqual([]);
  const client = await connect(url);
  const items = { name: 'items', text: 'select count(*) from inbox' };
  expect(await client.rows(items)).toEqual([{ count: 2 * count }]);
});

test('[SHR12] what breaks in the middle leaves an empty database, and can be begun again', async () => {
  const file = await soundFile();
  const url = await newDatabase();
  const source = openTransferSource(file);
  const breaking: TransferSource = {
    count: (table) => source.count(table),
    counted: (table) => source.counted(table),
    close: () => source.close(),
    rows: (table, after, limit) => {
      if (table.name === 'events') throw new Error('the disk broke');
      return source.rows(table, after, limit);
    },
  };
  await expect(copy(breaking, url)).rejects.toThrow('the disk broke');
  const client = await connect(url);
  const rows = { name: 'calls', text: 'select from calls' };
  expect(await client.rows(rows)).toEqual([]);
  await copy(openTransferSource(file), url);
  expect(await flawsOf(await openStore(url))).toEqual([]);
});

test('[SHR12] a row that did not come is noticed before anything counts', async () => {
  const url = await newDatabase();
  const source = openTransferSource(await soundFile());
  const losing: TransferSource = {
    count: (table) => source.count(table),
    counted: (table) => source.counted(table),
    close: () => source.close(),
    rows: (table, after, limit) => source.rows(table, after, limit).slice(1),
  };
  await expect(copy(losing, url)).rejects.toThrow(/of \d+ rows of lines \d+ were read/);
  await copy(openTransferSource(await soundFile()), url);
  expect(await flawsOf(await openStore(url))).toEqual([]);
});

test('[SHR12] a database that has rows, a file that is not there and one that is in use are refused', async () => {
  const url = await newDatabase();
  const file = await soundFile();
  await commit(await openStore(url), { inbox: [textOf('alice', 'bob')] });
  await expect(copy(openTransferSource(file), url)).rejects.toThrow(
    /the target is not empty, its table lines has rows: give a new database/,
  );
  expect(() => openTransferSource(`${file}.none`)).toThrow(/there is no .* set DATA_DIR/);
  const server = openSqliteStore(file);
  expect(() => openTransferSource(file)).toThrow(/in use by another process/);
  await server.close();
});

test('[SHR12] the command tells how far it is, verifies what came, and says what to do when it cannot', async () => {
  const file = await soundFile();
  const url = await newDatabase();
  const world = testWorld({ openStore: openConfigured, transferStore });
  const flags = ['--data-dir', join(file, '..'), '--database-url', url];
  expect(await run(['transfer-store', ...flags], world.world)).toBe(0);
  expect(world.out()).toMatch(/^lines: (\d+) of \1$/m);
  expect(world.out()).toMatch(/^\d+ rows are in PostgreSQL/m);
  expect(world.out()).toMatch(/all fits together$/);
  expect(await run(['transfer-store', ...flags], world.world)).toBe(1);
  expect(world.err()).toMatch(/cannot be transferred: the target is not empty/);
});
