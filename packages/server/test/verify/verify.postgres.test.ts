import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { MAX_MISSED, MAX_UNREAD } from '@ringline/protocol';
import { afterAll, expect, test } from 'vitest';
import { openTransferTarget } from '../../src/store/postgres/transfer-target.ts';
import { openSqliteStore } from '../../src/store/sqlite/store.ts';
import { openTransferSource } from '../../src/store/sqlite/transfer-source.ts';
import { transfer } from '../../src/store/transfer.ts';
import { PAGE } from '../../src/verify/pages.ts';
import { verify } from '../../src/verify/verify.ts';
import { commit, invited, recordOf, stepOf, textOf } from '../store/builders.ts';
import { event } from '../store/contract/outbox-builders.ts';
import { connect, newDatabase, openStore } from '../store/postgres/databases.ts';
import { CALL } from '../support/calls.ts';
import { flawsOf } from './flaws-of.ts';
import { lived } from './life.ts';

afterAll(async () => {
  if (written) rmSync(dirname(await written), { recursive: true });
});

let written: Promise<string> | undefined;

/** A database in which a life was written, as the clock of tests can do it in memory: into SQLite, and transferred. */
async function livedDatabase(): Promise<string> {
  const file = await (written ??= writtenLife());
  const url = await newDatabase();
  const [source, target] = [openTransferSource(file), await openTransferTarget(url)];
  await transfer(source, target, () => undefined);
  await target.close();
  source.close();
  return url;
}

async function writtenLife(): Promise<string> {
  const file = join(mkdtempSync(join(tmpdir(), 'ringline-')), 'ringline.db');
  const store = openSqliteStore(file);
  await lived(store);
  await store.close();
  return file;
}

/** What verify says of a database in which a life was written, and then this changed behind everybody's back. */
async function spoiled(...statements: readonly string[]): Promise<readonly string[]> {
  const url = await livedDatabase();
  const store = await openStore(url);
  const client = await connect(url);
  for (const statement of statements) await client.exec(statement);
  return flawsOf(store);
}

test('[VFY1] what was kept in an ordinary life fits together in PostgreSQL', async () => {
  const store = await openStore(await livedDatabase());
  const verdict = await verify(store, (flaw) => expect(flaw).toBe('nothing'));
  expect(verdict).toEqual({
    calls: 4,
    open: 1,
    records: 3,
    deliveries: 6,
    users: 2,
    items: 8,
    conversations: 2,
    flaws: 0,
  });
});

test('[INB17] what was removed from inboxes is no difference in PostgreSQL', async () => {
  const store = await openStore(await livedDatabase());
  for (;;) {
    const { more } = await store.removeOlder(Number.MAX_SAFE_INTEGER, 1);
    expect(await flawsOf(store)).toEqual([]);
    if (!more) break;
  }
});

test.each([
  [`delete from call_log where version = 1`],
  [`delete from records where call = '${CALL}'`],
  [`delete from calls where id = '${CALL}'`],
  [`update lines set calls = '{}'`],
  [`update inboxes set head = head + 1`],
  [`delete from inbox where owner = 'bob' and cursor = 2`],
  [`delete from messages where n = 1`],
  [`update messages set user_a = user_b`],
  [`update messages set id = 'one'`],
  [`delete from inbox`],
  [`update conversations set last = last - 1`],
  [`update calls_seen set position = 99`],
  [`update events set sequence = 1`],
  [`update events set data = replace(data, '"bob"', '"eve"') where type = 'message.sent'`],
  [`delete from events`],
  [`update deliveries set due_at = null`],
])('[VFY1] what was changed behind its back is found in PostgreSQL: %s', async (statement) => {
  expect(await spoiled(statement)).not.toEqual([]);
});

test('[VFY6] more than a page of everything is read to its end', async () => {
  const store = await openStore();
  const count = PAGE + 1;
  const calls = Array.from({ length: count }, (_, i) => invited({ user: `u${i}`, device: 'd' }));
  const inbox = Array.from({ length: count }, (_, i) => textOf(`u${i}`, 'bob'));
  const steps = calls.map((call, i) => stepOf({ calls: [call], inbox: [inbox[i]!] }));
  await Promise.all(steps.map((step) => store.commit(step)));
  const verdict = await verify(store, () => undefined);
  expect(verdict).toMatchObject({ calls: count, items: 2 * count, conversations: 2 * count });
});

test('[VFY5] missed calls and unread items are counted as far as users are told', async () => {
  const store = await openStore();
  const inbox = Array.from({ length: MAX_UNREAD + 1 }, () => textOf('alice', 'bob'));
  await commit(store, { inbox });
  expect(await flawsOf(store)).toEqual([]);
  const records = Array.from({ length: MAX_MISSED + 1 }, () => recordOf(invited()));
  await commit(store, { records });
  const audit = await store.audit();
  const [, bob] = await audit.users(undefined, 9);
  expect(bob).toMatchObject({ user: 'bob', missed: MAX_MISSED });
  await audit.close();
});

test('[SHR11] a reading sees one moment, and hinders nobody who writes', async () => {
  const store = await openStore();
  await commit(store, { inbox: [textOf('alice', 'bob')], calls: [invited()] });
  const audit = await store.audit();
  await commit(store, { inbox: [textOf('alice', 'bob')], calls: [invited()] });
  await store.removeOlder(Number.MAX_SAFE_INTEGER, 9);
  expect(await audit.calls(0, 9)).toHaveLength(1);
  expect(await audit.items(undefined, 9)).toHaveLength(2);
  await audit.close();
  const later = await store.audit();
  expect(await later.items(undefined, 9)).toHaveLength(0);
  await later.close();
});

test('[SHR7] texts that PostgreSQL cannot hold are read as they were written', async () => {
  const odd = 'a\u0000b\ud800c';
  const store = await openStore();
  const message = textOf(odd, `${odd}2`, odd);
  const told = event('k', ['one'], 'message.sent');
  const data = { id: message.id, from: odd, to: `${odd}2`, text: odd };
  await commit(store, { inbox: [message], events: [{ ...told, key: odd, data }] });
  const audit = await store.audit();
  const [read] = await audit.messageEvents(0, 9);
  expect(read).toMatchObject({ key: odd, data, message: { id: message.id, from: odd } });
  expect(await audit.items(undefined, 9)).toMatchObject([
    { owner: odd, message: { from: odd, to: `${odd}2`, isListed: true } },
    { owner: `${odd}2`, message: { isListed: true } },
  ]);
  expect(await audit.conversations(undefined, 9)).toMatchObject([{ owner: odd }, { peer: odd }]);
  await audit.close();
});
