import { expect, test } from 'vitest';
import type { Store } from '../../../src/store/store.ts';
import { T0, cancelled, commit, invited, stepOf } from '../builders.ts';
import type { MakeStore } from '../contract.ts';
import { FAILED, TAKEN, claim, endpoint, event, giveUp, settle } from './outbox-builders.ts';

const MOST = 9;
const UNTIL = T0 + 30_000;

async function forget(store: Store, before: number): Promise<number> {
  const { count, done } = await store.forgetEvents(before, { limit: 10 });
  expect(done).toBeNull();
  return count;
}

/** What customers' servers are told: events, deliveries in order, endpoints. */
export function outboxContract(make: MakeStore): void {
  endpointsContract(make);
  deliveriesContract(make);
  readingContract(make);
}

function endpointsContract(make: MakeStore): void {
  test('endpoints are kept, oldest first; a changed one stays in its place', async () => {
    const store = await make();
    await store.addEndpoint(endpoint('b'), MOST);
    await store.addEndpoint(endpoint('a'), MOST);
    const changed = endpoint('b', { isEnabled: false, version: 2 });
    expect(await store.changeEndpoint(changed)).toBe(true);
    expect(await store.endpoints()).toEqual([changed, endpoint('a')]);
  });

  test('an endpoint is changed from the version before, and from no other; one that is gone stays so', async () => {
    const store = await make();
    await store.addEndpoint(endpoint('a'), MOST);
    const [second, third] = [2, 3].map((version) => endpoint('a', { version, events: [] }));
    expect(await store.changeEndpoint(third!)).toBe(false);
    expect(await store.changeEndpoint(second!)).toBe(true);
    expect(await store.changeEndpoint(endpoint('a', { version: 2 }))).toBe(false);
    expect(await store.endpoints()).toEqual([second]);
    await store.removeEndpoint('a');
    expect(await store.changeEndpoint(third!)).toBe(false);
    expect(await store.endpoints()).toEqual([]);
  });

  test('no more endpoints are kept than there may be', async () => {
    const store = await make();
    const kept = [];
    for (const id of ['a', 'b', 'c']) kept.push(await store.addEndpoint(endpoint(id), 2));
    expect(kept).toEqual([true, true, false]);
    expect((await store.endpoints()).map(({ id }) => id)).toEqual(['a', 'b']);
    await store.removeEndpoint('a');
    expect(await store.addEndpoint(endpoint('c'), 2)).toBe(true);
  });
}

function deliveriesContract(make: MakeStore): void {
  test('the events of a call are numbered, those of messages are not', async () => {
    const store = await make();
    const message = event('from alice\nbob', ['one'], 'message.sent');
    await commit(store, { events: [event('call-a'), event('call-b'), message] });
    await commit(store, { events: [event('call-a')] });
    await settle(store, 1, TAKEN);
    const due = await claim(store, 'one', T0 + 5);
    expect(due.map((each) => each.event.data)).toEqual([
      { call: 'call-b', sequence: 1 },
      { call: 'from alice\nbob' },
      { call: 'call-a', sequence: 2 },
    ]);
  });

  test('of each lane only the first that waits is given out, and the next when it is over', async () => {
    const store = await make();
    const [first, second, third] = [event('call-a'), event('call-a'), event('call-a')];
    await commit(store, { events: [first, second] });
    await commit(store, { events: [third] });
    const [one, ...more] = await claim(store);
    expect([one?.event.id, more]).toEqual([first.id, []]);
    await settle(store, one, FAILED, T0 + 60_000);
    expect(await claim(store, 'one', T0 + 59_999)).toEqual([]);
    const [again] = await claim(store, 'one', T0 + 60_000);
    expect(again).toMatchObject({ attempts: 1, event: { id: first.id } });
    await settle(store, again, TAKEN);
    const after = await claim(store, 'one', T0 + 60_001);
    expect(after.map((each) => each.event.id)).toEqual([second.id]);
  });

  test('one that is given up stands in nobody’s way', async () => {
    const store = await make();
    const second = event('call-a');
    await commit(store, { events: [event('call-a'), second] });
    const [first] = await claim(store);
    await giveUp(store, first);
    expect((await claim(store, 'one', T0 + 5)).map((each) => each.event.id)).toEqual([second.id]);
  });

  test('what is claimed is given to nobody else until then, or until it is released', async () => {
    const store = await make();
    await commit(store, { events: [event('call-a')] });
    expect(await claim(store)).toHaveLength(1);
    expect(await claim(store, 'one', UNTIL - 1)).toEqual([]);
    expect(await claim(store, 'one', UNTIL)).toHaveLength(1);
    await store.releaseDeliveries(UNTIL + 1);
    expect(await claim(store, 'one', UNTIL + 1)).toHaveLength(1);
  });

  test('a release makes nothing due that waits for another attempt', async () => {
    const store = await make();
    await commit(store, { events: [event('call-a')] });
    const [due] = await claim(store);
    await settle(store, due, FAILED, T0 + 60_000);
    await store.releaseDeliveries(T0 + 10);
    expect(await claim(store, 'one', T0 + 10)).toEqual([]);
    expect(await store.nextDelivery(['one'])).toBe(T0 + 60_000);
  });

  test('a claim takes no more than its limit, the longest due first', async () => {
    const store = await make();
    await commit(store, { at: T0 + 1, events: [event('call-a')] });
    await commit(store, { at: T0, events: [event('call-b')] });
    const due = await claim(store, 'one', T0 + 1, 1);
    expect(due.map((each) => each.event.key)).toEqual(['call-b']);
    expect(await store.nextDelivery(['one'])).toBe(T0 + 1);
    expect(await store.nextDelivery(['two'])).toBeUndefined();
    expect(await store.nextDelivery([])).toBeUndefined();
  });

  test('[WHK15] the oldest that waits for the given endpoints is known, whether or not it is due', async () => {
    const store = await make();
    expect(await store.oldestWaiting(['one'])).toBeUndefined();
    await commit(store, { at: T0 + 1, events: [event('call-b')] });
    await commit(store, { at: T0, events: [event('call-a')] });
    const [first, second] = await claim(store, 'one', T0 + 1);
    await settle(store, first, FAILED, T0 + 60_000);
    expect(await store.oldestWaiting(['two', 'one'])).toBe(T0);
    expect(await store.oldestWaiting(['two'])).toBeUndefined();
    expect(await store.oldestWaiting([])).toBeUndefined();
    await settle(store, second, TAKEN);
    expect(await store.oldestWaiting(['one'])).toBe(T0);
    await giveUp(store, (await claim(store, 'one', T0 + 60_000))[0]);
    expect(await store.oldestWaiting(['one'])).toBeUndefined();
  });

  test('a step that loses its race tells nothing', async () => {
    const store = await make();
    const call = invited();
    await commit(store, { calls: [call] });
    const lost = await store.commit(stepOf({ calls: [call], events: [event(call.id)] }));
    expect(lost.moved).toBe(false);
    expect(await store.deliveries({ limit: 10 })).toEqual([]);
  });
}

