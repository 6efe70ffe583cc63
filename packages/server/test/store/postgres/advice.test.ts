import { DatabaseError } from 'pg';
import { expect, test } from 'vitest';
import { adviceOn } from '../../../src/store/postgres/advice.ts';

/** What PostgreSQL says. */
function said(state: string): DatabaseError {
  return Object.assign(new DatabaseError('no', 2, 'error'), { code: state });
}

/** What Node says. */
function met(code: string): Error {
  return Object.assign(new Error('no'), { code });
}

test.each([
  ['28000', /pg_hba.conf/],
  ['28P01', /password/],
  ['3D000', /createdb/],
  ['3F000', /create schema/],
  ['42501', /owner/],
  ['42P01', /ringline migrate/],
  ['42883', /ringline migrate/],
  ['53300', /max_connections/],
  ['53200', /memory/],
  ['53100', /disk/],
  ['55P03', /busy/],
  ['57014', /busy/],
  ['26000', /pool_mode = session/],
  ['42P05', /pool_mode = session/],
  ['25006', /server that takes writing/],
  ['57P03', /see that it runs/],
  ['08006', /see that it runs/],
  ['XX000', /own log/],
])('[SHR5] what PostgreSQL says in its code %s has a next step', (state, advice) => {
  expect(adviceOn(said(state))).toMatch(advice);
});

test.each([
  ['ECONNREFUSED', /see that it runs/],
  ['ENOTFOUND', /DATABASE_URL leads to it/],
  ['DEPTH_ZERO_SELF_SIGNED_CERT', /sslrootcert/],
  ['SELF_SIGNED_CERT_IN_CHAIN', /sslrootcert/],
  ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', /sslrootcert/],
  ['UNABLE_TO_GET_ISSUER_CERT', /sslrootcert/],
  ['UNABLE_TO_GET_ISSUER_CERT_LOCALLY', /sslrootcert/],
  ['CERT_HAS_EXPIRED', /renew/],
  ['CERT_NOT_YET_VALID', /clocks/],
  ['ERR_TLS_CERT_ALTNAME_INVALID', /by a name that its certificate has/],
])('[SHR5] a way to it that fails with %s has a next step', (code, advice) => {
  expect(adviceOn(met(code))).toMatch(advice);
});
