import { randomBytes } from 'node:crypto';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { once } from 'node:events';
import { PostgresServer, findPostgres } from '@ringline/testkit/postgres';
import { describe, expect, test } from 'vitest';
import {
  Client,
  ConnectionFault,
  IDLE_TRANSACTION_MS,
} from '../../../src/store/postgres/driver.ts';
import { Lanes } from '../../../src/store/postgres/lanes.ts';
import { openPostgresStore } from '../../../src/store/postgres/store.ts';
import { StoreFault } from '../../../src/store/store.ts';
import { commit, established, invitation, invited, stepOf, textOf } from '../builders.ts';
import { afterwards, connect, newDatabase, openStore, serverUrl } from './databases.ts';

/** A server of the test's own, to stop and start. */
async function ownServer(): Promise<PostgresServer> {
  const server = await PostgresServer.start({ programs: findPostgres() ?? '', isDurable: true });
  afterwards(() => server.remove());
  return server;
}

describe('while PostgreSQL is away', () => {
  test('[SHR4] [SHR5] everything is a fault that says what to do, and the store goes on when it is back', async () => {
    const server = await ownServer();
    const store = await openStore(server.url);
    const call = invited();
    await commit(store, invitation(call));
    await server.stop();
    const tried = [
      store.commit(stepOf({ calls: [established(call)] })),
      store.load({ users: ['alice'] }),
      store.inboxHead('alice'),
      store.records({ user: 'alice', limit: 9 }),
      store.renewLease('n1', 5),
    ];
    for (const each of await Promise.allSettled(tried)) {
      expect(each).toMatchObject({ status: 'rejected' });
      expect(each.status === 'rejected' && each.reason).toBeInstanceOf(StoreFault);
      expect(each.status === 'rejected' && String(each.reason)).toMatch(/DATABASE_URL leads to it/);
    }
    await server.resume();
    expect(await store.call(call.id)).toEqual(call);
    await commit(store, { calls: [established(call)] });
  });

  test.each(['fast', 'immediate'] as const)(
    '[SHR4] what was acknowledged is there after a %s stop in the middle, and nothing is there twice',
    async (how) => {
      const server = await ownServer();
      const store = await openStore(server.url);
      const acknowledged: string[] = [];
      const items = Array.from({ length: 3_000 }, (_, i) =>
        textOf(`user${i % 50}`, `peer${i % 70}`),
      );
      let stopping: Promise<void> | undefined;
      const writing = items.map(async (item) => {
        const { moved } = await store.commit(stepOf({ inbox: [item] }));
        if (moved) acknowledged.push(item.id);
        if (acknowledged.length > 200) stopping ??= server.stop(how);
      });
      const results = await Promise.allSettled(writing);
      await stopping;
      const others = results.filter(
        (each) => each.status === 'rejected' && !(each.reason instanceof StoreFault),
      );
      expect(others).toEqual([]);
      await server.resume();
      const kept: string[] = [];
      for (let i = 0; i < 70; i++) {
        const inbox = await store.inbox(`peer${i}`, 0, 9_999);
        expect(inbox.map(({ cursor }) => cursor)).toEqual(inbox.map((_, at) => at + 1));
        kept.push(...inbox.map(({ id }) => id));
      }
      expect(new Set(kept).size).toBe(kept.length);
      const there = new Set(kept);
      expect(acknowledged.filter((id) => !there.has(id))).toEqual([]);
      await commit(store, { inbox: [textOf('alice', 'bob')] });
    },
  );

  test('[SHR5] a store that is opened then is refused, and one that never answers as well', async () => {
    const server = await ownServer();
    await server.stop();
    await expect(openPostgresStore(server.url)).rejects.toThrow(StoreFault);
    const silent = createServer(() => undefined).listen(0, '127.0.0.1');
    await once(silent, 'listening');
    afterwards(() => void silent.close());
    const { port } = silent.address() as AddressInfo;
    const url = `postgres://u:secret@127.0.0.1:${port}/x`;
    const refused = Client.connect({ url, connectTimeoutMs: 50 });
    await expect(refused).rejects.toThrow(ConnectionFault);
    await expect(refused).rejects.not.toThrow(/secret/);
  });
});

/** The process of a session that waits for what this one holds, once there is one. */
async function somebodyWaitsFor(holder: Client, watcher: Client): Promise<number> {
  const [own] = await holder.rows<{ pid: number }>({
    name: 'pid',
    text: 'select pg_backend_pid() as pid',
  });
  const waiting = {
    name: 'waiting',
    text: 'select pid from pg_stat_activity where $1 = any (pg_blocking_pids(pid))',
  };
  for (;;) {
    const [first] = await watcher.rows<{ pid: number }>(waiting, [own?.pid ?? 0]);
    if (first) return first.pid;
  }
}

/** The same database, by a role that may have one connection. */
async function asFew(url: string): Promise<string> {
  const owner = await connect(url);
  const role = `few_${randomBytes(4).toString('hex')}`;
  await owner.exec(`create role ${role} login connection limit 1`);
  afterwards(() => owner.exec(`drop role ${role}`));
  const few = new URL(url);
  few.username = role;
  return few.href;
}

