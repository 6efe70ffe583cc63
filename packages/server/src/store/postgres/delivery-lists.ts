import type { EventType } from '@ringline/protocol';
import type {
  Attempt,
  DeliveryQuery,
  DeliveryState,
  OutboxPlace,
  PostForm,
  StoredDelivery,
  StoredEvent,
} from '../outbox.ts';
import { DELIVERY_STATES, comparePlaces, isWanted, placeOf } from '../outbox.ts';
import type { Statement } from './driver.ts';
import type { Lanes } from './lanes.ts';
import { given, held } from './text.ts';

const EVER = Number.MAX_SAFE_INTEGER;
/** Before this place stands everything. */
const END: OutboxPlace = { at: EVER, n: EVER };
/** Deliveries looked at in one statement, where some are sought among many: a few milliseconds. */
export const LOOK_PORTION = 500;

/** An event without its data. */
export interface EventRow {
  readonly event_n: number;
  readonly id: string;
  readonly type: EventType;
  readonly key: string;
  readonly at: number;
}

/** A delivery with its event. */
export interface DeliveryRow extends EventRow {
  readonly n: number;
  readonly endpoint: string;
  readonly lane: string;
  readonly form: PostForm;
  readonly state: DeliveryState;
  readonly attempts: number;
  readonly due_at: number | null;
  readonly last: string | null;
}

/** So many deliveries, newest first, before a place. */
type Look = (before: OutboxPlace, limit: number) => Promise<readonly DeliveryRow[]>;

/** Lists of deliveries, newest first: each read from its end by an index, a portion at a time. */
export class PostgresDeliveryLists {
  readonly #lanes: Lanes;

  constructor(lanes: Lanes) {
    this.#lanes = lanes;
  }

  /** All of one event. */
  ofEvent(id: string): Promise<readonly DeliveryRow[]> {
    return this.#lanes.read<DeliveryRow>(OF_EVENT, [held(id)]);
  }

