import { join } from 'node:path';
import { openStore } from '@ringline/server';
import type {
  DueDelivery,
  DeliveryQuery,
  NewEvent,
  OutboxPlace,
  OutboxPortion,
  PortionDone,
  Settled,
  Store,
} from '@ringline/server';
import { FEW, MANY, compare, heading, inTurn, stepOf } from './measure.ts';

const BATCH = 500;
const LIMIT = 50;
/** As the courier and the operator take them: `OUTBOX_PORTION` of the server. */
const PORTION = 200;
/** As a list takes what it looks at: as the store's own `LOOK_PORTION`. */
const LOOK_PORTION = 500;
/** Portions change what they find, and a thousand have only so many of them. */
const SMALL_PORTION = 20;
const PORTION_ROUNDS = 20;
/** So many are sent again, and forgotten, while somebody looks at the event loop. */
const TURNED = 100_000;
const STORED = 4_000;
/** Steps in the same turn of the event loop on a busy server. */
const TOGETHER = 8;
const EVENTS_PER_CALL = 4;
const T0 = Date.UTC(2026, 0, 1);
/** One event a second. */
const EVERY_MS = 1_000;
/** An endpoint with most of the events, and one with few. */
const LARGE = 'large';
const SMALL = 'small';

/** The outbox: a page of a list with each filter, a portion of what is sent again or forgotten, and storing one more. */
export async function compareOutboxes(folder: string): Promise<void> {
  const few = await filled(folder, FEW);
  const many = await filled(folder, MANY);
  const both = [
    { store: few, count: FEW },
    { store: many, count: MANY },
  ];
  heading(`listing ${LIMIT} deliveries`);
  for (const [name, queryOf] of QUERIES) {
    const lists = both.map(
      ({ store, count }) =>
        () =>
          store.deliveries({ limit: LIMIT, ...queryOf(count) }),
    );
    compare(name, await inTurn(lists));
  }
  for (const [name, portionOf] of PORTIONS) {
    const works = both.map(({ store }) => portionOf(store));
    compare(name, await inTurn(works, PORTION_ROUNDS));
  }
  compare('storing one, processor, µs', [await storing(few, FEW), await storing(many, MANY)], 1);
  await tellTurns('seeking in vain among all', () => seekInVain(many));
  await tellTurns(`sending ${TURNED} again`, () => sendMany(many));
  await tellTurns(`forgetting ${TURNED}`, () => forgetMany(many));
  await Promise.all([few.close(), many.close()]);
}

type QueryOf = (count: number) => Omit<DeliveryQuery, 'limit'>;

const QUERIES: readonly (readonly [string, QueryOf])[] = [
  ['all', () => ({})],
  ['of one endpoint', () => ({ endpoint: LARGE })],
  ['of one with few', () => ({ endpoint: SMALL })],
  ['delivered', () => ({ state: 'delivered' })],
  ['waiting', () => ({ state: 'waiting' })],
  ['dead', () => ({ state: 'dead' })],
  ['dead, of one endpoint', () => ({ state: 'dead', endpoint: LARGE })],
  ['of one call', () => ({ key: 'call-1' })],
  ['of one event', () => ({ event: eventIdOf(1) })],
  ['of a kind that is rare', () => ({ type: 'call.held' })],
  ['dead, of a kind', () => ({ type: 'call.ended', state: 'dead' })],
  ['of a time long ago', (count) => ({ to: middleOf(count), from: T0 })],
];

/** Only the kind of event has an index, and none of that kind is for this endpoint. */
async function seekInVain(store: Store): Promise<number> {
  await store.deliveries({ type: 'call.ended', endpoint: 'nobody', limit: LIMIT });
  return Math.ceil(MANY / LOOK_PORTION);
}

/** Other ones each time: what was sent again or forgotten is not found once more. */
const PORTIONS: readonly (readonly [string, (store: Store) => () => Promise<unknown>])[] = [
  [
    'sending one event again',
    (store) => () => store.resend({ endpoint: LARGE, event: eventIdOf(1), limit: PORTION }, T0),
  ],
  [
    `sending ${SMALL_PORTION} again`,
    (store) => () =>
      store.resend({ endpoint: LARGE, state: 'delivered', limit: SMALL_PORTION }, T0),
  ],
  [`forgetting ${SMALL_PORTION}`, forgetting],
];

function forgetting(store: Store): () => Promise<unknown> {
  let portion: OutboxPortion = { limit: SMALL_PORTION };
  return async () => {
    const { done } = await store.forgetEvents(T0 + FEW * EVERY_MS, portion);
    portion = { limit: SMALL_PORTION, ...(done && { after: done }) };
  };
}

