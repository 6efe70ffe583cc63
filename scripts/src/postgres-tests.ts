import { NO_POSTGRES, ensurePostgres } from './postgres.ts';
import type { Tally } from './tally.ts';
import { runVitest } from './vitest.ts';

/** Runs the tests that need a PostgreSQL, which is installed where that may be; without one they fail in CI only. */
export function runWithPostgres(): Promise<Tally> {
  if (ensurePostgres() !== undefined) return runVitest('postgres');
  console.error(`\nNOT RUN: the tests of the store in PostgreSQL. ${NO_POSTGRES}\n`);
  return Promise.resolve({ passed: 0, failed: process.env['CI'] ? 1 : 0 });
}