function readingContract(make: MakeStore): void {
  test('deliveries are found by what is known of them, newest first', async () => {
    const store = await make();
    const held = event('call-a', ['one', 'two']);
    const ended = event('call-b', ['one'], 'call.ended');
    await commit(store, { at: T0, events: [held] });
    await commit(store, { at: T0 + 10, events: [ended] });
    const [due] = await claim(store, 'two');
    await settle(store, due, TAKEN);
    const found = async (query: object) => {
      const rows = await store.deliveries({ limit: 10, ...query });
      return rows.map((row) => `${row.event.id} ${row.endpoint}`);
    };
    const all = [`${ended.id} one`, `${held.id} two`, `${held.id} one`];
    expect(await found({})).toEqual(all);
    expect(await found({ limit: 1 })).toEqual(all.slice(0, 1));
    expect(await found({ endpoint: 'two' })).toEqual([all[1]]);
    expect(await found({ state: 'delivered' })).toEqual([all[1]]);
    expect(await found({ type: 'call.ended' })).toEqual([all[0]]);
    expect(await found({ key: 'call-a' })).toEqual([all[1], all[2]]);
    expect(await found({ event: held.id })).toEqual([all[1], all[2]]);
    expect(await found({ from: T0 + 10 })).toEqual([all[0]]);
    expect(await found({ to: T0 + 10 })).toEqual([all[1], all[2]]);
    expect(await found({ key: 'call-a', endpoint: 'one', state: 'waiting' })).toEqual([all[2]]);
    expect(await found({ event: held.id, key: 'call-b' })).toEqual([]);
    expect(await found({ event: held.id, before: { at: T0, n: 2 } })).toEqual([all[2]]);
    const [newest] = await store.deliveries({ limit: 1 });
    const before = { at: T0 + 10, n: newest?.n ?? 0 };
    expect(await found({ before })).toEqual([all[1], all[2]]);
    expect(await found({ before, to: T0 + 10, from: T0, limit: 1 })).toEqual([all[1]]);
    const [taken] = await store.deliveries({ limit: 1, state: 'delivered' });
    expect(taken).toMatchObject({ attempts: 1, dueAt: null, last: TAKEN, form: 'event' });
  });

  test('an event is found with its data, and an unknown one is not', async () => {
    const store = await make();
    const one = event('call-a');
    await commit(store, { events: [one] });
    const data = { call: 'call-a', sequence: 1 };
    const { id, type } = one;
    expect(await store.event(one.id)).toEqual({ n: 1, id, type, key: 'call-a', at: T0, data });
    expect(await store.event('no-event')).toBeUndefined();
  });

  test('what was given up is kept so long after its last attempt', async () => {
    const store = await make();
    await commit(store, { events: [event('call-a')] });
    const [due] = await claim(store);
    await giveUp(store, due, T0 + 1_000);
    expect(await forget(store, T0 + 1_000)).toBe(0);
    expect(await forget(store, T0 + 1_001)).toBe(1);
  });

  test('old events are forgotten once they wait nowhere and their call is over', async () => {
    const store = await make();
    const [open, over] = [invited(), invited()];
    const told = [open.id, over.id, 'from a\nb'].map((key) => event(key));
    const waiting = event(over.id, ['two']);
    await commit(store, { calls: [open, over], events: [...told, waiting] });
    await commit(store, { calls: [cancelled(over)] });
    for (const each of await claim(store)) await settle(store, each, TAKEN);
    expect(await forget(store, T0)).toBe(0);
    // The open call's comes first, and is passed over.
    const first = await store.forgetEvents(T0 + 1, { limit: 2 });
    expect(first).toEqual({ count: 1, done: { at: T0, n: 2 } });
    const rest = await store.forgetEvents(T0 + 1, {
      limit: 3,
      after: first.done ?? { at: 0, n: 0 },
    });
    expect(rest).toEqual({ count: 1, done: null });
    const left = await store.deliveries({ limit: 10 });
    expect(left.map((each) => each.event.key)).toEqual([over.id, open.id]);
    expect(await store.event(told[1]?.id ?? '')).toBeUndefined();
  });
}
