import { spawnSync } from 'node:child_process';
import { existsSync, rmSync, writeFileSync } from 'node:fs';

/** Asked by Debian's packages before they start a service (invoke-rc.d(8)); 101 says no. */
const POLICY = '/usr/sbin/policy-rc.d';
const DENY_SERVICES = '#!/bin/sh\nexit 101\n';

/** Whether programs that tests need may be installed here: on Debian and its kin, as root. */
export function mayInstall(): boolean {
  return process.getuid?.() === 0 && existsSync('/etc/debian_version');
}

/** Installs a Debian package, saying so; whether it worked shows by looking for its program. */
export function aptInstall(name: string): void {
  console.error(`${name}: none here; installing the Debian package (apt-get install ${name}) …`);
  for (const args of [
    ['update', '-q'],
    ['install', '-y', '-q', '--no-install-recommends', name],
  ]) {
    const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
    const { status } = spawnSync('apt-get', args, { env, stdio: ['ignore', 2, 2] });
    if (status !== 0) console.error(`${name}: apt-get ${args.join(' ')} failed`);
  }
}

/** Installs something of which only the program is wanted: its service starts neither now nor with the machine. */
export function withoutServices(service: string, install: () => void): void {
  const isMine = !existsSync(POLICY);
  if (isMine) writeFileSync(POLICY, DENY_SERVICES, { mode: 0o755 });
  try {
    install();
  } finally {
    if (isMine) rmSync(POLICY);
  }
  // Where there is no systemd, there is nothing to do.
  spawnSync('systemctl', ['disable', '--quiet', service], { stdio: 'ignore' });
}
