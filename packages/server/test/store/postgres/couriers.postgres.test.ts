import { describe, expect, test } from 'vitest';
import type { DueDelivery } from '../../../src/store/outbox.ts';
import type { Client } from '../../../src/store/postgres/driver.ts';
import { Lanes } from '../../../src/store/postgres/lanes.ts';
import { PostgresOutbox } from '../../../src/store/postgres/outbox.ts';
import type { PostgresStore } from '../../../src/store/postgres/store.ts';
import { SettledInPart } from '../../../src/store/settled-in-part.ts';
import { T0, bound, commit, stepOf, textOf } from '../builders.ts';
import {
  FAILED,
  TAKEN,
  claim,
  endpoint,
  event,
  giveUp,
  settle,
} from '../contract/outbox-builders.ts';
import { afterwards, connect, newDatabase, openStore } from './databases.ts';

/** Two nodes on one database. */
async function twoStores(): Promise<[PostgresStore, PostgresStore]> {
  const url = await newDatabase();
  return [await openStore(url), await openStore(url)];
}

/** A connection that holds the delivery of an event of this key, as a step or a courier does, until it is closed. */
async function holder(url: string, key: string): Promise<Client> {
  const client = await connect(url);
  await client.exec(`begin; select from deliveries d join events e on e.n = d.event
    where e.key = '${key}' for update of d`);
  return client;
}

/** Waits until so many statements wait for a lock. */
async function untilWaiting(url: string, count: number): Promise<void> {
  const client = await connect(url);
  const waiting = {
    name: 'waiting',
    text: `select count(*) from pg_stat_activity where wait_event_type = 'Lock'
      and application_name = 'ringline' and query like '%deliveries%'`,
  };
  for (;;) {
    const [row] = await client.rows<{ count: number }>(waiting);
    if ((row?.count ?? 0) >= count) return;
  }
}

const keysOf = (due: readonly DueDelivery[]) => due.map((each) => each.event.key);

/** Claims and settles as a node's courier does until nothing is due; adds what it got at once, and says how many. */
async function drain(store: PostgresStore, taken: DueDelivery[], now = T0 + 10): Promise<number> {
  for (let count = 0; ;) {
    const due = await claim(store, 'one', now, 7);
    if (due.length === 0) return count;
    count += due.length;
    taken.push(...due);
    const outcomes = due.map(({ n, claim: newest }) => {
      return { n, claim: newest, state: 'delivered' as const, dueAt: null, attempt: TAKEN };
    });
    expect(await store.settleDeliveries(outcomes, now)).toEqual(due.map(({ n }) => n));
  }
}

