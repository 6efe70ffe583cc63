import type { CallId, CallRecord, Outcome, UserId } from '@ringline/protocol';
import { MAX_MISSED, RECORD_STATUS, isMissed } from '@ringline/protocol';
import type { CallQuality, RecordQuery, StoredRecord } from '../store.ts';
import type { Statement, Value } from './driver.ts';
import type { Lanes } from './lanes.ts';
import { GroupRead } from './group-read.ts';
import { held } from './text.ts';

const EVER = Number.MAX_SAFE_INTEGER;

/** Call records and what was reported of the quality of calls, as they are read. */
export class PostgresRecords {
  readonly #lanes: Lanes;
  readonly #missed: GroupRead<number>;
  /** One for each shape of query. */
  readonly #finders = new Map<string, Statement>();

  constructor(lanes: Lanes) {
    this.#lanes = lanes;
    // Devices ask with every heartbeat.
    this.#missed = new GroupRead(lanes, MISSED, ({ count }) => Number(count));
  }

  async find(query: RecordQuery): Promise<readonly StoredRecord[]> {
    const { user, peer, outcome, from = 0, to = EVER, before = EVER, limit } = query;
    const values: Value[] = [held(user), from, to, before, limit];
    if (peer !== undefined) values.push(held(peer));
    const finder = this.#finderOf(outcome, peer !== undefined);
    const rows = await this.#lanes.read<{ position: number; body: string }>(finder, values);
    return rows.map(({ position, body }) => ({ position, record: JSON.parse(body) as CallRecord }));
  }

  missed(user: UserId): Promise<number> {
    return this.#missed.read(user, 0);
  }

  async quality(calls: readonly CallId[]): Promise<readonly CallQuality[]> {
    const rows = await this.#lanes.read<{ body: string }>(QUALITY, [calls.map(held)]);
    return rows.map(({ body }) => JSON.parse(body) as CallQuality);
  }

  #finderOf(outcome: Outcome | undefined, hasPeer: boolean): Statement {
    const name = `records_${outcome}_${hasPeer}`;
    const known = this.#finders.get(name);
    if (known) return known;
    const finder = { name, text: finderOf(outcome, hasPeer) };
    this.#finders.set(name, finder);
    return finder;
  }
}

/** The newest records of a user, each part by one index from its end. */
function finderOf(outcome: Outcome | undefined, hasPeer: boolean): string {
  const found = partsOf(outcome, hasPeer).map((part) => foundIn(part, outcome));
  // Sorted without their bodies, which are read of those that are left.
  return `select r.position, r.body from (
      select * from (${found.join(' union all ')}) f order by position desc limit $5
    ) found join records r on r.position = found.position order by found.position desc`;
}

/** As callee a user has the missed calls and the others apart; one index has all between two users. */
function partsOf(outcome: Outcome | undefined, hasPeer: boolean): readonly string[] {
  const asCaller = hasPeer ? 'caller = $1 and callee = $6' : 'caller = $1';
  const asCallee = hasPeer
    ? ['callee = $1 and caller = $6']
    : missedOrNot(outcome).map((missed) => `callee = $1 and missed = ${missed}`);
  return outcome === 'missed' ? asCallee : [asCaller, ...asCallee];
}

function missedOrNot(outcome: Outcome | undefined): readonly boolean[] {
  if (outcome === undefined) return [false, true];
  return [outcome === 'missed' || isMissed({ status: RECORD_STATUS[outcome] })];
}

function foundIn(part: string, outcome: Outcome | undefined): string {
  return `(select position from records
    where ${part} ${ofOutcome(outcome)}
      and ended_at >= $2 and ended_at < $3 and position < $4
    order by position desc limit $5)`;
}

function ofOutcome(outcome: Outcome | undefined): string {
  if (outcome === undefined) return '';
  // Not by the column `missed`: with a peer the index of the two is the shorter way.
  return outcome === 'missed'
    ? 'and status not in (1, 3)'
    : `and status = ${RECORD_STATUS[outcome]}`;
}

const MISSED: Statement = {
  name: 'records_missed',
  text: `select a.i, (select count(*) from (
      select from records where callee = a.id and missed
        and position > coalesce((select position from calls_seen where user_id = a.id), 0)
      limit ${MAX_MISSED}) t) as count
    from unnest($1::text[], $2::bigint[]) with ordinality as a (id, after, i)`,
};
const QUALITY: Statement = {
  name: 'call_quality',
  text: `select q.body from unnest($1::text[]) with ordinality as a (call, i)
    join call_quality q using (call) order by a.i, q.user_id`,
};
