import assert from 'node:assert/strict';
import { expect, test } from 'vitest';
import { Client, ConnectionFault, TurnedAway } from '../../../src/store/postgres/driver.ts';
import type { Backend, Session } from '../../../src/store/postgres/driver.ts';
import { Lanes } from '../../../src/store/postgres/lanes.ts';
import { migrate } from '../../../src/store/postgres/schema.ts';
import { commit, stepOf, textOf } from '../builders.ts';
import { afterwards, connect, openStore, serverUrl } from './databases.ts';
import { HANGING, PATIENCE, faultOf, ownServer, set } from './own-server.ts';

/** Each has a server of its own, or two restarts of it, and on a busy machine they take their time. */
const SLOW = { timeout: 600_000 };

test(
  '[SHR19] a server that was made read-only is left by all connections, those that only read too, and an era begins',
  SLOW,
  async () => {
    const { server, operator } = await ownServer();
    const store = await openStore(server.url);
    await commit(store, { inbox: [textOf('alice', 'bob')] });
    expect(await store.inboxHead('bob')).toBe(1);
    expect(await store.renewLease('n1', 5)).toBe(false);
    const before = store.era;
    await set(operator, 'default_transaction_read_only', 'on');
    // Each process of the server learns it in its own time.
    let fault: unknown;
    await expect
      .poll(async () => (fault = await faultOf(commitOne(store))), PATIENCE)
      .toBeInstanceOf(TurnedAway);
    expect(String(fault)).toMatch(/is read-only .*leads to the server that takes writing/);
    expect(fault).toMatchObject({ mayBeDone: false });
    expect(store.era).toBeGreaterThan(before);
    await expect(store.inboxHead('bob')).rejects.toThrow(TurnedAway);
    await expect(store.renewLease('n1', 9)).rejects.toThrow(TurnedAway);
    await expect(migrate(server.url)).rejects.toThrow(TurnedAway);
    await operator.exec('set default_transaction_read_only = off');
    await operator.exec('alter system reset default_transaction_read_only');
    await operator.exec('select pg_reload_conf()');
    await expect.poll(() => faultOf(commitOne(store)), PATIENCE).toBeUndefined();
    expect(await store.inboxHead('bob')).toBeGreaterThan(1);
  },
);

function commitOne(store: { commit(step: ReturnType<typeof stepOf>): Promise<unknown> }) {
  return store.commit(stepOf({ inbox: [textOf('alice', 'bob')] }));
}

test(
  '[SHR19] a standby is not read, nor written, and the store goes on once another is promoted',
  SLOW,
  async () => {
    const { server } = await ownServer();
    const store = await openStore(server.url);
    await commit(store, { inbox: [textOf('alice', 'bob')] });
    await server.demote();
    const asked = [store.inboxHead('bob'), commitOne(store), store.now()];
    for (const fault of await Promise.all(asked.map(faultOf))) {
      expect(fault).toBeInstanceOf(TurnedAway);
      expect(String(fault)).toMatch(/is a standby: .*leads to the server that takes writing/);
    }
    await server.promote();
    await expect.poll(() => faultOf(store.inboxHead('bob')), PATIENCE).toBeUndefined();
    expect(await store.inboxHead('bob')).toBe(1);
    await commit(store, { inbox: [textOf('alice', 'bob')] });
  },
);

const PID = { name: 'pid', text: 'select pg_backend_pid() as pid' };
const IS_THERE = { name: 'is there', text: 'select pid from pg_stat_activity where pid = $1' };

test('[SHR19] connections that are left are closed: the idle at once, the others when their work is over', async () => {
  const lanes = new Lanes(2, { url: serverUrl() });
  afterwards(() => lanes.close());
  const watcher = await connect(serverUrl());
  const pidOf = async (session: Session) => (await session.rows<{ pid: number }>(PID))[0]?.pid ?? 0;
  const isThere = async (pid: number) => (await watcher.rows(IS_THERE, [pid])).length > 0;
  const underWay = await lanes.use(async (session) => {
    const idle = await lanes.use(pidOf);
    lanes.leave();
    await expect.poll(() => isThere(idle), PATIENCE).toBe(false);
    return pidOf(session);
  });
  await expect.poll(() => isThere(underWay), PATIENCE).toBe(false);
  expect(await lanes.use(() => Promise.resolve('done'))).toBe('done');
}, 600_000);

