import { findNats } from '@ringline/testkit/nats';
import { aptInstall, mayInstall, withoutServices } from './apt.ts';

/** What to tell somebody whose machine has no NATS for the tests. */
export const NO_NATS =
  'No NATS found. Install nats-server, or set NATS_SERVER_PATH to its program.';

/** Finds a nats-server; on Debian as root it is installed when it is missing, without its system service. */
export function ensureNats(): string | undefined {
  const found = findNats();
  if (found !== undefined || !mayInstall()) return found;
  withoutServices('nats-server', () => aptInstall('nats-server'));
  return findNats();
}
