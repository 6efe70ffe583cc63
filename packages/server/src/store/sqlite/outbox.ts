import { deliveryOf, eventOf } from '../delivery-row.ts';
import type { EventRow } from '../delivery-row.ts';
import type {
  Claim,
  DeliveryQuery,
  DueDelivery,
  Endpoint,
  MissedEndpoint,
  NewEvent,
  OutboxPlace,
  OutboxPortion,
  PortionDone,
  PostForm,
  ResendQuery,
  Settled,
  StoredDelivery,
  StoredEvent,
} from '../outbox.ts';
import {
  DELIVERY_STATES,
  INVITATION_KEY,
  comparePlaces,
  isNumbered,
  isWanted,
  portionDone,
} from '../outbox.ts';
import { EVENT, SqliteDeliveryLists } from './delivery-lists.ts';
import type { Database } from './driver.ts';

const EVER = Number.MAX_SAFE_INTEGER;

/** What sending again must know. */
interface PastRow extends OutboxPlace {
  readonly lane: string;
}

/** An event that is old enough, and whether something still needs it. */
interface OldRow extends OutboxPlace {
  readonly held: number;
}

interface DueRow extends EventRow {
  readonly n: number;
  readonly form: PostForm;
  readonly attempts: number;
  readonly claim: number;
  readonly since: number;
  readonly data: string;
}

/** Endpoints, events, and each event's deliveries. */
export class SqliteOutbox {
  readonly #lists: SqliteDeliveryLists;
  readonly #statements: ReturnType<typeof statementsOf>;

  constructor(database: Database) {
    this.#lists = new SqliteDeliveryLists(database);
    this.#statements = statementsOf(database);
  }

  endpoints(): readonly Endpoint[] {
    const rows = this.#statements.endpoints.all() as { body: string; version: number }[];
    return rows.map(({ body, version }) => ({ ...(JSON.parse(body) as Endpoint), version }));
  }

  addEndpoint(endpoint: Endpoint, most: number): boolean {
    const { id, version } = endpoint;
    const given = [id, version, JSON.stringify(endpoint), most];
    return this.#statements.addEndpoint.run(...given).changes > 0;
  }

  changeEndpoint(endpoint: Endpoint): boolean {
    const { id, version } = endpoint;
    const given = [JSON.stringify(endpoint), version, id, version - 1];
    return this.#statements.changeEndpoint.run(...given).changes > 0;
  }

  removeEndpoint(id: string): void {
    this.#statements.removeEndpoint.run(id);
  }

  noteEndpoints(known: readonly string[], now: number): readonly MissedEndpoint[] {
    const missed = this.#lists.endpoints().filter((id) => !known.includes(id));
    this.#statements.foundAgain.run(JSON.stringify(missed));
    for (const id of missed) this.#statements.miss.run(id, now);
    return this.#statements.missed.all() as MissedEndpoint[];
  }

  forgetDeliveries(endpoint: string, limit: number): number {
    return Number(this.#statements.removeDeliveries.run(endpoint, limit).changes);
  }

  write({ id, type, key, data, deliveries }: NewEvent, at: number): void {
    const sequence = isNumbered(type) ? this.#nextOf(key) : null;
    const told = sequence === null ? data : { ...data, sequence };
    const row = this.#statements.insertEvent.run(id, type, key, sequence, at, JSON.stringify(told));
    const event = Number(row.lastInsertRowid);
    for (const { endpoint, form, lane } of deliveries) {
      const waits = this.#statements.firstWaiting.get(endpoint, lane) !== undefined;
      this.#statements.insertDelivery.run(endpoint, event, at, lane, form, waits ? null : at);
    }
  }

  #nextOf(key: string): number {
    const row = this.#statements.lastSequence.get(key) as { sequence: number | null };
    return (row.sequence ?? 0) + 1;
  }

  claim({ endpoint, now, until, limit }: Claim): readonly DueDelivery[] {
    const rows = this.#statements.due.all(endpoint, now, limit) as DueRow[];
    for (const { n } of rows) this.#statements.claim.run(until, n);
    return rows.map(({ n, form, attempts, claim, since, data, ...event }) => ({
      n,
      endpoint,
      form,
      attempts,
      claim: claim + 1,
      since,
      event: { ...eventOf(event), data: JSON.parse(data) as object },
    }));
  }

