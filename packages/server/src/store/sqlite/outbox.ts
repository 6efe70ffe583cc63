import type { EventType } from '@ringline/protocol';
import type {
  Attempt,
  Claim,
  DeliveryQuery,
  DeliveryState,
  DueDelivery,
  Endpoint,
  NewEvent,
  PostForm,
  ResendQuery,
  Settled,
  StoredDelivery,
  StoredEvent,
} from '../outbox.ts';
import { isNumbered } from '../outbox.ts';
import type { Database } from './driver.ts';

const EVER = Number.MAX_SAFE_INTEGER;

interface EventRow {
  readonly event_n: number;
  readonly id: string;
  readonly type: EventType;
  readonly key: string;
  readonly at: number;
}

interface DeliveryRow extends EventRow {
  readonly n: number;
  readonly endpoint: string;
  readonly form: PostForm;
  readonly state: DeliveryState;
  readonly attempts: number;
  readonly due_at: number | null;
  readonly last: string | null;
}

interface DueRow extends EventRow {
  readonly n: number;
  readonly form: PostForm;
  readonly attempts: number;
  readonly data: string;
}

/** Endpoints, events, and each event's deliveries. */
export class SqliteOutbox {
  readonly #statements: ReturnType<typeof statementsOf>;

  constructor(database: Database) {
    this.#statements = statementsOf(database);
  }

  endpoints(): readonly Endpoint[] {
    const rows = this.#statements.endpoints.all() as { body: string }[];
    return rows.map(({ body }) => JSON.parse(body) as Endpoint);
  }

  putEndpoint(endpoint: Endpoint): void {
    this.#statements.putEndpoint.run(endpoint.id, JSON.stringify(endpoint));
  }

  removeEndpoint(id: string): void {
    this.#statements.removeEndpoint.run(id);
    this.#statements.removeDeliveries.run(id);
  }

  write({ id, type, key, data, deliveries }: NewEvent, at: number): void {
    const sequence = isNumbered(type) ? this.#nextOf(key) : null;
    const told = sequence === null ? data : { ...data, sequence };
    const row = this.#statements.insertEvent.run(id, type, key, sequence, at, JSON.stringify(told));
    const event = Number(row.lastInsertRowid);
    for (const { endpoint, form, lane } of deliveries) {
      const waits = this.#statements.firstWaiting.get(endpoint, lane) !== undefined;
      this.#statements.insertDelivery.run(endpoint, event, lane, form, waits ? null : at);
    }
  }

  #nextOf(key: string): number {
    const row = this.#statements.lastSequence.get(key) as { sequence: number | null };
    return (row.sequence ?? 0) + 1;
  }

  claim({ endpoint, now, until, limit }: Claim): readonly DueDelivery[] {
    const rows = this.#statements.due.all(endpoint, now, limit) as DueRow[];
    for (const { n } of rows) this.#statements.claim.run(until, n);
    return rows.map(({ n, form, attempts, data, ...event }) => ({
      n,
      endpoint,
      form,
      attempts,
      event: { ...eventOf(event), data: JSON.parse(data) as object },
    }));
  }

  settle(settled: readonly Settled[], now: number): void {
    for (const { n, state, dueAt, attempt } of settled) {
      const last = JSON.stringify(attempt);
      this.#statements.settle.run(state, dueAt, attempt.at, last, n);
      if (state !== 'waiting') this.#statements.promote.run(now, n);
    }
  }

  release(now: number): void {
    this.#statements.release.run(now);
  }

  next(endpoints: readonly string[]): number | undefined {
    const rows = endpoints.map((id) => this.#statements.next.get(id) as { due: number | null });
    const times = rows.flatMap(({ due }) => (due === null ? [] : [due]));
    return times.length === 0 ? undefined : Math.min(...times);
  }

  deliveries(query: DeliveryQuery): readonly StoredDelivery[] {
    const { from = 0, to = EVER, before = EVER, limit } = query;
    const { endpoint = null, state = null, type = null, key = null, event = null } = query;
    const given = [endpoint, state, type, key, event, from, to, before, limit];
    const rows = this.#statements.deliveries.all(...given) as DeliveryRow[];
    return rows.map((row) => ({
      n: row.n,
      endpoint: row.endpoint,
      form: row.form,
      state: row.state,
      attempts: row.attempts,
      dueAt: row.due_at,
      last: row.last === null ? null : (JSON.parse(row.last) as Attempt),
      event: eventOf(row),
    }));
  }

  event(id: string): StoredEvent | undefined {
    const row = this.#statements.event.get(id) as (EventRow & { data: string }) | undefined;
    return row && { ...eventOf(row), data: JSON.parse(row.data) as object };
  }

  resend({ endpoint, state, event, from = 0, to = EVER }: ResendQuery, now: number): number {
    const given = [endpoint, state ?? null, event ?? null, from, to];
    const { changes } = this.#statements.resend.run(...given);
    this.#statements.firstOfLanes.run(now, endpoint);
    return Number(changes);
  }

  forgetEvents(before: number, limit: number): number {
    const rows = this.#statements.forgettable.all(before, limit) as { n: number }[];
    for (const { n } of rows) {
      this.#statements.forgetDeliveries.run(n);
      this.#statements.forgetEvent.run(n);
    }
    return rows.length;
  }
}

