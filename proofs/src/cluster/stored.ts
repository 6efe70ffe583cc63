import { Client } from 'pg';
import type { Stored } from '../records/tally.ts';

/** A call as the store has it, in epoch milliseconds. */
export interface StoredCall {
  readonly call: string;
  readonly callee: string;
  readonly reason: string;
  readonly invitedAt: number;
  readonly connectedAt: number | null;
  readonly endedAt: number;
}

/** What the store has left over when all is over. */
export interface Leftover {
  /** Users whose lines are taken. */
  readonly lines: readonly string[];
  readonly openCalls: readonly string[];
  readonly openInvitations: readonly string[];
}

/** What PostgreSQL has when all is over. */
export interface StoredAll extends Stored {
  readonly calls: readonly StoredCall[];
  readonly deadlines: ReadonlyMap<string, number>;
  readonly leftover: Leftover;
}

/** Whether a call of this id has its record already. */
export async function overIn(url: string): Promise<(call: string) => boolean> {
  return withClient(url, async (all) => {
    const rows = await all<{ call: string }>('select call from records');
    const over = new Set(rows.map(({ call }) => call));
    return (call) => over.has(call);
  });
}

/** Reads all that the verdict needs, straight from the tables. */
export function storedIn(url: string): Promise<StoredAll> {
  return withClient(url, async (all) => {
    const deadlines = await all<{ id: string; at: number }>(DEADLINES);
    return {
      records: await all<Stored['records'][number]>(RECORDS),
      messages: await all<Stored['messages'][number]>(MESSAGES),
      calls: await all<StoredCall>(CALLS),
      deadlines: new Map(deadlines.map(({ id, at }) => [id, at])),
      leftover: {
        lines: await ids(all, "select user_id as id from lines where calls <> '{}'"),
        openCalls: await ids(all, 'select id from calls where open'),
        openInvitations: await ids(all, 'select id from invitations where deadline is not null'),
      },
    };
  });
}

const RECORDS = `select call, caller, callee, body::json ->> 'reason' as reason from records`;
const CALLS = `select call, callee, body::json ->> 'reason' as reason,
  (body::json ->> 'invitedAt')::float8 as "invitedAt",
  (body::json ->> 'connectedAt')::float8 as "connectedAt", ended_at::float8 as "endedAt" from records`;
const MESSAGES = `select id, sender as "from", recipient as "to", body::json ->> 'text' as text
  from messages where body::json ->> 'kind' = 'text'`;
/** Each call as it was first. */
const DEADLINES = `select c.id, (l.after::json ->> 'expiresAt')::float8 as at
  from call_log l join calls c on c.n = l.call
  where l.version = 1 and l.after::json ->> 'expiresAt' is not null`;

type All = <Row>(query: string) => Promise<Row[]>;

async function ids(all: All, query: string): Promise<readonly string[]> {
  return (await all<{ id: string }>(query)).map(({ id }) => id);
}

async function withClient<T>(url: string, act: (all: All) => Promise<T>): Promise<T> {
  const client = new Client(url);
  await client.connect();
  try {
    return await act(async <Row>(query: string) => (await client.query(query)).rows as Row[]);
  } finally {
    await client.end();
  }
}

/** Makes PostgreSQL lose records that it said it has written: one of so many. */
export async function loseRecords(url: string, oneOf: number): Promise<void> {
  await withClient(url, async (all) => {
    await all(`create function lose() returns trigger language plpgsql as
      $$ begin return case when random() * ${oneOf} < 1 then null else new end; end $$`);
    await all('create trigger lose before insert on records for each row execute function lose()');
  });
}
