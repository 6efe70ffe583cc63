import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { aptInstall, mayInstall } from './apt.ts';

/** What to tell somebody whose machine lets tests make no networks. */
export const NO_NAMESPACES =
  'They need Linux, root, `ip` of iproute2, and leave to make network namespaces and TUN devices.';

/** Removes the namespaces of test runs that were killed: their names begin with the id of a process that is gone. */
export function removeLeftNamespaces(): void {
  const { stdout } = spawnSync('ip', ['netns', 'list'], { encoding: 'utf8' });
  for (const [name, id] of stdout.matchAll(/^ringline-(\d+)-\S+/gm)) {
    if (!existsSync(`/proc/${id}`)) spawnSync('ip', ['netns', 'delete', name]);
  }
}

function isAllowed(): boolean {
  const name = `ringline-${process.pid}-probe`;
  const isMade = spawnSync('ip', ['netns', 'add', name], { stdio: 'ignore' }).status === 0;
  if (isMade) spawnSync('ip', ['netns', 'delete', name], { stdio: 'ignore' });
  return isMade;
}

/** Whether network namespaces can be made here; on Debian as root their tool is installed when it is missing. */
export function ensureNamespaces(): boolean {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return false;
  const hasTool = spawnSync('ip', ['-V'], { stdio: 'ignore' }).status === 0;
  if (!hasTool && mayInstall()) aptInstall('iproute2');
  return existsSync('/dev/net/tun') && isAllowed();
}
