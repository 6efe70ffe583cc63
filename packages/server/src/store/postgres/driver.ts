import assert, { AssertionError } from 'node:assert/strict';
import { DatabaseError, Client as PgClient, types } from 'pg';
import type { QueryResult } from 'pg';
import { StoreFault } from '../store.ts';
import { READ_ONLY, STANDBY_ADVICE, adviceOn, readOnlyAdvice } from './advice.ts';

/** A connection that is not made by then will not be: the device is told to come again. */
export const CONNECT_TIMEOUT_MS = 5_000;
/** The server gives up a statement after this; the slowest of ours takes a few hundred milliseconds. */
export const STATEMENT_TIMEOUT_MS = 10_000;
/** A server that does not even say that it gave up hangs, or the network does: the connection is dropped. */
export const ANSWER_TIMEOUT_MS = STATEMENT_TIMEOUT_MS + 2_000;
/**
 * A transaction in which nothing is asked for so long is undone by the server: its node has vanished, and others wait
 * for what it locks. Ours follow one answer with the next question, so a node would have to stand still for as long.
 */
export const IDLE_TRANSACTION_MS = 5_000;

/** So long no synchronous standby that is there keeps a commit waiting; and no client gives a statement up sooner. */
const STANDBY_PATIENCE_MS = 2_000;

/** A connection that is idle for so long is asked whether it stands. */
const KEEPALIVE_MS = 30_000;

/** What a statement is given; arrays become PostgreSQL's. */
export type Value = string | number | boolean | null | readonly (string | number | null)[];

/** A statement that each connection prepares once, under its name. */
export interface Statement {
  readonly name: string;
  readonly text: string;
}

/** Where a database is, and how long its answers may take. */
export interface DriverOptions {
  readonly url: string;
  /** 0 for as long as it takes. */
  readonly statementTimeoutMs?: number;
  readonly connectTimeoutMs?: number;
  /** How long a statement waits for one lock; as long as it may take when absent. */
  readonly lockTimeoutMs?: number;
  /** How long a transaction may stand idle before the server undoes it; for ever when absent. */
  readonly idleTransactionMs?: number;
  /** Its statements are made for the indexes, like those for SQLite, and never read a whole table. */
  readonly findsByIndex?: boolean;
}

/**
 * Plans are made when tables are small, and kept while these grow: the usual choice would be to read
 * all of a small table, or to sort all that an index names instead of reading it in order. What cannot
 * be avoided seems so dear then that compiling it would seem to pay.
 */
const BY_INDEX = `set enable_seqscan = off; set enable_hashjoin = off; set enable_mergejoin = off;
  set enable_bitmapscan = off; set jit = off`;

/**
 * The server finds out within about 20 s that a client has vanished, and gives up what that had under way: the
 * operating system's own choice is two hours.
 */
const KEEPALIVES = `set tcp_keepalives_idle = 10; set tcp_keepalives_interval = 3; set tcp_keepalives_count = 3;
  set tcp_user_timeout = '20s'`;

/** The process that serves a session. Another server, or a later process of this one, may have its number. */
export interface Backend {
  readonly pid: number;
  /** In microseconds since 1970, by the clock of the server. */
  readonly startedAt: number;
}

/** Where a session has come to. */
interface Standing extends Backend {
  readonly standby: boolean;
  readonly read_only: boolean;
  /** The session before it was given up, and still waits for a standby to have its commit. */
  readonly waits: boolean;
}

/** Asked with the settings, in one message. */
function standingOf(former: Backend | undefined): string {
  const startedAt = '(extract(epoch from backend_start) * 1000000)::bigint';
  const waits =
    former &&
    `exists (select from pg_stat_activity where pid = ${former.pid} and ${startedAt} = ${former.startedAt}
      and wait_event = 'SyncRep' and query_start < clock_timestamp() - interval '${STANDBY_PATIENCE_MS} ms')`;
  return `select pid, ${startedAt} as "startedAt", pg_is_in_recovery() as standby,
    current_setting('transaction_read_only') = 'on' as read_only, ${waits ?? false} as waits
    from pg_stat_activity where pid = pg_backend_pid()`;
}

