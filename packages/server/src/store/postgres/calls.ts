import type { Call } from '@ringline/call';
import type { CallId } from '@ringline/protocol';
import type { LogRow } from '../store.ts';
import type { Statement } from './driver.ts';
import type { Lanes } from './lanes.ts';
import { given, held } from './text.ts';

/** Calls with their logs, as they are read. */
export class PostgresCalls {
  readonly #lanes: Lanes;

  constructor(lanes: Lanes) {
    this.#lanes = lanes;
  }

  async call(id: CallId): Promise<Call | undefined> {
    const [row] = await this.#lanes.read<{ after: string }>(CALL, [held(id)]);
    return row && (JSON.parse(row.after) as Call);
  }

  async due(now: number, limit: number): Promise<readonly CallId[]> {
    const rows = await this.#lanes.read<{ id: string }>(DUE, [now, limit]);
    return rows.map(({ id }) => given(id));
  }

  async nextDeadline(): Promise<number | undefined> {
    const [row] = await this.#lanes.read<{ deadline: number | null }>(NEXT);
    return row?.deadline ?? undefined;
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
  text: `select l.after from calls c join call_log l on l.call = c.n and l.version = c.version
    where c.id = $1`,
};
const DUE: Statement = {
  name: 'calls_due',
  text: `select id from calls where open and deadline is not null and deadline <= $1
    order by deadline limit $2`,
};
const NEXT: Statement = {
  name: 'calls_next',
  text: 'select min(deadline) as deadline from calls where open and deadline is not null',
};
const LOG: Statement = {
  name: 'call_log',
  text: `select l.version, l.at, l.cause, l.after from call_log l join calls c on c.n = l.call
    where c.id = $1 order by l.version`,
};