function eventOf({ event_n: n, id, type, key, at }: EventRow): Omit<StoredEvent, 'data'> {
  return { n, id, type, key, at };
}

const EVENT = 'e.n AS event_n, e.id, e.type, e.key, e.at';

function statementsOf(database: Database) {
  return { ...endpointStatements(database), ...deliveryStatements(database), ...readers(database) };
}

function endpointStatements(database: Database) {
  return {
    endpoints: database.prepare('SELECT body FROM endpoints ORDER BY n'),
    putEndpoint: database.prepare(`
      INSERT INTO endpoints (id, body) VALUES (?, ?)
      ON CONFLICT (id) DO UPDATE SET body = excluded.body`),
    removeEndpoint: database.prepare('DELETE FROM endpoints WHERE id = ?'),
    removeDeliveries: database.prepare('DELETE FROM deliveries WHERE endpoint = ?'),
  };
}

function deliveryStatements(database: Database) {
  return {
    lastSequence: database.prepare('SELECT max(sequence) AS sequence FROM events WHERE key = ?'),
    insertEvent: database.prepare(
      'INSERT INTO events (id, type, key, sequence, at, data) VALUES (?, ?, ?, ?, ?, ?)',
    ),
    firstWaiting: database.prepare(`
      SELECT n FROM deliveries WHERE endpoint = ? AND lane = ? AND state = 'waiting' LIMIT 1`),
    insertDelivery: database.prepare(`
      INSERT INTO deliveries (endpoint, event, lane, form, state, attempts, due_at, claimed)
      VALUES (?, ?, ?, ?, 'waiting', 0, ?, 0)`),
    due: database.prepare(`
      SELECT d.n, d.form, d.attempts, e.data, ${EVENT}
      FROM deliveries d JOIN events e ON e.n = d.event
      WHERE d.endpoint = ? AND d.due_at <= ? ORDER BY d.due_at, d.n LIMIT ?`),
    // Due again when nobody has settled it by then: that is the lease.
    claim: database.prepare('UPDATE deliveries SET due_at = ?, claimed = 1 WHERE n = ?'),
    settle: database.prepare(`
      UPDATE deliveries SET state = ?, due_at = ?, last_at = ?, last = ?, attempts = attempts + 1, claimed = 0
      WHERE n = ? AND state = 'waiting'`),
    promote: database.prepare(`
      UPDATE deliveries SET due_at = ?1 WHERE due_at IS NULL AND n = (
        SELECT w.n FROM deliveries w JOIN deliveries d ON d.endpoint = w.endpoint AND d.lane = w.lane
        WHERE d.n = ?2 AND w.state = 'waiting' ORDER BY w.n LIMIT 1)`),
    release: database.prepare(
      'UPDATE deliveries SET due_at = ?, claimed = 0 WHERE due_at IS NOT NULL AND claimed = 1',
    ),
    next: database.prepare(
      'SELECT min(due_at) AS due FROM deliveries WHERE endpoint = ? AND due_at IS NOT NULL',
    ),
    resend: database.prepare(`
      UPDATE deliveries SET state = 'waiting', due_at = NULL, attempts = 0, claimed = 0
      WHERE endpoint = ?1 AND (?2 IS NULL OR state = ?2)
        AND (state <> 'waiting' OR due_at IS NOT NULL) AND event IN (
        SELECT n FROM events WHERE (?3 IS NULL OR id = ?3) AND at >= ?4 AND at < ?5)`),
    firstOfLanes: database.prepare(`
      UPDATE deliveries SET due_at = ?1
      WHERE due_at IS NULL AND n IN (
        SELECT min(n) FROM deliveries WHERE endpoint = ?2 AND state = 'waiting' GROUP BY lane)`),
    forgettable: database.prepare(`
      SELECT n FROM events e WHERE at < ?1
        AND NOT EXISTS (SELECT 1 FROM deliveries WHERE event = e.n
          AND (state = 'waiting' OR state = 'dead' AND last_at >= ?1))
        AND NOT EXISTS (SELECT 1 FROM calls WHERE id = e.key AND open)
      ORDER BY at LIMIT ?2`),
    forgetEvent: database.prepare('DELETE FROM events WHERE n = ?'),
    forgetDeliveries: database.prepare('DELETE FROM deliveries WHERE event = ?'),
  };
}

function readers(database: Database) {
  return {
    deliveries: database.prepare(`
      SELECT d.n, d.endpoint, d.form, d.state, d.attempts, d.due_at, d.last, ${EVENT}
      FROM deliveries d JOIN events e ON e.n = d.event
      WHERE (?1 IS NULL OR d.endpoint = ?1) AND (?2 IS NULL OR d.state = ?2)
        AND (?3 IS NULL OR e.type = ?3) AND (?4 IS NULL OR e.key = ?4)
        AND (?5 IS NULL OR e.id = ?5) AND e.at >= ?6 AND e.at < ?7 AND d.n < ?8
      ORDER BY d.n DESC LIMIT ?9`),
    event: database.prepare(`SELECT ${EVENT}, e.data FROM events e WHERE e.id = ?`),
  };
}
