import { NO_POSTGRES, ensurePostgres } from './postgres.ts';
import { runWith } from './run-with.ts';
import type { Tally } from './tally.ts';
import { runVitest } from './vitest.ts';

/** Runs the tests that need a PostgreSQL, which is installed where that may be; without one they fail in CI only. */
export function runWithPostgres(): Promise<Tally> {
  const lacks = ensurePostgres() === undefined ? [NO_POSTGRES] : [];
  return runWith(lacks, 'the tests of the store in PostgreSQL', () => runVitest('postgres'));
}
