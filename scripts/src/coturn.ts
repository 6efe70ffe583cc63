import { existsSync } from 'node:fs';
import { aptInstall, mayInstall, withoutServices } from './apt.ts';

const CANDIDATES = [
  '/usr/bin/turnserver',
  '/usr/local/bin/turnserver',
  '/opt/homebrew/bin/turnserver',
  '/usr/local/opt/coturn/bin/turnserver',
];

/** What to tell somebody whose machine has no TURN server for the tests. */
export const NO_COTURN =
  'No coturn found. Install coturn, or set TURNSERVER_PATH to its program (turnserver).';

/** The path of a `turnserver` on this machine; `TURNSERVER_PATH` goes first. */
export function findCoturn(): string | undefined {
  const named = process.env['TURNSERVER_PATH'];
  if (named) {
    if (!existsSync(named)) throw new Error(`TURNSERVER_PATH is ${named}, where no file is.`);
    return named;
  }
  return CANDIDATES.find((path) => existsSync(path));
}

/** Finds a coturn; on Debian as root it is installed when it is missing, without its system service. */
export function ensureCoturn(): string | undefined {
  const found = findCoturn();
  if (found !== undefined || !mayInstall()) return found;
  withoutServices('coturn', () => aptInstall('coturn'));
  return findCoturn();
}
