import { expect, test } from 'vitest';
import { Eras } from '../../../src/store/postgres/eras.ts';
import { GroupCommit } from '../../../src/store/postgres/group-commit.ts';
import { Lanes } from '../../../src/store/postgres/lanes.ts';
import { StoreFault } from '../../../src/store/store.ts';
import { stepOf, textOf } from '../builders.ts';
import { afterwards, connect, newDatabase, openStore } from './databases.ts';
import { PATIENCE, faultOf } from './own-server.ts';

/** Commits in a database of their own, whose steps wait so long at most until they begin. */
async function commitsWaiting(waitMs: number) {
  const url = await newDatabase();
  const store = await openStore(url);
  const lanes = new Lanes(1, { url, findsByIndex: true, statementTimeoutMs: 0 });
  afterwards(() => lanes.close());
  const commits = new GroupCommit(lanes, new Eras(), waitMs);
  const write = (from: string, to: string) => commits.commit(stepOf({ inbox: [textOf(from, to)] }));
  return { url, store, lanes, write };
}

test('[SHR5] a step that waits for too long behind others is refused, and the one that is under way has its answer', async () => {
  const { url, store, lanes, write } = await commitsWaiting(20);
  const holder = await connect(url);
  await write('alice', 'bob');
  await holder.exec("begin; select from lines where user_id = 'bob' for update");
  const underWay = write('alice', 'bob');
  await expect.poll(() => lanes.isFree, PATIENCE).toBe(false);
  // One of the same users, and one that finds no connection.
  const waiting = [write('bob', 'alice'), write('carol', 'dave')];
  for (const fault of await Promise.all(waiting.map(faultOf))) {
    expect(fault).toBeInstanceOf(StoreFault);
    expect(fault).toMatchObject({ mayBeDone: false });
    expect(String(fault)).toMatch(/no connection was free in time: see what keeps it busy/);
  }
  await holder.exec('rollback');
  expect((await underWay).moved).toBe(true);
  expect((await write('carol', 'dave')).moved).toBe(true);
  expect(await store.inboxHead('dave')).toBe(1);
  expect(await store.inboxHead('bob')).toBe(2);
});

test('[SHR5] each step has its own time to wait, whoever came before it', async () => {
  const { url, lanes, write } = await commitsWaiting(50);
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
  expect((await write('alice', 'bob')).moved).toBe(true);
});
