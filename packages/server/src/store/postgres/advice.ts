import { DatabaseError } from 'pg';

/** A server that takes no writing: a standby, or one that was fenced off. */
export const READ_ONLY = '25006'; // read_only_sql_transaction

const REACH_IT = 'see that it runs, and that DATABASE_URL leads to it';
const LEAD_TO_WRITER =
  'see that DATABASE_URL leads to the server that takes writing, and that its name leads nowhere else';
const KEEP_SESSIONS = 'let the pooler keep sessions (PgBouncer: pool_mode = session)';
const SEE_ITS_LOG = 'PostgreSQL’s own log says more';
const TAKES_TOO_LONG = 'see what keeps PostgreSQL busy, or holds what is waited for';

/** What to do about a condition, by SQLSTATE (https://www.postgresql.org/docs/current/errcodes-appendix.html). */
const BY_STATE: Readonly<Record<string, string>> = {
  // invalid_authorization_specification: also what pg_hba.conf does not let in.
  '28000':
    'make the role, let it in from here in pg_hba.conf, or name another, or sslmode, in DATABASE_URL',
  // invalid_password
  '28P01': 'see that DATABASE_URL has the password of this role',
  // invalid_catalog_name
  '3D000': 'make it (createdb), or name another in DATABASE_URL',
  // invalid_schema_name
  '3F000': 'make the schema (create schema), or name another in DATABASE_URL',
  // insufficient_privilege
  '42501': 'make the role of DATABASE_URL the owner of the schema and of all that is in it',
  // undefined_table, undefined_function
  '42P01': 'bring the database to its shape with `ringline migrate`',
  '42883': 'bring the database to its shape with `ringline migrate`',
  // too_many_connections
  '53300':
    'raise max_connections, or the role’s or database’s own limit, or end what else is connected',
  // out_of_memory, disk_full
  '53200': 'give PostgreSQL more memory',
  '53100': 'make room on its disk',
  // lock_not_available, query_canceled
  '55P03': TAKES_TOO_LONG,
  '57014': TAKES_TOO_LONG,
  // invalid_sql_statement_name, duplicate_prepared_statement
  '26000': KEEP_SESSIONS,
  '42P05': KEEP_SESSIONS,
  [READ_ONLY]: LEAD_TO_WRITER,
};

const NAME_ITS_CA =
  'name the certificate of who signed it in DATABASE_URL (sslmode=verify-full&sslrootcert=…)';

/** What to do where TLS fails, by the code of the error (https://nodejs.org/api/tls.html#x509-certificate-error-codes). */
const BY_CODE: Readonly<Record<string, string>> = {
  DEPTH_ZERO_SELF_SIGNED_CERT: NAME_ITS_CA,
  SELF_SIGNED_CERT_IN_CHAIN: NAME_ITS_CA,
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: NAME_ITS_CA,
  UNABLE_TO_GET_ISSUER_CERT: NAME_ITS_CA,
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: NAME_ITS_CA,
  CERT_HAS_EXPIRED: 'renew PostgreSQL’s certificate',
  CERT_NOT_YET_VALID: 'set the clocks of both machines',
  ERR_TLS_CERT_ALTNAME_INVALID:
    'call PostgreSQL in DATABASE_URL by a name that its certificate has, or give it one for this name',
};

/** And where `pg` has no code. */
const BY_MESSAGE: Readonly<Record<string, string>> = {
  'The server does not support SSL connections':
    'turn ssl on in PostgreSQL, or take sslmode out of DATABASE_URL',
  'Query read timeout':
    'see whether PostgreSQL hangs, or waits for a synchronous standby (docs/postgresql.md#when-it-is-away)',
};

/** What an operator does next about a failure of PostgreSQL, or of the way to it: one sentence without a stop. */
export function adviceOn(error: unknown): string {
  const { code = '', message = '' } = error as { code?: string; message?: string };
  if (error instanceof DatabaseError) {
    return BY_STATE[code] ?? (/^(08|57P)/.test(code) ? REACH_IT : SEE_ITS_LOG);
  }
  return BY_CODE[code] ?? BY_MESSAGE[message] ?? REACH_IT;
}

/** Why a session of a server that takes no writing is given up at once, with the next step. */
export function readOnlyAdvice(isStandby: boolean): string {
  const what = isStandby ? 'is a standby' : 'is read-only (default_transaction_read_only)';
  return `the PostgreSQL to which DATABASE_URL leads ${what}: ${LEAD_TO_WRITER}`;
}

/** Why no connection takes the place of one that was given up and still waits. */
export const STANDBY_ADVICE =
  'PostgreSQL does not finish commits, for it waits for a synchronous standby: bring one back, or take those that ' +
  'are gone out of synchronous_standby_names and reload';
