import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';

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
