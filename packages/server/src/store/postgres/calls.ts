import type { Call } from '@ringline/call';
import type { CallId } from '@ringline/protocol';
import type { DueClaim } from '../leases.ts';
import type { LogRow } from '../store.ts';
import type { Statement } from './driver.ts';
import { GroupRead } from './group-read.ts';
import type { Lanes } from './lanes.ts';
import { given, held } from './text.ts';

/** Calls with their logs, as they are read. */
export class PostgresCalls {
  readonly #lanes: Lanes;
  readonly #calls: GroupRead<Call | undefined>;

  constructor(lanes: Lanes) {
    this.#lanes = lanes;
    // After a restart of the database all devices come at once, and name the calls that they gave up meanwhile.
    this.#calls = new GroupRead<Call | undefined>(
      lanes,
      CALL,
      ({ call }) => JSON.parse(String(call)) as Call,
    );
  }

  call(id: CallId): Promise<Call | undefined> {
    return this.#calls.read(id, undefined);
  }

  async due(now: number, limit: number): Promise<readonly CallId[]> {
    const rows = await this.#lanes.read<{ id: string }>(DUE, [now, limit]);
    return rows.map(({ id }) => given(id));
  }

  async claimDue({ before, now, until, limit }: DueClaim): Promise<readonly CallId[]> {
    const values = [before, now, until, limit];
    const rows = await this.#lanes.use((session) => session.rows<{ id: string }>(CLAIM, values));
    return rows.map(({ id }) => given(id));
  }

  async log(call: CallId): Promise<readonly LogRow[]> {
    const rows = await this.#lanes.read<{
      version: number;
      at: number;
      cause: string;
      after: string;
    }>(LOG, [held(call)]);
    return rows.map(({ version, at, cause, after }) => ({
      call,
      version,
      at,
      cause: JSON.parse(cause) as LogRow['cause'],
      after: JSON.parse(after) as Call,
    }));
  }
}

const CALL: Statement = {
  name: 'call',
  text: `select a.i, l.after as call
    from unnest($1::text[], $2::bigint[]) with ordinality as a (id, after, i)
      join calls c using (id) join call_log l on l.call = c.n and l.version = c.version`,
};
const DUE: Statement = {
  name: 'calls_due',
  text: `select id from calls where open and deadline is not null and deadline <= $1
    order by deadline limit $2`,
};
// What another node claims, or changes, at this moment is left to it.
const CLAIM: Statement = {
  name: 'calls_claim',
  text: `with due as materialized (
      select n, deadline from calls
      where open and deadline is not null and deadline <= $1 and claimed_until <= $2
      order by deadline limit $4 for update skip locked
    ), taken as (
      update calls c set claimed_until = $3 from due where c.n = due.n
        returning c.id, due.deadline
    )
    select id from taken order by deadline`,
};
const LOG: Statement = {
  name: 'call_log',
  text: `select l.version, l.at, l.cause, l.after from call_log l join calls c on c.n = l.call
    where c.id = $1 order by l.version`,
};