describe('the couriers of two nodes on one database', () => {
  test('[SHR9] claim different deliveries: nothing is given twice within a lease', async () => {
    const stores = await twoStores();
    const events = Array.from({ length: 200 }, (_, i) => event(`call-${i}`));
    await commit(stores[0], { events });
    const claims = Array.from({ length: 20 }, (_, i) => claim(stores[i % 2]!, 'one', T0, 20));
    const due = (await Promise.all(claims)).flat();
    expect(new Set(due.map(({ n }) => n)).size).toBe(due.length);
    const rest = [...(await claim(stores[0], 'one', T0, 200)), ...due];
    expect(keysOf(rest).toSorted()).toEqual(events.map(({ key }) => key).toSorted());
    expect(await claim(stores[1], 'one', T0, 200)).toEqual([]);
  });

  test('[SHR9] [WHK5] deliver those of one lane in order, each once, while more are written', async () => {
    const stores = await twoStores();
    const lanes = ['a', 'b', 'c', 'd'];
    const events = Array.from({ length: 160 }, (_, i) => event(lanes[i % 4]!));
    const writing = (async () => {
      for (const [i, each] of events.entries()) await commit(stores[i % 2]!, { events: [each] });
    })();
    const taken: DueDelivery[] = [];
    let isWritten = false;
    void writing.then(() => (isWritten = true));
    const courier = async (store: PostgresStore) => {
      for (;;) {
        const isLast = isWritten;
        if ((await drain(store, taken)) === 0 && isLast) return;
      }
    };
    await Promise.all([writing, ...stores.map(courier)]);
    expect(await drain(stores[0], taken)).toBe(0);
    for (const lane of lanes) {
      const ids = taken.filter(({ event: { key } }) => key === lane).map(({ event: { id } }) => id);
      expect(ids).toEqual(events.filter(({ key }) => key === lane).map(({ id }) => id));
    }
    expect(await stores[0].nextDelivery(['one'])).toBeUndefined();
  });

  test('[SHR9] what a node claimed that died passes on when its lease ends, and its late answer counts no more', async () => {
    const [dead, other] = await twoStores();
    await commit(dead, { events: [event('a'), event('a')] });
    const [first] = await claim(dead);
    expect(await claim(other, 'one', T0 + 29_999)).toEqual([]);
    expect(await other.nextDelivery(['one'])).toBe(T0 + 30_000);
    const [again, ...others] = await claim(other, 'one', T0 + 30_000);
    expect(others).toEqual([]);
    expect(again).toMatchObject({ n: first!.n, claim: first!.claim + 1, attempts: 0 });
    await settle(dead, first, TAKEN);
    expect(await other.deliveries({ endpoint: 'one', state: 'waiting', limit: 9 })).toHaveLength(2);
    await settle(other, again, TAKEN);
    expect(await claim(dead, 'one', T0 + 30_000)).toHaveLength(1);
  });

  test('[SHR9] leave a delivery that somebody holds to the next time, and go on with the others', async () => {
    const url = await newDatabase();
    const store = await openStore(url);
    await commit(store, { events: [event('a'), event('b')] });
    const held = await holder(url, 'a');
    expect(keysOf(await claim(store))).toEqual(['b']);
    await held.close();
    expect(keysOf(await claim(store))).toEqual(['a']);
  });

  test('[SHR9] settle the others first when one is held, and wait for that one alone', async () => {
    const url = await newDatabase();
    const [store, other] = [await openStore(url), await openStore(url)];
    await commit(store, { events: [event('a'), event('b'), event('a'), event('b')] });
    const due = await claim(store);
    const held = await holder(url, 'a');
    const outcomes = due.map(({ n, claim: newest }) => {
      return { n, claim: newest, state: 'delivered' as const, dueAt: null, attempt: TAKEN };
    });
    const settling = store.settleDeliveries(outcomes, T0 + 5);
    await untilWaiting(url, 1);
    expect(keysOf(await claim(other, 'one', T0 + 5))).toEqual(['b']);
    await held.close();
    expect(await settling).toEqual(due.map(({ n }) => n));
    expect(keysOf(await claim(other, 'one', T0 + 5))).toEqual(['a']);
  });

  test('[WHK19] say which are not settled where one is held for too long: the others are', async () => {
    const url = await newDatabase();
    const store = await openStore(url);
    await commit(store, { events: ['a', 'b', 'c', 'd'].map((key) => event(key)) });
    const due = await claim(store);
    const [a, b, c, d] = due.map(({ n }) => n);
    await holder(url, 'c');
    const lanes = new Lanes(1, { url, lockTimeoutMs: 100 });
    afterwards(() => lanes.close());
    const outcomes = due.map(({ n, claim: newest }) => {
      // Of `b` an older claim comes late, and counts no more.
      const of = { n, claim: n === b ? newest - 1 : newest };
      return { ...of, state: 'delivered' as const, dueAt: null, attempt: TAKEN };
    });
    const settling = new PostgresOutbox(lanes).settleDeliveries(outcomes, T0 + 5);
    const fault = await settling.catch((error: unknown) => error);
    expect(fault).toBeInstanceOf(SettledInPart);
    expect(fault).toMatchObject({ counted: new Set([a, d]), left: new Set([c]) });
    const delivered = await store.deliveries({ state: 'delivered', limit: 9 });
    expect(new Set(delivered.map(({ n }) => n))).toEqual(new Set([a, d]));
  });

  test('[SHR9] a delivery that is written while the one before it is settled never waits for nothing', async () => {
    const stores = await twoStores();
    for (let i = 0; i < 40; i++) {
      const lane = `lane-${i}`;
      await commit(stores[0], { events: [event(lane)] });
      const [first] = await claim(stores[0], 'one', T0 + i);
      await Promise.all([
        settle(stores[0], first, TAKEN),
        commit(stores[1], { events: [event(lane)] }),
      ]);
      const [next] = await claim(stores[1], 'one', T0 + i + 9);
      expect(next?.event.key).toBe(lane);
      await settle(stores[1], next, TAKEN);
    }
  });

  test('[SHR9] [WHK12] what is sent again while new ones are written leaves one of its lane due', async () => {
    const stores = await twoStores();
    for (let i = 0; i < 20; i++) {
      const lane = `lane-${i}`;
      const [old, fresh] = [event(lane), event(lane)];
      await commit(stores[0], { events: [old] });
      const [first] = await claim(stores[0], 'one', T0 + i);
      await settle(stores[0], first, TAKEN);
      const query = { endpoint: 'one', event: old.id, limit: 9 };
      await Promise.all([
        stores[0].resend(query, T0 + 7),
        commit(stores[1], { events: [fresh] }),
        giveUp(stores[1], first),
      ]);
      const due = await claim(stores[1], 'one', T0 + 9);
      expect(due.map(({ event: { id } }) => id)).toEqual([old.id]);
      expect(await stores[0].nextDelivery(['one'])).toBe(T0 + 9 + 30_000);
      await settle(stores[1], due[0], TAKEN);
      const [next] = await claim(stores[0], 'one', T0 + 9);
      expect(next?.event.id).toBe(fresh.id);
      await settle(stores[0], next, TAKEN);
    }
  });

  test('[WHK12] what is held is sent again once it is free', async () => {
    const url = await newDatabase();
    const store = await openStore(url);
    await commit(store, { events: [event('a'), event('b')] });
    for (const due of await claim(store)) await settle(store, due, FAILED, T0 + 60_000);
    const held = await holder(url, 'a');
    const sending = store.resend({ endpoint: 'one', limit: 9 }, T0 + 7);
    await untilWaiting(url, 1);
    await held.close();
    expect(await sending).toEqual({ count: 2, done: null });
    expect(keysOf(await claim(store, 'one', T0 + 7)).toSorted()).toEqual(['a', 'b']);
  });

  test('[WHK10] an event of which something is sent again at this moment is not forgotten', async () => {
    const url = await newDatabase();
    const store = await openStore(url);
    await commit(store, { events: [event('a'), event('b')] });
    for (const due of await claim(store)) await settle(store, due, TAKEN);
    const held = await holder(url, 'a');
    expect(await store.forgetEvents(T0 + 99, { limit: 9 })).toMatchObject({ count: 1 });
    await held.close();
    const left = await store.deliveries({ limit: 9 });
    expect(left.map((each) => each.event.key)).toEqual(['a']);
    expect(await store.forgetEvents(T0 + 99, { limit: 9 })).toMatchObject({ count: 1 });
  });

  test('add no more endpoints together than there may be', async () => {
    const stores = await twoStores();
    const adding = Array.from({ length: 8 }, (_, i) =>
      stores[i % 2]!.addEndpoint(endpoint(`e${i}`), 3),
    );
    expect((await Promise.all(adding)).filter(Boolean)).toHaveLength(3);
    expect(await stores[0].endpoints()).toHaveLength(3);
  });

  test('change an endpoint once from each version', async () => {
    const stores = await twoStores();
    await stores[0].addEndpoint(endpoint('e'), 3);
    const changes = stores.map((store) => store.changeEndpoint(endpoint('e', { version: 2 })));
    expect((await Promise.all(changes)).filter(Boolean)).toHaveLength(1);
  });
});