  async find(query: DeliveryQuery): Promise<readonly StoredDelivery[]> {
    const { event, key, type, state } = query;
    if (event !== undefined) return pageOf(await this.ofEvent(event), query);
    if (key !== undefined) {
      return pageOf(await this.#lanes.read<DeliveryRow>(OF_KEY, [held(key)]), query);
    }
    // Few wait or are dead: of those a kind of event is picked.
    if (type !== undefined && (state === undefined || state === 'delivered')) {
      return walk(query, this.#byType(type, query), LOOK_PORTION);
    }
    return this.#byEndpoints(query);
  }

  /** Of each endpoint and state that are wanted a page, and of these the newest. */
  async #byEndpoints(query: DeliveryQuery): Promise<readonly StoredDelivery[]> {
    const { endpoint, state, type, limit } = query;
    const portion = type === undefined ? limit : LOOK_PORTION;
    const found: StoredDelivery[] = [];
    for (const to of endpoint === undefined ? await this.#endpoints() : [held(endpoint)]) {
      for (const of of state === undefined ? DELIVERY_STATES : [state]) {
        found.push(...(await walk(query, this.#byState(to, of, query), portion)));
      }
    }
    return newest(found, limit);
  }

  /** The endpoints for which something is kept, as columns have them. */
  async #endpoints(): Promise<readonly string[]> {
    const rows = await this.#lanes.read<{ endpoint: string }>(ENDPOINTS);
    return rows.map(({ endpoint }) => endpoint);
  }

  #byState(endpoint: string, state: DeliveryState, { from = 0 }: DeliveryQuery): Look {
    return ({ at, n }, limit) =>
      this.#lanes.read<DeliveryRow>(BY_STATE, [endpoint, state, from, at, n, limit]);
  }

  #byType(type: EventType, { from = 0 }: DeliveryQuery): Look {
    return ({ at, n }, limit) => this.#lanes.read<DeliveryRow>(BY_TYPE, [type, from, at, n, limit]);
  }
}

/** Looks portion by portion until a page is found. */
async function walk(
  query: DeliveryQuery,
  look: Look,
  portion: number,
): Promise<readonly StoredDelivery[]> {
  const { to = EVER, before = END, limit } = query;
  const end = { at: to, n: 0 };
  let place = comparePlaces(before, end) < 0 ? before : end;
  const found: StoredDelivery[] = [];
  for (;;) {
    const looked = (await look(place, portion)).map(deliveryOf);
    found.push(...looked.filter((each) => isWanted(each, query)));
    const last = looked.at(-1);
    if (!last || looked.length < portion || found.length >= limit) return found.slice(0, limit);
    place = placeOf(last);
  }
}

/** A page of what was read whole: the few of an event or a call. */
function pageOf(rows: readonly DeliveryRow[], query: DeliveryQuery): readonly StoredDelivery[] {
  const { before = END, limit } = query;
  const found = rows.map(deliveryOf).filter((each) => isWanted(each, query));
  return newest(
    found.filter((each) => comparePlaces(placeOf(each), before) < 0),
    limit,
  );
}

function newest(found: readonly StoredDelivery[], limit: number): readonly StoredDelivery[] {
  return found
    .toSorted((one, other) => comparePlaces(placeOf(other), placeOf(one)))
    .slice(0, limit);
}

/** A delivery as the port has it. */
export function deliveryOf(row: DeliveryRow): StoredDelivery {
  const { n, form, state, attempts, due_at: dueAt } = row;
  const last = row.last === null ? null : (JSON.parse(row.last) as Attempt);
  const endpoint = given(row.endpoint);
  return { n, endpoint, form, state, attempts, dueAt, last, event: eventOf(row) };
}

/** Its event as the port has it. */
export function eventOf({ event_n: n, id, type, key, at }: EventRow): Omit<StoredEvent, 'data'> {
  return { n, id: given(id), type, key: given(key), at };
}

/** The columns of an EventRow; of a DeliveryRow. */
export const EVENT = 'e.n as event_n, e.id, e.type, e.key, e.at';
const DELIVERY = `d.n, d.endpoint, d.lane, d.form, d.state, d.attempts, d.due_at, d.last, ${EVENT}`;

/**
 * The first that waits in the lane of `d`. Looked up for each by the index, however few rows the server
 * believes that there are: `exists` it may join otherwise.
 */
const FIRST_OF_LANE = `(select w.n from deliveries w where w.endpoint = d.endpoint
  and w.lane = d.lane and w.state = 'waiting' order by w.n limit 1)`;
export const IS_FIRST = `d.n = ${FIRST_OF_LANE}`;
/** Something earlier of the lane of `d` waits. */
export const HAS_EARLIER = `d.n > ${FIRST_OF_LANE}`;

/** From one to the next by the index: there are few among a million deliveries. */
export const KEPT_ENDPOINTS = `kept (endpoint) as (
    (select endpoint from deliveries order by endpoint limit 1)
    union all select (
      select d.endpoint from deliveries d where d.endpoint > k.endpoint order by d.endpoint limit 1)
    from kept k where k.endpoint is not null)`;

const ENDPOINTS: Statement = {
  name: 'deliveries_endpoints',
  text: `with recursive ${KEPT_ENDPOINTS} select endpoint from kept where endpoint is not null`,
};
const BY_STATE: Statement = {
  name: 'deliveries_by_state',
  text: `select ${DELIVERY} from deliveries d join events e on e.n = d.event
    where d.endpoint = $1 and d.state = $2 and d.at >= $3 and (d.at, d.n) < ($4, $5)
    order by d.at desc, d.n desc limit $6`,
};
// Deliveries of events of one time may be numbered otherwise than these: sorted within that time.
const BY_TYPE: Statement = {
  name: 'deliveries_by_type',
  text: `select ${DELIVERY} from events e join deliveries d on d.event = e.n
    where e.type = $1 and e.at >= $2 and e.at <= $3 and (e.at < $3 or d.n < $4)
    order by e.at desc, d.n desc limit $5`,
};
const OF_EVENT: Statement = {
  name: 'deliveries_of_event',
  text: `select ${DELIVERY} from events e join deliveries d on d.event = e.n where e.id = $1`,
};
const OF_KEY: Statement = {
  name: 'deliveries_of_key',
  text: `select ${DELIVERY} from events e join deliveries d on d.event = e.n where e.key = $1`,
};