/** As the operator does it. */
function sendMany(store: Store): Promise<number> {
  const from = middleOf(MANY);
  const query = { endpoint: LARGE, from, to: from + TURNED * EVERY_MS };
  return inPortions((portion) => store.resend({ ...query, ...portion }, T0));
}

/** As the courier does it, among the oldest. */
function forgetMany(store: Store): Promise<number> {
  return inPortions((portion) => store.forgetEvents(T0 + TURNED * EVERY_MS, portion));
}

/** How many portions there were. */
async function inPortions(work: (portion: OutboxPortion) => Promise<PortionDone>): Promise<number> {
  let portions = 0;
  let after: OutboxPlace | null | undefined;
  do {
    const { done }: PortionDone = await work({ limit: PORTION, ...(after && { after }) });
    after = done;
    portions++;
  } while (after);
  return portions;
}

/** What it takes of the processor, and how much of that in each turn of the event loop: others wait so long. */
async function tellTurns(what: string, work: () => Promise<number>): Promise<void> {
  const before = process.cpuUsage();
  const turns = await work();
  const { user, system } = process.cpuUsage(before);
  const took = (user + system) / 1000;
  const [seconds, each] = [(took / 1000).toFixed(2), (took / turns).toFixed(2)];
  console.log(`${what}: ${seconds} s of the processor, in ${turns} turns of ${each} ms`);
}

function eventIdOf(n: number): string {
  return `event-of-the-bench-${n}`;
}

function middleOf(count: number): number {
  return T0 + (count / 2) * EVERY_MS;
}

async function filled(folder: string, count: number): Promise<Store> {
  const store = await openStore({ dataDir: join(folder, `outbox-${count}`) });
  for (let n = 0; n < count; n += BATCH) {
    const size = Math.min(BATCH, count - n);
    for (let i = 0; i < size; i++) {
      void store.commit(stepOf({ at: T0 + (n + i) * EVERY_MS, events: [eventOf(n + i)] }));
    }
    for (const endpoint of [LARGE, SMALL]) await settleAll(store, endpoint);
  }
  return store;
}

/** Takes out all that is due, again and again: of each call the next event is due when one is over. */
async function settleAll(store: Store, endpoint: string): Promise<void> {
  const now = T0 + MANY * EVERY_MS;
  for (;;) {
    const due = await store.claimDeliveries({ endpoint, now, until: now + 1, limit: BATCH });
    if (due.length === 0) return;
    await store.settleDeliveries(
      due.map((each) => outcomeOf(each, now)),
      now,
    );
  }
}

/** Among a thousand a tenth is dead and a tenth waits, of what is more a thousandth. */
function outcomeOf({ n, claim, event: { n: numbered } }: DueDelivery, now: number): Settled {
  const event = numbered - 1;
  const settled = { n, claim };
  const one = event < FEW ? 10 : 1_000;
  const attempt = { at: now, status: 503, note: 'busy' };
  if (event % one === 5) return { ...settled, state: 'dead', dueAt: null, attempt };
  if (event % one === 7) return { ...settled, state: 'waiting', dueAt: now * 2, attempt };
  return {
    ...settled,
    state: 'delivered',
    dueAt: null,
    attempt: { at: now, status: 204, note: '' },
  };
}

function eventOf(n: number): NewEvent {
  const call = `call-${Math.floor(n / EVENTS_PER_CALL)}`;
  const endpoint = n % (n < FEW ? 10 : 100) === 3 ? SMALL : LARGE;
  return {
    id: eventIdOf(n),
    type: n === 1 ? 'call.held' : 'call.ended',
    key: call,
    data: { call, roomId: n, caller: { user: 'alice' }, callee: { user: 'bob' }, media: 'audio' },
    deliveries: [{ endpoint, form: 'event', lane: call }],
  };
}

/** Microseconds of the processor for one more event with its delivery, each in a step of its own. */
async function storing(store: Store, from: number): Promise<number> {
  const before = process.cpuUsage();
  for (let n = from; n < from + STORED; n += TOGETHER) {
    const steps = Array.from({ length: TOGETHER }, (_, i) =>
      stepOf({ at: T0 + (n + i) * EVERY_MS, events: [eventOf(n + i)] }),
    );
    await Promise.all(steps.map((step) => store.commit(step)));
  }
  const { user, system } = process.cpuUsage(before);
  return (user + system) / STORED;
}