describe('removal by two nodes on one database', () => {
  test('[SHR10] removes everything once, and revises each conversation', async () => {
    const stores = await twoStores();
    const users = ['a', 'b', 'c', 'd'];
    for (let i = 0; i < 60; i++) {
      await commit(stores[0], { inbox: [textOf(users[i % 4]!, users[(i * 3 + 1) % 4]!)] });
    }
    const remove = async (store: PostgresStore) => {
      while ((await store.removeOlder(Number.MAX_SAFE_INTEGER, 7)).more);
    };
    const writing = Array.from({ length: 20 }, (_, i) =>
      stores[i % 2]!.commit(stepOf({ inbox: [textOf(users[i % 4]!, 'e')] })),
    );
    await Promise.all([...stores.map(remove), ...writing]);
    await remove(stores[0]);
    for (const user of users) {
      const { head, first } = await stores[1].inboxStanding(user);
      expect(first).toBe(head + 1);
      expect(await stores[1].inbox(user, 0, 99)).toEqual([]);
      const told = await stores[1].conversationsSince(user, 0, 99);
      expect(told.every(({ unread }) => unread === 0)).toBe(true);
    }
  });

  test('[SHR10] of both sides of messages at once leaves no message that lies in no inbox', async () => {
    const url = await newDatabase();
    const stores = [await openStore(url), await openStore(url)];
    for (let i = 0; i < 60; i++) await commit(stores[0]!, { inbox: [textOf('alice', 'bob')] });
    const devices = ['alice', 'bob'].map((user) => ({ user, device: 'd' }));
    await commit(stores[0]!, { devices: devices.map((of) => bound(of, { acknowledged: 60 })) });
    const portion = { keep: 0, inboxes: 1, limit: 5 };
    for (let i = 0; i < 12; i++) {
      await Promise.all([
        stores[0]!.removeBeyond(portion),
        stores[1]!.removeBeyond({ ...portion, after: 'alice' }),
      ]);
    }
    const client = await connect(url);
    const count = { name: 'count', text: 'select count(*) from messages' };
    expect(await client.rows(count)).toEqual([{ count: 0 }]);
    expect(await stores[1]!.inboxStanding('bob')).toMatchObject({ head: 60, first: 61 });
  });
});
