import type { EventType } from '@ringline/protocol';
import { expect, test } from 'vitest';
import type { Attempt, Endpoint, NewEvent } from '../../../src/store/outbox.ts';
import type { Store } from '../../../src/store/store.ts';
import { T0, cancelled, commit, invited, stepOf } from '../builders.ts';
import type { MakeStore } from '../contract.ts';

const UNTIL = T0 + 30_000;
const FAILED: Attempt = { at: T0 + 1, status: 503, note: 'busy' };
const TAKEN: Attempt = { at: T0 + 2, status: 204, note: '' };

let made = 0;

function event(key: string, endpoints = ['one'], type: EventType = 'call.held'): NewEvent {
  made += 1;
  const deliveries = endpoints.map((endpoint) => ({ endpoint, form: 'event' as const, lane: key }));
  return { id: `event-${made}`, type, key, data: { call: key }, deliveries };
}

function endpoint(id: string, over: Partial<Endpoint> = {}): Endpoint {
  const url = `https://example.com/${id}`;
  const common = { id, url, events: null, isEnabled: true, createdAt: T0 };
  return { ...common, format: 'standard', secrets: ['whsec_x'], ...over } as Endpoint;
}

function claim(store: Store, of = 'one', now = T0, limit = 10) {
  return store.claimDeliveries({ endpoint: of, now, until: now + 30_000, limit });
}

async function settle(store: Store, n: number, attempt: Attempt, retryAt?: number): Promise<void> {
  const state = retryAt === undefined ? 'delivered' : 'waiting';
  await store.settleDeliveries([{ n, state, dueAt: retryAt ?? null, attempt }], T0 + 5);
}

/** What customers' servers are told: events, deliveries in order, endpoints. */
export function outboxContract(make: MakeStore): void {
  endpointsContract(make);
  deliveriesContract(make);
  readingContract(make);
}

function endpointsContract(make: MakeStore): void {
  test('endpoints are kept, oldest first; a changed one stays in its place', async () => {
    const store = make();
    await store.putEndpoint(endpoint('b'));
    await store.putEndpoint(endpoint('a'));
    const changed = endpoint('b', { isEnabled: false });
    await store.putEndpoint(changed);
    expect(await store.endpoints()).toEqual([changed, endpoint('a')]);
  });

  test('with an endpoint goes what waits for it, and nothing of others', async () => {
    const store = make();
    await store.putEndpoint(endpoint('one'));
    await commit(store, { events: [event('call-a', ['one', 'two'])] });
    await store.removeEndpoint('one');
    await store.removeEndpoint('nobody');
    expect(await store.endpoints()).toEqual([]);
    const left = await store.deliveries({ limit: 10 });
    expect(left.map((delivery) => delivery.endpoint)).toEqual(['two']);
  });
}

function deliveriesContract(make: MakeStore): void {
  test('the events of a call are numbered, those of messages are not', async () => {
    const store = make();
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
    const store = make();
    const [first, second, third] = [event('call-a'), event('call-a'), event('call-a')];
    await commit(store, { events: [first, second] });
    await commit(store, { events: [third] });
    const [one, ...more] = await claim(store);
    expect([one?.event.id, more]).toEqual([first.id, []]);
    await settle(store, one?.n ?? 0, FAILED, T0 + 60_000);
    expect(await claim(store, 'one', T0 + 59_999)).toEqual([]);
    const [again] = await claim(store, 'one', T0 + 60_000);
    expect(again).toMatchObject({ attempts: 1, event: { id: first.id } });
    await settle(store, again?.n ?? 0, TAKEN);
    const after = await claim(store, 'one', T0 + 60_001);
    expect(after.map((each) => each.event.id)).toEqual([second.id]);
  });

  test('one that is given up stands in nobody’s way', async () => {
    const store = make();
    const second = event('call-a');
    await commit(store, { events: [event('call-a'), second] });
    const [first] = await claim(store);
    const dead = { n: first?.n ?? 0, state: 'dead', dueAt: null, attempt: FAILED } as const;
    await store.settleDeliveries([dead], T0 + 5);
    expect((await claim(store, 'one', T0 + 5)).map((each) => each.event.id)).toEqual([second.id]);
  });

  test('what is claimed is given to nobody else until then, or until it is released', async () => {
    const store = make();
    await commit(store, { events: [event('call-a')] });
    expect(await claim(store)).toHaveLength(1);
    expect(await claim(store, 'one', UNTIL - 1)).toEqual([]);
    expect(await claim(store, 'one', UNTIL)).toHaveLength(1);
    await store.releaseDeliveries(UNTIL + 1);
    expect(await claim(store, 'one', UNTIL + 1)).toHaveLength(1);
  });

  test('a release makes nothing due that waits for another attempt', async () => {
    const store = make();
    await commit(store, { events: [event('call-a')] });
    const [due] = await claim(store);
    await settle(store, due?.n ?? 0, FAILED, T0 + 60_000);
    await store.releaseDeliveries(T0 + 10);
    expect(await claim(store, 'one', T0 + 10)).toEqual([]);
    expect(await store.nextDelivery(['one'])).toBe(T0 + 60_000);
  });

  test('a claim takes no more than its limit, the longest due first', async () => {
    const store = make();
    await commit(store, { at: T0 + 1, events: [event('call-a')] });
    await commit(store, { at: T0, events: [event('call-b')] });
    const due = await claim(store, 'one', T0 + 1, 1);
    expect(due.map((each) => each.event.key)).toEqual(['call-b']);
    expect(await store.nextDelivery(['one'])).toBe(T0 + 1);
    expect(await store.nextDelivery(['two'])).toBeUndefined();
    expect(await store.nextDelivery([])).toBeUndefined();
  });

  test('a step that loses its race tells nothing', async () => {
    const store = make();
    const call = invited();
    await commit(store, { calls: [call] });
    const lost = await store.commit(stepOf({ calls: [call], events: [event(call.id)] }));
    expect(lost.moved).toBe(false);
    expect(await store.deliveries({ limit: 10 })).toEqual([]);
  });
}