/** What each of our sessions is told first. */
function settingsOf(options: DriverOptions): string {
  const { statementTimeoutMs = STATEMENT_TIMEOUT_MS, lockTimeoutMs = 0 } = options;
  const { idleTransactionMs = 0, findsByIndex } = options;
  return `set statement_timeout = ${statementTimeoutMs}; set lock_timeout = ${lockTimeoutMs};
    set idle_in_transaction_session_timeout = ${idleTransactionMs};
    ${KEEPALIVES}${findsByIndex ? `; ${BY_INDEX}` : ''}`;
}

/** One connection, used by one piece of work at a time. */
export interface Session {
  /** Whether it takes no further statement. */
  readonly isBroken: boolean;
  /** The rows of a prepared statement, as objects by column. */
  rows<Row>(statement: Statement, values?: readonly Value[]): Promise<readonly Row[]>;
  /** Carries it out and says how many rows it touched. */
  run(statement: Statement, values?: readonly Value[]): Promise<number>;
  /** Carries out SQL without values, also several statements. */
  exec(sql: string): Promise<void>;
}

/** The connection broke, or could not be made: what was under way may have been done or not. */
export class ConnectionFault extends StoreFault {}

/** A server is there, and must not be used for now. */
export class TurnedAway extends ConnectionFault {
  constructor(advice: string) {
    super(advice, undefined);
  }
}

/** Who is told what becomes of a connection that was made. */
export interface ClientWatch {
  /** It breaks, or is given up; called once. */
  readonly broken?: () => void;
  /** Its server takes no writing any more. */
  readonly demoted?: () => void;
}

/** SQLSTATE classes (https://www.postgresql.org/docs/current/errcodes-appendix.html). */
const INVALID_DATA = '22';
const BROKEN_CONSTRAINT = '23';
const RAISED_BY_OURS = 'P0';

/** Conditions that pass: nothing was done, and the next attempt may succeed. */
const PASSING = [
  '40001', // serialization_failure
  '40P01', // deadlock_detected
  '57P01', // admin_shutdown
  '57P02', // crash_shutdown
  '57P03', // cannot_connect_now
  READ_ONLY, // where DATABASE_URL leads now another may write
];

/** Whether the server has undone what failed, and the same may succeed now. */
export function isPassing(error: unknown): boolean {
  return PASSING.includes(stateOf(causeOf(error)) ?? '');
}

/** The server waited for a lock, or worked, for too long, and has undone the statement. */
const GIVEN_UP = [
  '55P03', // lock_not_available
  '57014', // query_canceled
];

/** Whether a statement took too long and nothing of it was done; another that asks for less may be quick. */
export function isGivenUp(error: unknown): boolean {
  return GIVEN_UP.includes(stateOf(causeOf(error)) ?? '');
}

/** Conditions under which the server has closed the connection, or opens none, or is not the one to be connected to. */
const CLOSED = [
  READ_ONLY,
  '25P03', // idle_in_transaction_session_timeout
  '25P04', // transaction_timeout
];

/** Whether the step itself is at fault and not the world. */
export function isDefect(error: unknown): boolean {
  return !(error instanceof StoreFault);
}

/** The error as the port names it: a StoreFault for the world's, an AssertionError for our own. */
function named(error: unknown, isSent: boolean): Error {
  const state = stateOf(error);
  const message = messageOf(error);
  const advice = adviceOn(error);
  if (state === undefined) {
    const text = `PostgreSQL cannot be reached: ${message}: ${advice}`;
    return new ConnectionFault(text, error, isSent);
  }
  const text = `PostgreSQL: ${message} (${state}): ${advice}`;
  // What a read-only server refuses was surely not done.
  if (isOfConnection(state)) return new ConnectionFault(text, error, isSent && state !== READ_ONLY);
  if ([INVALID_DATA, BROKEN_CONSTRAINT, RAISED_BY_OURS].includes(state.slice(0, 2))) {
    return new AssertionError({ message: `a step that must not be: ${message}` });
  }
  return new StoreFault(text, error);
}

/** Where a name has several addresses and none answers, Node says so without a word. */
function messageOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.message || ((error as NodeJS.ErrnoException).code ?? error.name);
}

function isOfConnection(state: string): boolean {
  return state.startsWith('08') || state.startsWith('57P') || CLOSED.includes(state);
}

function stateOf(error: unknown): string | undefined {
  return error instanceof DatabaseError ? error.code : undefined;
}

function causeOf(error: unknown): unknown {
  return error instanceof StoreFault ? error.cause : error;
}