describe('what goes wrong', () => {
  test('[SHR5] a statement that takes too long is given up', async () => {
    const client = await Client.connect({ url: serverUrl(), statementTimeoutMs: 500 });
    afterwards(() => client.close());
    await expect(client.exec('select pg_sleep(60)')).rejects.toThrow(/statement timeout/);
    expect(await client.rows({ name: 'one', text: 'select 1 as n' })).toEqual([{ n: 1 }]);
  });

  test('a deadlock, in which nothing was done, is tried again', async () => {
    const url = await newDatabase();
    const store = await openStore(url);
    await commit(store, { inbox: [textOf('alice', 'bob')] });
    const other = await connect(url);
    // The step is to find the circle first, after the second that PostgreSQL waits for that.
    await other.exec(`set deadlock_timeout = '1min'`);
    await other.exec("begin; select from inboxes where owner = 'bob' for update");
    // PostgreSQL looks for a circle once: by then it must be closed, so no time is left for connecting.
    const watcher = await connect(url);
    const committing = store.commit(stepOf({ inbox: [textOf('alice', 'bob')] }));
    await somebodyWaitsFor(other, watcher);
    // The step holds the lines of Alice and Bob, and waits: now both wait in a circle.
    await other.exec("select from lines where user_id = 'bob' for update; commit");
    expect((await committing).moved).toBe(true);
    expect(await store.inboxHead('bob')).toBe(2);
  });

  test('[SHR3] a step that waits for what somebody holds keeps no other back', async () => {
    const url = await newDatabase();
    const store = await openStore(url);
    await commit(store, { inbox: [textOf('alice', 'bob')] });
    const holder = await connect(url);
    await holder.exec("begin; select from lines where user_id = 'bob' for update");
    const steps = [textOf('alice', 'bob'), textOf('carol', 'dave'), textOf('bob', 'erin')];
    const outcomes = await Promise.allSettled(
      steps.map((item) => store.commit(stepOf({ inbox: [item] }))),
    );
    expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'fulfilled', 'rejected']);
    await holder.exec('rollback');
    await commit(store, { inbox: [textOf('alice', 'bob')] });
    expect(await store.inboxHead('bob')).toBe(2);
  });

  test('[SHR14] what a node that vanished in a transaction holds is free again soon', async () => {
    const url = await newDatabase();
    const lanes = new Lanes(1, { url });
    afterwards(() => lanes.close());
    const setting = { name: 'idle', text: 'show idle_in_transaction_session_timeout' };
    expect(await lanes.read(setting)).toEqual([
      { idle_in_transaction_session_timeout: `${IDLE_TRANSACTION_MS / 1000}s` },
    ]);
    const vanished = await Client.connect({ url, idleTransactionMs: 50 });
    await vanished.exec('begin; create table held (n integer)');
    const waiting = await connect(url);
    // It waits for the name of the table, until the server undoes the other transaction.
    await waiting.exec('create table held (n integer)');
    // The other table is undone before the connection is closed.
    await expect.poll(() => vanished.isBroken, { timeout: 30_000 }).toBe(true);
  });

  test('[SHR15] a connection that cannot be made leaves work to those that stand', async () => {
    const url = await newDatabase();
    const lanes = new Lanes(2, { url: await asFew(url), restMs: 60_000 });
    afterwards(() => lanes.close());
    let goOn = () => {};
    const holds = new Promise<void>((resolve) => (goOn = resolve));
    let hasBegun = () => {};
    const begun = new Promise<void>((resolve) => (hasBegun = resolve));
    const first = lanes.use(() => {
      hasBegun();
      return holds;
    });
    await begun;
    // One meets that there is no second connection, the other comes while that place is taken: both wait for the first.
    const others = [
      lanes.use(() => Promise.resolve('one')),
      lanes.use(() => Promise.resolve('two')),
    ];
    goOn();
    await first;
    expect(await Promise.all(others)).toEqual(['one', 'two']);
    // The second place rests: steps that come meanwhile are gathered.
    await lanes.use(() => {
      expect(lanes.isFree).toBe(false);
      return Promise.resolve();
    });
    expect(lanes.isFree).toBe(true);
  });

  test('[SHR5] work for which nothing is free in time is refused', async () => {
    const lanes = new Lanes(1, { url: serverUrl() });
    afterwards(() => lanes.close());
    const [begun, holds] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    const first = lanes.use(() => {
      begun.resolve();
      return holds.promise;
    });
    await begun.promise;
    const late = lanes.use(() => Promise.resolve(), performance.now() + 20);
    await expect(late).rejects.toThrow(/no connection was free/);
    holds.resolve();
    await first;
    expect(await lanes.use(() => Promise.resolve('done'))).toBe('done');
  });

  test('[SHR5] work whose connection comes too late is not begun', async () => {
    const lanes = new Lanes(1, { url: serverUrl() });
    afterwards(() => lanes.close());
    let hasBegun = false;
    const work = () => Promise.resolve((hasBegun = true));
    await expect(lanes.use(work, performance.now())).rejects.toThrow(/no connection was free/);
    expect(hasBegun).toBe(false);
    expect(await lanes.use(work)).toBe(true);
  });

  test('[SHR5] work that goes from one connection that cannot be made to the next is refused in time', async () => {
    const url = await newDatabase();
    const lanes = new Lanes(3, { url: await asFew(url), restMs: 0 });
    afterwards(() => lanes.close());
    const [begun, holds] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    const first = lanes.use(() => {
      begun.resolve();
      return holds.promise;
    });
    await begun.promise;
    const late = lanes.use(() => Promise.resolve(), performance.now() + 50);
    await expect(late).rejects.toThrow(/no connection was free/);
    holds.resolve();
    await first;
  });

  test('[SHR16] a lease is renewed while all else waits', async () => {
    const url = await newDatabase();
    const store = await openStore(url);
    const holder = await connect(url);
    await holder.exec('begin; lock table users in access exclusive mode');
    const stuck = Array.from({ length: 9 }, () => store.directory(undefined, 9));
    expect(await store.renewLease('n1', 5)).toBe(false);
    expect(await store.renewLease('n1', 9)).toBe(true);
    await holder.exec('rollback');
    expect(await Promise.all(stuck)).toEqual(stuck.map(() => []));
  });

  test('[SHR17] what was read of another server of the database is not taken for this one’s', async () => {
    const server = await ownServer();
    const store = await openStore(server.url);
    const call = invited();
    await commit(store, invitation(call));
    await store.load({ users: [], call: call.id });
    const before = store.era;
    // A standby that has not had this commit says something else in the same version.
    const other = await connect(server.url);
    await other.exec('update call_log set after = replace(after, \'"audio"\', \'"video"\')');
    await other.close();
    await server.stop();
    await server.resume();
    const [found] = (await store.load({ users: [], call: call.id })).calls;
    expect(found).toMatchObject({ version: call.version, invitedMedia: 'video' });
    expect(store.era).not.toBe(before);
  });

  test('[SHR17] nor is what was being read of the one before when another took its place', async () => {
    const url = await newDatabase();
    const store = await openStore(url);
    const call = invited();
    await commit(store, invitation(call));
    const holder = await connect(url);
    await holder.exec('begin; lock table call_log in access exclusive mode');
    const reading = store.load({ users: [], call: call.id });
    await somebodyWaitsFor(holder, await connect(url));
    const before = store.era;
    await store.inboxHead('alice');
    expect(store.era).not.toBe(before);
    await holder.exec('commit');
    expect((await reading).calls).toEqual([call]);
    // So the other server has it, which has lost this version and written it anew.
    await holder.exec('update call_log set after = replace(after, \'"audio"\', \'"video"\')');
    const [found] = (await store.load({ users: [], call: call.id })).calls;
    expect(found).toMatchObject({ version: call.version, invitedMedia: 'video' });
  });

  test('[SHR17] nor what was asked of the one before while the other stood already, once that connection breaks', async () => {
    const url = await newDatabase();
    const store = await openStore(url);
    const call = invited();
    await commit(store, invitation(call));
    const [holder, watcher] = [await connect(url), await connect(url)];
    await holder.exec('begin; lock table call_log in access exclusive mode');
    const first = store.load({ users: [], call: call.id });
    await somebodyWaitsFor(holder, watcher);
    // A second connection, to the other server as it were; the first one still answers.
    await store.inboxHead('alice');
    await holder.exec('commit');
    await first;
    await store.load({ users: [], call: call.id });
    const before = store.era;
    await holder.exec('begin; lock table call_log in access exclusive mode');
    await holder.exec('update call_log set after = replace(after, \'"audio"\', \'"video"\')');
    const again = store.load({ users: [], call: call.id });
    const pid = await somebodyWaitsFor(holder, watcher);
    const end = { name: 'end', text: 'select pg_terminate_backend($1, 9000)' };
    await watcher.rows(end, [pid]);
    await holder.exec('commit');
    // What is left is the other one, and nothing was connected.
    expect((await again).calls).toMatchObject([{ version: call.version, invitedMedia: 'video' }]);
    expect(store.era).toBe(before + 1);
  });

  test('a number that is not exact is no number', async () => {
    const client = await connect(serverUrl());
    const big = { name: 'big', text: 'select 9007199254740993::bigint as n' };
    await expect(client.rows(big)).rejects.toThrow(/no exact number/);
  });

  test('a closed store answers with a fault, after it has finished what was under way', async () => {
    const url = await newDatabase();
    const store = await openStore(url);
    const call = invited();
    const committing = store.commit(stepOf({ calls: [call] }));
    await store.close();
    expect((await committing).moved).toBe(true);
    await expect(store.commit(stepOf())).rejects.toThrow(StoreFault);
    await expect(store.load({ users: ['alice'] })).rejects.toThrow(StoreFault);
    expect(await (await openStore(url)).call(call.id)).toEqual(call);
  });
});
