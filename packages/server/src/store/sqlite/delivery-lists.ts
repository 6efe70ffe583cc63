import type { EventType } from '@ringline/protocol';
import { END, deliveryOf, newest, pageOf } from '../delivery-row.ts';
import type { DeliveryRow } from '../delivery-row.ts';
import type { DeliveryQuery, DeliveryState, OutboxPlace, StoredDelivery } from '../outbox.ts';
import { DELIVERY_STATES, comparePlaces, isWanted, placeOf } from '../outbox.ts';
import type { Database } from './driver.ts';

/** Deliveries looked at in one turn of the event loop, where some are sought among many: a few milliseconds. */
export const LOOK_PORTION = 500;

/** So many deliveries, newest first, before a place. */
type Look = (before: OutboxPlace, limit: number) => readonly DeliveryRow[];

/**
 * Lists of deliveries, newest first. Each is read from its end by an index, and of what no index
 * tells apart a portion in each turn of the event loop: its generators yield between them.
 */
export class SqliteDeliveryLists {
  readonly #statements: ReturnType<typeof statementsOf>;

  constructor(database: Database) {
    this.#statements = statementsOf(database);
  }

  /** The endpoints for which something is kept. */
  endpoints(): readonly string[] {
    const rows = this.#statements.endpoints.all() as { endpoint: string }[];
    return rows.map(({ endpoint }) => endpoint);
  }

  /** All of one event. */
  ofEvent(id: string): readonly DeliveryRow[] {
    return this.#statements.ofEvent.all(id) as DeliveryRow[];
  }

  *find(query: DeliveryQuery): Generator<void, readonly StoredDelivery[]> {
    const { event, key, type, state } = query;
    if (event !== undefined) return pageOf(this.ofEvent(event).map(deliveryOf), query);
    if (key !== undefined) {
      const rows = this.#statements.ofKey.all(key) as DeliveryRow[];
      return pageOf(rows.map(deliveryOf), query);
    }
    // Few wait or are dead: of those a kind of event is picked.
    if (type !== undefined && (state === undefined || state === 'delivered')) {
      return yield* walk(query, this.#byType(type, query), LOOK_PORTION);
    }
    return yield* this.#byEndpoints(query);
  }

  /** Of each endpoint and state that are wanted a page, and of these the newest. */
  *#byEndpoints(query: DeliveryQuery): Generator<void, readonly StoredDelivery[]> {
    const { endpoint, state, type, limit } = query;
    const portion = type === undefined ? limit : LOOK_PORTION;
    const found: StoredDelivery[] = [];
    for (const to of endpoint === undefined ? this.endpoints() : [endpoint]) {
      for (const of of state === undefined ? DELIVERY_STATES : [state]) {
        found.push(...(yield* walk(query, this.#byState(to, of, query), portion)));
      }
    }
    return newest(found, limit);
  }

  #byState(endpoint: string, state: DeliveryState, { from = 0 }: DeliveryQuery): Look {
    return ({ at, n }, limit) =>
      this.#statements.byState.all(endpoint, state, from, at, n, limit) as DeliveryRow[];
  }

  #byType(type: EventType, { from = 0 }: DeliveryQuery): Look {
    return ({ at, n }, limit) =>
      this.#statements.byType.all(type, from, at, at, n, limit) as DeliveryRow[];
  }
}

/** Looks portion by portion until a page is found. */
function* walk(
  query: DeliveryQuery,
  look: Look,
  portion: number,
): Generator<void, readonly StoredDelivery[]> {
  const { to = END.at, before = END, limit } = query;
  const end = { at: to, n: 0 };
  let place = comparePlaces(before, end) < 0 ? before : end;
  const found: StoredDelivery[] = [];
  for (;;) {
    const looked = look(place, portion).map(deliveryOf);
    found.push(...looked.filter((each) => isWanted(each, query)));
    const last = looked.at(-1);
    if (!last || looked.length < portion || found.length >= limit) return found.slice(0, limit);
    place = placeOf(last);
    yield;
  }
}

/** The columns of an EventRow; of a DeliveryRow. */
export const EVENT = 'e.n AS event_n, e.id, e.type, e.key, e.at';
const DELIVERY = `d.n, d.endpoint, d.lane, d.form, d.state, d.attempts, d.due_at, d.last, ${EVENT}`;

function statementsOf(database: Database) {
  return {
    // From one to the next by the index: there are few among a million deliveries.
    endpoints: database.prepare(`
      WITH RECURSIVE kept (endpoint) AS (
        SELECT min(endpoint) FROM deliveries
        UNION ALL SELECT (SELECT min(endpoint) FROM deliveries WHERE endpoint > kept.endpoint)
          FROM kept WHERE kept.endpoint IS NOT NULL)
      SELECT endpoint FROM kept WHERE endpoint IS NOT NULL`),
    byState: database.prepare(`
      SELECT ${DELIVERY} FROM deliveries d JOIN events e ON e.n = d.event
      WHERE d.endpoint = ? AND d.state = ? AND d.at >= ? AND (d.at, d.n) < (?, ?)
      ORDER BY d.at DESC, d.n DESC LIMIT ?`),
    // The deliveries of a later event have later numbers: this is the order of places.
    byType: database.prepare(`
      SELECT ${DELIVERY} FROM events e CROSS JOIN deliveries d ON d.event = e.n
      WHERE e.type = ? AND e.at >= ? AND e.at <= ? AND (e.at, d.n) < (?, ?)
      ORDER BY e.at DESC, e.n DESC, d.n DESC LIMIT ?`),
    ofEvent: database.prepare(`
      SELECT ${DELIVERY} FROM events e JOIN deliveries d ON d.event = e.n WHERE e.id = ?`),
    ofKey: database.prepare(`
      SELECT ${DELIVERY} FROM events e JOIN deliveries d ON d.event = e.n WHERE e.key = ?`),
  };
}
