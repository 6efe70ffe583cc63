import { spawnSync } from 'node:child_process';
import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { aptInstall, mayInstall } from './apt.ts';

const CANDIDATES = [
  '/usr/bin/turnserver',
  '/usr/local/bin/turnserver',
  '/opt/homebrew/bin/turnserver',
  '/usr/local/opt/coturn/bin/turnserver',
];

/** Asked by Debian's packages before they start a service (invoke-rc.d(8)); 101 says no. */
const POLICY = '/usr/sbin/policy-rc.d';
const DENY_SERVICES = '#!/bin/sh\nexit 101\n';

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
  withoutServices(() => aptInstall('coturn'));
  return findCoturn();
}

function withoutServices(install: () => void): void {
  const isMine = !existsSync(POLICY);
  if (isMine) writeFileSync(POLICY, DENY_SERVICES, { mode: 0o755 });
  try {
    install();
  } finally {
    if (isMine) rmSync(POLICY);
  }
  // Nor at the next start of the machine; where there is no systemd, there is nothing to do.
  spawnSync('systemctl', ['disable', '--quiet', 'coturn'], { stdio: 'ignore' });
}
