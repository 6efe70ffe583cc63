import { expect, test } from 'vitest';
import type { Store } from '../../../src/store/store.ts';
import { flawsOf } from '../../verify/flaws-of.ts';
import { T0, cancelled, commit, invited } from '../builders.ts';
import { connect, newDatabase, openStore, untilSomebodyWaits } from './databases.ts';

const COUNT = 60;
const LATER = T0 + 99_000;

async function past(store: Store): Promise<void> {
  const calls = Array.from({ length: COUNT }, () => invited(undefined, 'bob', { recordTo: [] }));
  await commit(store, { calls });
  const over = calls.map((call) => cancelled(call));
  await commit(store, { calls: over, records: over.map(({ record }) => record) });
}

/** Both ask at once, and again, until nothing is left; what each portion came to. */
async function inTurns(
  stores: readonly Store[],
  portion: (store: Store) => Promise<number>,
): Promise<readonly number[]> {
  const counts: number[] = [];
  for (;;) {
    const found = await Promise.all(stores.map(portion));
    counts.push(...found);
    if (found.every((count) => count === 0)) return counts;
  }
}

const sum = (counts: readonly number[]) => counts.reduce((all, count) => all + count, 0);

test('[SHR18] nodes that remove old calls at once remove each once, and none is left in part', async () => {
  const url = await newDatabase();
  const stores = [await openStore(url), await openStore(url), await openStore(url)];
  await past(stores[0]!);
  const shortened = await inTurns(stores, (store) => store.shortenLogs(LATER, 7));
  expect(sum(shortened)).toBe(COUNT);
  expect(await flawsOf(stores[0]!)).toEqual([]);
  const portion = async (store: Store) => (await store.forgetCalls(LATER, { limit: 7 })).count;
  expect(sum(await inTurns(stores, portion))).toBe(COUNT);
  expect(await flawsOf(stores[0]!)).toEqual([]);
  expect(await stores[0]!.records({ user: 'bob', limit: 9 })).toEqual([]);
});

test('[SHR18] what is removed comes back whole when the server fails in the middle', async () => {
  const url = await newDatabase();
  const store = await openStore(url);
  await past(store);
  // A record that nothing may remove stands for whatever breaks in the middle of a portion.
  const client = await connect(url);
  await client.exec(`create function refuse() returns trigger language plpgsql as
    $$ begin raise exception 'not now'; end $$;
    create trigger refuse before delete on records for each row execute function refuse()`);
  await expect(store.forgetCalls(LATER, { limit: 7 })).rejects.toThrow('not now');
  expect(await flawsOf(store)).toEqual([]);
  expect(await store.records({ user: 'bob', limit: 99 })).toHaveLength(COUNT);
});

test('[SHR18] logs are not shortened while calls are forgotten: neither waits for a row that the other has', async () => {
  const url = await newDatabase();
  const store = await openStore(url);
  await past(store);
  expect(await store.shortenLogs(LATER, 7)).toBe(7);
  const [shortening, watcher] = [await connect(url), await connect(url)];
  await shortening.exec(`begin; select from forgotten where what = 'logs' for update`);
  const forgetting = store.forgetCalls(LATER, { limit: 7 });
  const waiting = untilSomebodyWaits(shortening, watcher);
  expect(await Promise.race([forgetting, waiting])).toBeUndefined();
  // What is under way in between has none of these rows.
  await shortening.exec(`select from call_log for update nowait`);
  await shortening.exec('commit');
  expect((await forgetting).count).toBe(7);
});

test('[RET2] the id of a forgotten call is free at nodes, too, that remember it in a version of the new one', async () => {
  const url = await newDatabase();
  const [one, two] = [await openStore(url), await openStore(url)];
  const call = invited(undefined, 'bob', { recordTo: [] });
  const over = cancelled(call);
  await commit(one, { calls: [call] });
  await commit(one, { calls: [over], records: [over.record] });
  const scope = { users: [], call: call.id };
  expect((await one.load(scope)).calls).toEqual([over]);
  await two.forgetCalls(LATER, { limit: 7 });
  const next = { ...invited(undefined, 'carol'), id: call.id };
  const changed = { ...next, version: over.version, changedAt: T0 + 500 };
  await commit(two, { calls: [next] });
  await commit(two, { calls: [changed] });
  expect((await one.load(scope)).calls).toEqual([changed]);
});
