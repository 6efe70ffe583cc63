import type { EventType } from '@ringline/protocol';
import {
  END,
  newest,
  pageOf,
  deliveryOf as rowDeliveryOf,
  eventOf as rowEventOf,
} from '../delivery-row.ts';
import type { DeliveryRow, EventRow } from '../delivery-row.ts';
import type {
  DeliveryQuery,
  DeliveryState,
  OutboxPlace,
  StoredDelivery,
  StoredEvent,
} from '../outbox.ts';
import { DELIVERY_STATES, comparePlaces, isWanted, placeOf } from '../outbox.ts';
import type { Statement } from './driver.ts';
import type { Lanes } from './lanes.ts';
import { given, held } from './text.ts';

/** Deliveries looked at in one statement, where some are sought among many: a few milliseconds. */
export const LOOK_PORTION = 500;

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
    if (event !== undefined) return pageOf((await this.ofEvent(event)).map(deliveryOf), query);
    if (key !== undefined) {
      const rows = await this.#lanes.read<DeliveryRow>(OF_KEY, [held(key)]);
      return pageOf(rows.map(deliveryOf), query);
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
  const { to = END.at, before = END, limit } = query;
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

/** A delivery as the port has it. */
export function deliveryOf(row: DeliveryRow): StoredDelivery {
  return rowDeliveryOf({ ...row, endpoint: given(row.endpoint), ...idsOf(row) });
}

/** Its event as the port has it. */
export function eventOf(row: EventRow): Omit<StoredEvent, 'data'> {
  return rowEventOf({ ...row, ...idsOf(row) });
}

function idsOf({ id, key }: EventRow): Pick<EventRow, 'id' | 'key'> {
  return { id: given(id), key: given(key) };
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
