import type { CallRecord, Outcome, UserId } from '@ringline/protocol';
import { MAX_MISSED, RECORD_STATUS, isMissed } from '@ringline/protocol';
import type { RecordQuery, SeenCalls, StoredRecord } from '../store.ts';
import type { Database, Statement, Value } from './driver.ts';
import { RecentRows } from '../recent-rows.ts';

/** Users whose missed calls are remembered: devices ask with every heartbeat. */
const RECENT_MISSED = 2000;

const EVER = Number.MAX_SAFE_INTEGER;

/** Call records in the order in which they were written; never changed, one per call. */
export class SqliteRecords {
  readonly #database: Database;
  readonly #statements: ReturnType<typeof statementsOf>;
  /** One for each shape of query: its index is chosen when it is prepared. */
  readonly #finders = new Map<string, Statement>();
  readonly #missed = new RecentRows<number>(RECENT_MISSED);

  constructor(database: Database) {
    this.#database = database;
    this.#statements = statementsOf(database);
  }

  find(query: RecordQuery): readonly StoredRecord[] {
    const { user, peer, outcome, from = 0, to = EVER, before = EVER, limit } = query;
    const given: Value[] = [user, from, to, before, limit];
    if (peer !== undefined) given.push(peer);
    const rows = this.#finderOf(outcome, peer !== undefined).all(...given) as {
      position: number;
      body: string;
    }[];
    return rows.map(({ position, body }) => ({ position, record: JSON.parse(body) as CallRecord }));
  }

  #finderOf(outcome: Outcome | undefined, hasPeer: boolean): Statement {
    const shape = `${outcome} ${hasPeer}`;
    const known = this.#finders.get(shape);
    if (known) return known;
    const finder = this.#database.prepare(finderOf(outcome, hasPeer));
    this.#finders.set(shape, finder);
    return finder;
  }

  missed(user: UserId): number {
    return this.#missed.get(user) ?? this.#countMissed(user);
  }

  write(record: CallRecord): void {
    const { call, caller, callee, endedAt, status } = record;
    this.#statements.insert.run(call, caller, callee, endedAt, status, JSON.stringify(record));
    const missed = isMissed(record) ? this.#missed.get(callee) : undefined;
    if (missed !== undefined) this.#missed.set(callee, Math.min(missed + 1, MAX_MISSED));
  }

  see({ user, call }: SeenCalls): void {
    this.#statements.see.run(user, call);
    this.#countMissed(user);
  }

  /** A record of a call to this user is not there any more. */
  gone(callee: UserId): void {
    this.#missed.delete(callee);
  }

  forget(): void {
    this.#missed.clear();
  }

  #countMissed(user: UserId): number {
    const { count } = this.#statements.missed.get(user) as { count: number };
    this.#missed.set(user, count);
    return count;
  }
}

/** The newest records of a user, each part by one index from its end. */
function finderOf(outcome: Outcome | undefined, hasPeer: boolean): string {
  const found = partsOf(outcome, hasPeer).map((part) => foundIn(part, outcome));
  // Sorted without their bodies, which are read of those that are left.
  return `SELECT r.position, r.body FROM (
      ${found.join(' UNION ALL ')} ORDER BY position DESC LIMIT ?5
    ) found CROSS JOIN records r ON r.position = found.position ORDER BY found.position DESC`;
}

/** As callee a user has the missed calls and the others apart; one index has all between two users. */
function partsOf(outcome: Outcome | undefined, hasPeer: boolean): readonly string[] {
  const asCaller = hasPeer ? 'caller = ?1 AND callee = ?6' : 'caller = ?1';
  const asCallee = hasPeer
    ? ['callee = ?1 AND caller = ?6']
    : missedOrNot(outcome).map((missed) => `callee = ?1 AND missed = ${missed}`);
  return outcome === 'missed' ? asCallee : [asCaller, ...asCallee];
}

function missedOrNot(outcome: Outcome | undefined): readonly (0 | 1)[] {
  if (outcome === undefined) return [0, 1];
  return outcome === 'missed' || isMissed({ status: RECORD_STATUS[outcome] }) ? [1] : [0];
}

function foundIn(part: string, outcome: Outcome | undefined): string {
  return `SELECT * FROM (
    SELECT position FROM records
    WHERE ${part} ${ofOutcome(outcome)}
      AND ended_at >= ?2 AND ended_at < ?3 AND position < ?4
    ORDER BY position DESC LIMIT ?5)`;
}

function ofOutcome(outcome: Outcome | undefined): string {
  if (outcome === undefined) return '';
  // Not by the column `missed`: with a peer the index of the two is the shorter way.
  return outcome === 'missed'
    ? 'AND status NOT IN (1, 3)'
    : `AND status = ${RECORD_STATUS[outcome]}`;
}

function statementsOf(database: Database) {
  return {
    // A position is given once, also when the last records are gone: marks say up to where.
    insert: database.prepare(`
      INSERT INTO records (position, call, caller, callee, ended_at, status, body)
      SELECT 1 + max(ifnull((SELECT max(position) FROM records), 0),
        ifnull((SELECT position FROM forgotten WHERE what = 'calls'), 0)), ?, ?, ?, ?, ?, ?`),
    missed: database.prepare(`
      SELECT count(*) AS count FROM (
        SELECT 1 FROM records WHERE callee = ?1 AND missed = 1
          AND position > ifnull((SELECT position FROM calls_seen WHERE user = ?1), 0)
        LIMIT ${MAX_MISSED})`),
    see: database.prepare(`
      INSERT INTO calls_seen (user, position)
        SELECT ?1, position FROM records WHERE call = ?2
      ON CONFLICT DO UPDATE SET position = max(position, excluded.position)`),
  };
}