function readingContract(make: MakeStore): void {
  test('deliveries are found by what is known of them, newest first', async () => {
    const store = make();
    const held = event('call-a', ['one', 'two']);
    const ended = event('call-b', ['one'], 'call.ended');
    await commit(store, { at: T0, events: [held] });
    await commit(store, { at: T0 + 10, events: [ended] });
    const [due] = await claim(store, 'two');
    await settle(store, due?.n ?? 0, TAKEN);
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
    const [newest] = await store.deliveries({ limit: 1 });
    expect(await found({ before: newest?.n })).toEqual([all[1], all[2]]);
    const [taken] = await store.deliveries({ limit: 1, state: 'delivered' });
    expect(taken).toMatchObject({ attempts: 1, dueAt: null, last: TAKEN, form: 'event' });
  });

  test('an event is found with its data, and an unknown one is not', async () => {
    const store = make();
    const one = event('call-a');
    await commit(store, { events: [one] });
    const data = { call: 'call-a', sequence: 1 };
    const { id, type } = one;
    expect(await store.event(one.id)).toEqual({ n: 1, id, type, key: 'call-a', at: T0, data });
    expect(await store.event('no-event')).toBeUndefined();
  });

  test('what was delivered or given up is sent again by event, state or time', async () => {
    const store = make();
    const events = [event('call-a'), event('call-b'), event('call-c')];
    for (const [i, each] of events.entries()) await commit(store, { at: T0 + i, events: [each] });
    for (const each of await claim(store, 'one', T0 + 10)) await settle(store, each.n, TAKEN);
    const now = T0 + 100;
    expect(await store.resend({ endpoint: 'two' }, now)).toBe(0);
    expect(await store.resend({ endpoint: 'one', state: 'dead' }, now)).toBe(0);
    expect(await store.resend({ endpoint: 'one', event: events[0]?.id ?? '' }, now)).toBe(1);
    expect(await store.resend({ endpoint: 'one', from: T0 + 1, to: T0 + 2 }, now)).toBe(1);
    const due = await claim(store, 'one', now);
    expect(due.map(({ attempts, event: { key } }) => [attempts, key])).toEqual([
      [0, 'call-a'],
      [0, 'call-b'],
    ]);
  });

  test('what is sent again keeps its order: of each lane the first is due, and the next after it', async () => {
    const store = make();
    const told = [event('call-a'), event('call-a')];
    await commit(store, { events: told });
    for (let i = 0; i < told.length; i++) {
      const [due] = await claim(store, 'one', T0 + 5);
      const attempt = { ...FAILED, at: T0 + 5 };
      const dead = { n: due?.n ?? 0, state: 'dead', dueAt: null, attempt } as const;
      await store.settleDeliveries([dead], T0 + 5);
    }
    expect(await store.resend({ endpoint: 'one', state: 'dead' }, T0 + 9)).toBe(2);
    const [first, ...more] = await claim(store, 'one', T0 + 9);
    expect([first?.event.id, more]).toEqual([told[0]?.id, []]);
    await settle(store, first?.n ?? 0, TAKEN);
    const next = await claim(store, 'one', T0 + 9);
    expect(next.map((each) => each.event.id)).toEqual([told[1]?.id]);
  });

  test('to send again what waits behind another changes nothing of their order', async () => {
    const store = make();
    await commit(store, { events: [event('call-a'), event('call-a')] });
    expect(await store.resend({ endpoint: 'one' }, T0)).toBe(1);
    expect(await claim(store)).toHaveLength(1);
  });

  test('what was given up is kept so long after its last attempt', async () => {
    const store = make();
    await commit(store, { events: [event('call-a')] });
    const [due] = await claim(store);
    const attempt = { ...FAILED, at: T0 + 1_000 };
    const dead = { n: due?.n ?? 0, state: 'dead', dueAt: null, attempt } as const;
    await store.settleDeliveries([dead], T0 + 1_000);
    expect(await store.forgetEvents(T0 + 1_000, 10)).toBe(0);
    expect(await store.forgetEvents(T0 + 1_001, 10)).toBe(1);
  });

  test('old events are forgotten once they wait nowhere and their call is over', async () => {
    const store = make();
    const [open, over] = [invited(), invited()];
    const told = [open.id, over.id, 'from a\nb'].map((key) => event(key));
    const waiting = event(over.id, ['two']);
    await commit(store, { calls: [open, over], events: [...told, waiting] });
    await commit(store, { calls: [cancelled(over)] });
    for (const each of await claim(store)) await settle(store, each.n, TAKEN);
    expect(await store.forgetEvents(T0, 10)).toBe(0);
    expect(await store.forgetEvents(T0 + 1, 1)).toBe(1);
    expect(await store.forgetEvents(T0 + 1, 10)).toBe(1);
    const left = await store.deliveries({ limit: 10 });
    expect(left.map((each) => each.event.key)).toEqual([over.id, open.id]);
    expect(await store.event(told[1]?.id ?? '')).toBeUndefined();
  });
}
