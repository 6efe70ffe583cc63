import { once } from 'node:events';
import { connect as connectTo, createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { pipeline } from 'node:stream';
import { expect, test } from 'vitest';
import { Eras } from '../../../src/store/postgres/eras.ts';
import { GroupCommit } from '../../../src/store/postgres/group-commit.ts';
import { Lanes } from '../../../src/store/postgres/lanes.ts';
import type { LanesOptions } from '../../../src/store/postgres/lanes.ts';
import { StoreFault } from '../../../src/store/store.ts';
import { stepOf, textOf } from '../builders.ts';
import { afterwards, connect, newDatabase, openStore } from './databases.ts';
import { PATIENCE, faultOf } from './own-server.ts';

/** Commits whose steps wait so long at most until they begin, and others over the same connection that have time. */
function commitsTo(url: string, waitMs: number, options: Partial<LanesOptions> = {}) {
  const lanes = new Lanes(1, { url, findsByIndex: true, statementTimeoutMs: 0, ...options });
  afterwards(() => lanes.close());
  const writing = (commits: GroupCommit) => (from: string, to: string) =>
    commits.commit(stepOf({ inbox: [textOf(from, to)] }));
  return {
    lanes,
    write: writing(new GroupCommit(lanes, new Eras(), waitMs)),
    writeInTime: writing(new GroupCommit(lanes, new Eras())),
  };
}

/** The same in a database of their own. */
async function commitsWaiting(waitMs: number, options: Partial<LanesOptions> = {}) {
  const url = await newDatabase();
  const store = await openStore(url);
  return { url, store, ...commitsTo(url, waitMs, options) };
}

/** A way to a server on which nothing passes before it is opened. */
async function gateTo(url: string) {
  const opened = Promise.withResolvers<void>();
  const there = new URL(url);
  const gate = createServer((socket) => {
    void opened.promise.then(() => {
      const onward = connectTo(Number(there.port), there.hostname);
      pipeline(socket, onward, socket, () => undefined);
    });
  });
  await once(gate.listen(0, there.hostname), 'listening');
  afterwards(() => void gate.close());
  const here = new URL(url);
  here.port = String((gate.address() as AddressInfo).port);
  return { url: here.href, open: opened.resolve };
}

/** That these were refused before anything of them was sent. */
async function expectLate(writing: readonly Promise<unknown>[]): Promise<void> {
  for (const fault of await Promise.all(writing.map(faultOf))) {
    expect(fault).toBeInstanceOf(StoreFault);
    expect(fault).toMatchObject({ mayBeDone: false });
    expect(String(fault)).toMatch(/no connection was free in time: see what keeps it busy/);
  }
}

test('[SHR5] a step that waits for too long behind others is refused, and the one that is under way has its answer', async () => {
  // Long enough for the first to begin on any machine.
  const { url, store, lanes, write, writeInTime } = await commitsWaiting(2_000);
  const holder = await connect(url);
  await writeInTime('alice', 'bob');
  await holder.exec("begin; select from lines where user_id = 'bob' for update");
  const underWay = write('alice', 'bob');
  await expect.poll(() => lanes.isFree, PATIENCE).toBe(false);
  // One of the same users, and one that finds no connection.
  await expectLate([write('bob', 'alice'), write('carol', 'dave')]);
  await holder.exec('rollback');
  expect((await underWay).moved).toBe(true);
  expect((await writeInTime('carol', 'dave')).moved).toBe(true);
  expect(await store.inboxHead('dave')).toBe(1);
  expect(await store.inboxHead('bob')).toBe(2);
});

test('[SHR5] each step has its own time to wait, whoever came before it', async () => {
  const { url, lanes, write, writeInTime } = await commitsWaiting(50);
  const holder = await connect(url);
  const held = Promise.withResolvers<void>();
  const begun = Promise.withResolvers<void>();
  const work = lanes.use(() => {
    begun.resolve();
    return held.promise;
  });
  await begun.promise;
  const refused: string[] = [];
  const waits = (user: string) => faultOf(write(user, 'bob')).then(() => refused.push(user));
  const first = waits('alice');
  // Not in the same turn, so that it is not over with the other.
  await holder.exec('select pg_sleep(0.02)');
  const second = waits('carol');
  await first;
  await second;
  const third = waits('erin');
  await third;
  expect(refused).toEqual(['alice', 'carol', 'erin']);
  held.resolve();
  await work;
  expect((await writeInTime('alice', 'bob')).moved).toBe(true);
});

test('[SHR5] a step whose connection is made too late is refused, and not sent', async () => {
  const url = await newDatabase();
  const store = await openStore(url);
  const gate = await gateTo(url);
  const slow = { connectTimeoutMs: PATIENCE.timeout };
  const { write, writeInTime } = commitsTo(gate.url, 50, slow);
  const late = performance.now() + 50;
  const writing = write('alice', 'bob');
  await expect.poll(() => performance.now(), PATIENCE).toBeGreaterThan(late);
  gate.open();
  await expectLate([writing]);
  expect((await writeInTime('alice', 'bob')).moved).toBe(true);
  expect(await store.inboxHead('bob')).toBe(1);
});

test('[SHR5] of steps that are done one by one those whose turn comes too late are refused', async () => {
  const { url, store, write, writeInTime } = await commitsWaiting(100, { lockTimeoutMs: 200 });
  const holder = await connect(url);
  await writeInTime('alice', 'bob');
  await holder.exec("begin; select from lines where user_id = 'bob' for update");
  // Together they wait for longer than each has time.
  await expectLate([write('alice', 'bob'), write('carol', 'dave')]);
  await holder.exec('rollback');
  expect((await writeInTime('alice', 'bob')).moved).toBe(true);
  expect(await store.inboxHead('bob')).toBe(2);
  expect(await store.inboxHead('dave')).toBe(0);
});