/** A connected client, with the values of columns as we have them. */
export class Client implements Session {
  readonly #client: PgClient;
  #isBroken = false;
  #watch: ClientWatch = {};
  #backend: Backend | undefined;

  private constructor(client: PgClient) {
    this.#client = client;
    // What breaks between two statements is met by the next.
    client.on('error', () => this.#break());
    client.on('end', () => this.#break());
  }

  /**
   * Connects; throws StoreFault when that fails: TurnedAway where the server takes no writing, or where `former`, which
   * served the session that this one is to follow, still waits for a standby.
   */
  static async connect(
    options: DriverOptions,
    watch: ClientWatch = {},
    former?: Backend,
  ): Promise<Client> {
    const { url, statementTimeoutMs: timeout = STATEMENT_TIMEOUT_MS, connectTimeoutMs } = options;
    const client = new PgClient({
      connectionString: url,
      connectionTimeoutMillis: connectTimeoutMs ?? CONNECT_TIMEOUT_MS,
      ...(timeout > 0 && { query_timeout: timeout + ANSWER_TIMEOUT_MS - STATEMENT_TIMEOUT_MS }),
      keepAlive: true,
      // Balancers and address translators forget an idle connection after some minutes, and tell nobody.
      keepAliveInitialDelayMillis: KEEPALIVE_MS,
      fallback_application_name: 'ringline',
      types: { getTypeParser },
    });
    const own = new Client(client);
    try {
      await client.connect();
      // Not as parameters of the connection: poolers refuse those that they do not know.
      own.#begin(await client.query(`${settingsOf(options)}; ${standingOf(former)}`));
      own.#watch = watch;
      return own;
    } catch (error) {
      void client.end().catch(() => undefined);
      throw error instanceof StoreFault ? error : named(error, false);
    }
  }

  /** Takes the last of the answers to several statements. */
  #begin(answers: unknown): void {
    const last = (answers as readonly QueryResult<Standing>[]).at(-1);
    const [standing] = last?.rows ?? [];
    assert(standing !== undefined, 'PostgreSQL says where a session has come to');
    if (standing.standby || standing.read_only)
      throw new TurnedAway(readOnlyAdvice(standing.standby));
    if (standing.waits) throw new TurnedAway(STANDBY_ADVICE);
    this.#backend = { pid: standing.pid, startedAt: standing.startedAt };
  }

  /** What serves it. */
  get backend(): Backend | undefined {
    return this.#backend;
  }

  get isBroken(): boolean {
    return this.#isBroken;
  }

  async rows<Row>(statement: Statement, values: readonly Value[] = []): Promise<readonly Row[]> {
    return (await this.#query(statement, values)).rows as Row[];
  }

  async run(statement: Statement, values: readonly Value[] = []): Promise<number> {
    return (await this.#query(statement, values)).rowCount ?? 0;
  }

  async exec(sql: string): Promise<void> {
    await this.#named(this.#client.query(sql));
  }

  async close(): Promise<void> {
    await this.#client.end().catch(() => undefined);
  }

  /** What is under way is finished, and nothing else begun. */
  leave(): void {
    this.#break();
  }

  #query({ name, text }: Statement, values: readonly Value[]): Promise<QueryResult> {
    return this.#named(this.#client.query({ name, text, values: [...values] }));
  }

  async #named<T>(answer: Promise<T>): Promise<T> {
    try {
      return await answer;
    } catch (error) {
      const fault = named(error, true);
      if (fault instanceof ConnectionFault) this.#break();
      if (stateOf(error) === READ_ONLY) this.#watch.demoted?.();
      throw fault;
    }
  }

  #break(): void {
    if (this.#isBroken) return;
    this.#isBroken = true;
    this.#watch.broken?.();
  }
}

/** OIDs of types (pg_type.dat). */
const INT8 = 20;

/** Numbers come exactly; everything else as `pg` has it. */
function getTypeParser(oid: number, format?: 'text' | 'binary') {
  if (oid === INT8 && format !== 'binary') return exactNumber;
  return types.getTypeParser(oid, format) as (value: string) => unknown;
}

function exactNumber(text: string): number {
  const number = Number(text);
  if (!Number.isSafeInteger(number)) throw new RangeError(`${text} is no exact number`);
  return number;
}