  settle(settled: readonly Settled[], now: number): readonly number[] {
    const counted: number[] = [];
    for (const { n, claim, state, dueAt, attempt } of settled) {
      const last = JSON.stringify(attempt);
      const { changes } = this.#statements.settle.run(state, dueAt, attempt.at, last, n, claim);
      if (Number(changes) === 0) continue;
      counted.push(n);
      if (state === 'waiting') this.#statements.holdBack.run(n);
      else this.#statements.promote.run(now, n);
    }
    return counted;
  }

  release(now: number): void {
    this.#statements.release.run(now);
  }

  next(endpoints: readonly string[]): number | undefined {
    const rows = endpoints.map((id) => this.#statements.next.get(id) as { due: number | null });
    const times = rows.flatMap(({ due }) => (due === null ? [] : [due]));
    return times.length === 0 ? undefined : Math.min(...times);
  }

  oldestWaiting(endpoints: readonly string[]): number | undefined {
    const rows = endpoints.map((id) => this.#statements.waiting.get(id) as { at: number | null });
    const times = rows.flatMap(({ at }) => (at === null ? [] : [at]));
    return times.length === 0 ? undefined : Math.min(...times);
  }

  /** Yields where another turn of the event loop may come between. */
  deliveries(query: DeliveryQuery): Generator<void, readonly StoredDelivery[]> {
    return this.#lists.find(query);
  }

  event(id: string): StoredEvent | undefined {
    const row = this.#statements.event.get(id) as (EventRow & { data: string }) | undefined;
    return row && { ...eventOf(row), data: JSON.parse(row.data) as object };
  }

  resend(query: ResendQuery & OutboxPortion, now: number): PortionDone {
    const { endpoint, event, limit } = query;
    const past = event === undefined ? this.#past(query) : this.#pastOf(query);
    for (const row of past) this.#sendAgain(endpoint, row, now);
    return portionDone(past.length, past, limit);
  }

  /** The oldest of an endpoint after a place. */
  #past(query: ResendQuery & OutboxPortion): readonly PastRow[] {
    const { endpoint, state, from = 0, to = EVER, after, limit } = query;
    const start = { at: from, n: 0 };
    const { at, n } = after && comparePlaces(after, start) > 0 ? after : start;
    const states = state === undefined ? DELIVERY_STATES : [state];
    const rows = states.flatMap(
      (each) => this.#statements.oldest.all(endpoint, each, to, at, n, limit) as PastRow[],
    );
    return rows.toSorted(comparePlaces).slice(0, limit);
  }

  /** Those of one event: as many as an endpoint has forms. */
  #pastOf({ after, limit, ...query }: ResendQuery & OutboxPortion): readonly PastRow[] {
    const rows = this.#lists
      .ofEvent(query.event ?? '')
      .filter((row) => isWanted(deliveryOf(row), query))
      .filter((row) => !after || comparePlaces(row, after) > 0);
    return rows.toSorted(comparePlaces).slice(0, limit);
  }

  /** Of its lane the first that waits is due, and no other. */
  #sendAgain(endpoint: string, { n, lane }: PastRow, now: number): void {
    const before = this.#statements.firstWaiting.get(endpoint, lane) as { n: number } | undefined;
    const isFirst = !before || n <= before.n;
    this.#statements.again.run(isFirst ? now : null, now, n);
    if (isFirst && before) this.#statements.holdBack.run(before.n);
  }

  forgetEvents(before: number, { after = START, limit }: OutboxPortion): PortionDone {
    const { at, n } = after;
    const old = this.#statements.old.all(before, at, n, limit) as OldRow[];
    const gone = old.filter(({ held }) => held === 0);
    for (const { n: event } of gone) {
      this.#statements.forgetDeliveries.run(event);
      this.#statements.forgetEvent.run(event);
    }
    return portionDone(gone.length, old, limit);
  }
}

/** After this place stands everything. */
const START: OutboxPlace = { at: 0, n: 0 };

function statementsOf(database: Database) {
  return { ...endpointStatements(database), ...deliveryStatements(database), ...readers(database) };
}