/** What serves the sessions that wait for a standby. */
const HANGING_BACKENDS = {
  name: 'hanging backends',
  text: `select pid, (extract(epoch from backend_start) * 1000000)::bigint as "startedAt"
    from pg_stat_activity where wait_event = 'SyncRep'`,
};

test(
  '[SHR20] while a synchronous standby is away each place leaves one connection behind, and what hangs is done once when it is back',
  SLOW,
  async () => {
    const { server, operator } = await ownServer();
    await operator.exec('create table written (n integer)');
    // What is refused here is not to be so because the machine is slow to connect.
    const connectTimeoutMs = PATIENCE.timeout;
    const options = { statementTimeoutMs: 2_000, restMs: 1, connectTimeoutMs };
    const lanes = new Lanes(2, { url: server.url, ...options });
    afterwards(() => lanes.close());
    await set(operator, 'synchronous_standby_names', 'nobody');
    let sent = 0;
    const write = () =>
      lanes.use((session) => {
        sent++;
        return session.exec('insert into written values (1)');
      }, performance.now() + PATIENCE.timeout);
    const faults: unknown[] = [];
    // The first may still be answered: each process of the server learns of the setting in its own time.
    while (faults.length < 2) {
      const fault = await faultOf(write());
      if (fault) faults.push(fault);
    }
    for (const fault of faults) {
      expect(fault).toBeInstanceOf(ConnectionFault);
      expect(fault).toMatchObject({ mayBeDone: true });
      expect(String(fault)).toMatch(/waits for a synchronous standby/);
    }
    for (let i = 0; i < 20; i++) {
      const fault = await faultOf(write());
      expect(fault).toBeInstanceOf(TurnedAway);
      expect(fault).toMatchObject({ mayBeDone: false });
      expect(String(fault)).toMatch(/take those that are gone out of synchronous_standby_names/);
    }
    expect(await operator.rows(HANGING)).toEqual([{ n: 2 }]);
    const [former] = await operator.rows<Backend>(HANGING_BACKENDS);
    assert(former);
    const { url } = server;
    const follow = (backend: Backend) => Client.connect({ url, connectTimeoutMs }, {}, backend);
    await expect(follow(former)).rejects.toThrow(TurnedAway);
    // Its number on a server that took over, where it means another.
    await (await follow({ ...former, startedAt: former.startedAt - 1 })).close();
    await set(operator, 'synchronous_standby_names', '');
    await expect.poll(() => faultOf(write()), PATIENCE).toBeUndefined();
    const count = { name: 'count', text: 'select count(*) as n from written' };
    await expect.poll(() => operator.rows(count), PATIENCE).toEqual([{ n: sent }]);
  },
);

test(
  '[SHR20] a server that turned work away is asked again after a rest, and not by each work',
  SLOW,
  async () => {
    const { server } = await ownServer();
    await server.demote();
    let made = 0;
    const connectTimeoutMs = PATIENCE.timeout;
    const options = { url: server.url, restMs: 600_000, connectTimeoutMs };
    const lanes = new Lanes(1, { ...options, connected: () => made++ });
    afterwards(() => lanes.close());
    await expect(lanes.use(() => Promise.resolve())).rejects.toThrow(TurnedAway);
    await server.promote();
    await expect(lanes.use(() => Promise.resolve())).rejects.toThrow(TurnedAway);
    expect(made).toBe(0);
    const others = new Lanes(1, { url: server.url });
    afterwards(() => others.close());
    expect(await others.use(() => Promise.resolve('done'))).toBe('done');
  },
);
