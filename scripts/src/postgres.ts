import { findPostgres } from '@ringline/testkit/postgres';
import { aptInstall, mayInstall, withoutServices } from './apt.ts';

/** What to tell somebody whose machine has no PostgreSQL for the tests. */
export const NO_POSTGRES =
  'No PostgreSQL found. Install postgresql, or set POSTGRES_BIN to the folder of initdb.';

/** Finds a PostgreSQL; on Debian as root it is installed when it is missing, without its system service. */
export function ensurePostgres(): string | undefined {
  const found = findPostgres();
  if (found !== undefined || !mayInstall()) return found;
  withoutServices('postgresql', () => aptInstall('postgresql'));
  return findPostgres();
}