function endpointStatements(database: Database) {
  return {
    endpoints: database.prepare('SELECT body, version FROM endpoints ORDER BY n'),
    addEndpoint: database.prepare(`
      INSERT INTO endpoints (id, version, body)
      SELECT ?, ?, ? WHERE (SELECT count(*) FROM endpoints) < ?`),
    changeEndpoint: database.prepare(
      'UPDATE endpoints SET body = ?, version = ? WHERE id = ? AND version = ?',
    ),
    removeEndpoint: database.prepare('DELETE FROM endpoints WHERE id = ?'),
    // From the newest that waits: what is left of a lane has its first, which is due.
    removeDeliveries: database.prepare(`
      DELETE FROM deliveries WHERE n IN (
        SELECT n FROM deliveries WHERE endpoint = ?
        ORDER BY state DESC, at DESC, n DESC LIMIT ?)`),
    foundAgain: database.prepare(
      'DELETE FROM missed_endpoints WHERE id NOT IN (SELECT value FROM json_each(?))',
    ),
    miss: database.prepare(
      'INSERT INTO missed_endpoints (id, since) VALUES (?, ?) ON CONFLICT DO NOTHING',
    ),
    missed: database.prepare('SELECT id, since FROM missed_endpoints ORDER BY id'),
  };
}

function deliveryStatements(database: Database) {
  return {
    lastSequence: database.prepare('SELECT max(sequence) AS sequence FROM events WHERE key = ?'),
    insertEvent: database.prepare(
      'INSERT INTO events (id, type, key, sequence, at, data) VALUES (?, ?, ?, ?, ?, ?)',
    ),
    firstWaiting: database.prepare(`
      SELECT n FROM deliveries WHERE endpoint = ? AND lane = ? AND state = 'waiting'
      ORDER BY n LIMIT 1`),
    insertDelivery: database.prepare(`
      INSERT INTO deliveries (endpoint, event, at, lane, form, state, attempts, due_at, claimed)
      VALUES (?, ?, ?, ?, ?, 'waiting', 0, ?, 0)`),
    due: database.prepare(`
      SELECT d.n, d.form, d.attempts, d.claim, ifnull(d.sent_again_at, d.at) AS since, e.data, ${EVENT}
      FROM deliveries d JOIN events e ON e.n = d.event
      WHERE d.endpoint = ? AND d.due_at <= ? ORDER BY d.due_at, d.n LIMIT ?`),
    // Due again when nobody has settled it by then: that is the lease.
    claim: database.prepare(
      'UPDATE deliveries SET due_at = ?, claimed = 1, claim = claim + 1 WHERE n = ?',
    ),
    settle: database.prepare(`
      UPDATE deliveries SET state = ?, due_at = ?, last_at = ?, last = ?, attempts = attempts + 1, claimed = 0
      WHERE n = ? AND claim = ? AND state = 'waiting'`),
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
    // Something earlier was sent again meanwhile, and waits.
    holdBack: database.prepare(`
      UPDATE deliveries AS d SET due_at = NULL, claimed = 0 WHERE n = ? AND EXISTS (
        SELECT 1 FROM deliveries w WHERE w.endpoint = d.endpoint AND w.lane = d.lane
          AND w.state = 'waiting' AND w.n < d.n)`),
    again: database.prepare(`
      UPDATE deliveries SET state = 'waiting', due_at = ?, attempts = 0, claimed = 0,
        claim = claim + 1, sent_again_at = ?
      WHERE n = ?`),
    old: database.prepare(`
      SELECT n, at,
        EXISTS (SELECT 1 FROM deliveries WHERE event = e.n
          AND (state = 'waiting' OR state = 'dead' AND last_at >= ?1))
        OR EXISTS (SELECT 1 FROM calls WHERE id = e.key AND open)
        OR e.key GLOB '${INVITATION_KEY}*' AND EXISTS (
          SELECT 1 FROM invitations WHERE id = substr(e.key, ${INVITATION_KEY.length + 1})
            AND deadline IS NOT NULL) AS held
      FROM events e WHERE at < ?1 AND (at, n) > (?2, ?3) ORDER BY at, n LIMIT ?4`),
    forgetEvent: database.prepare('DELETE FROM events WHERE n = ?'),
    forgetDeliveries: database.prepare('DELETE FROM deliveries WHERE event = ?'),
  };
}

function readers(database: Database) {
  return {
    oldest: database.prepare(`
      SELECT n, at, lane FROM deliveries
      WHERE endpoint = ? AND state = ? AND at < ? AND (at, n) > (?, ?)
      ORDER BY at, n LIMIT ?`),
    waiting: database.prepare(
      "SELECT min(at) AS at FROM deliveries WHERE endpoint = ? AND state = 'waiting'",
    ),
    event: database.prepare(`SELECT ${EVENT}, e.data FROM events e WHERE e.id = ?`),
  };
}
