import type { ForgottenRow, PastCall, PastDone, PastPortion } from '../past-calls.ts';
import { pastDone, pastOf } from '../past-calls.ts';
import type { Session, Statement } from './driver.ts';
import type { Lanes } from './lanes.ts';

/** Of a record that has lost its call `n` and `version` are null: it holds nothing back. */
interface LoggedRow extends PastCall {
  readonly n: number | null;
  readonly version: number | null;
}

interface PastRow extends PastCall {
  readonly n: number | null;
  readonly call: string;
  /** Whether an event of it is kept. */
  readonly held: boolean;
}

type What = ForgottenRow['what'];

/**
 * Removes what need not be kept of calls that are over, each portion in a transaction that holds the mark of
 * what is removed: of two nodes at once the second finds what the first has left. Nothing moves in a call that
 * has been over for days, so nobody else is kept waiting.
 */
export class PostgresPastCalls {
  readonly #lanes: Lanes;

  constructor(lanes: Lanes) {
    this.#lanes = lanes;
  }

  shortenLogs(before: number, limit: number): Promise<number> {
    return this.#lanes.transaction(async (session) => {
      const from = await hold(session, 'logs');
      const past = pastOf(await session.rows<LoggedRow>(LOGGED, [from, limit]), before);
      const numbered = past.filter(({ n }) => n !== null);
      const values = [numbered.map(({ n }) => n ?? 0), numbered.map(({ version }) => version ?? 0)];
      await session.run(SHORTEN, values);
      await mark(session, 'logs', past.at(-1), before);
      return past.length;
    });
  }

  forget(before: number, portion: PastPortion): Promise<PastDone> {
    const { after = 0, limit } = portion;
    return this.#lanes.transaction(async (session) => {
      await hold(session, 'calls');
      const past = pastOf(await session.rows<PastRow>(PAST, [after, limit]), before);
      const gone = past.filter(({ held }) => !held);
      await remove(session, gone);
      await mark(session, 'calls', gone.at(-1), before);
      return pastDone(past, gone, portion);
    });
  }
}

/** Keeps others from this portion until it is over; up to where it was removed before. */
async function hold(session: Session, what: What): Promise<number> {
  const [row] = await session.rows<{ position: number }>(HOLD, [what]);
  return row?.position ?? 0;
}

async function remove(session: Session, gone: readonly PastRow[]): Promise<void> {
  const numbers = gone.flatMap(({ n }) => n ?? []);
  // Nobody shortens logs until this is over: in their other order each could wait for a row that the other has.
  await hold(session, 'logs');
  await session.run(REMOVE_LOGS, [numbers]);
  await session.run(REMOVE_CALLS, [numbers]);
  await session.run(REMOVE_QUALITY, [gone.map(({ call }) => call)]);
  await session.run(REMOVE_RECORDS, [gone.map(({ position }) => position)]);
}

async function mark(
  session: Session,
  what: What,
  last: PastCall | undefined,
  before: number,
): Promise<void> {
  if (last) await session.run(MARK, [what, last.position, before]);
}

const RECORDS = `records r left join calls c on c.id = r.call
      left join call_log l on l.call = c.n and l.version = c.version`;
// Without a log it is null, which greatest() passes over.
const OVER_AT = 'greatest(r.ended_at, l.at)';

const HOLD: Statement = {
  name: 'forgotten_hold',
  text: `insert into forgotten as f (what, position, before) values ($1, 0, 0)
    on conflict (what) do update set position = f.position returning position`,
};
const MARK: Statement = {
  name: 'forgotten_mark',
  text: `update forgotten set position = greatest(position, $2), before = greatest(before, $3)
    where what = $1`,
};
const LOGGED: Statement = {
  name: 'calls_logged',
  text: `select r.position, ${OVER_AT} as "overAt", c.n, c.version
    from ${RECORDS}
    where r.position > $1 order by r.position limit $2`,
};
const SHORTEN: Statement = {
  name: 'call_log_shorten',
  text: `delete from call_log l using unnest($1::bigint[], $2::bigint[]) a (n, version)
    where l.call = a.n and l.version < a.version`,
};
// One event of each call is looked for; `exists` would read those of all calls into a hash first.
const PAST: Statement = {
  name: 'calls_past',
  text: `select r.position, ${OVER_AT} as "overAt", c.n, r.call,
      (select true from events e where e.key = r.call limit 1) is not null as held
    from ${RECORDS}
    where r.position > $1 order by r.position limit $2`,
};
const REMOVE_LOGS: Statement = {
  name: 'call_logs_remove',
  text: 'delete from call_log where call = any ($1::bigint[])',
};
const REMOVE_CALLS: Statement = {
  name: 'calls_remove',
  text: 'delete from calls where n = any ($1::bigint[])',
};
const REMOVE_QUALITY: Statement = {
  name: 'call_quality_remove',
  text: 'delete from call_quality where call = any ($1::text[])',
};
const REMOVE_RECORDS: Statement = {
  name: 'records_remove',
  text: 'delete from records where position = any ($1::bigint[])',
};
