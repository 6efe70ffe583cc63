import { PostgresServer } from '@ringline/testkit/postgres';
import { NO_POSTGRES, ensurePostgres } from './postgres.ts';

let server: PostgresServer | undefined;

/** Gives the tests of a run one server in `TEST_DATABASE_URL`; without one they fail, saying why. */
export async function setup(): Promise<void> {
  const programs = ensurePostgres();
  if (programs === undefined) throw new Error(NO_POSTGRES);
  process.env['POSTGRES_BIN'] = programs;
  server = await PostgresServer.start({ programs, settings: ['max_connections=200'] });
  process.env['TEST_DATABASE_URL'] = server.url;
}

/** Ends it with the run. */
export async function teardown(): Promise<void> {
  await server?.remove();
}
