import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';

const CANDIDATES = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/usr/bin/google-chrome-stable',
  '/opt/google/chrome/chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
];

const INSTALL = [
  ['update', '-q'],
  ['install', '-y', '-q', '--no-install-recommends', 'chromium'],
];

/** What to tell somebody whose machine has no browser for the tests. */
export const NO_CHROMIUM =
  'No Chromium found. Install Chromium or Chrome, or set CHROMIUM_PATH to its program.';

/** The path of a Chromium on this machine; `CHROMIUM_PATH` goes first. */
export function findChromium(): string | undefined {
  const named = process.env['CHROMIUM_PATH'];
  if (named) {
    if (!existsSync(named)) throw new Error(`CHROMIUM_PATH is ${named}, where no file is.`);
    return named;
  }
  return CANDIDATES.find((path) => existsSync(path));
}

function mayInstall(): boolean {
  return process.getuid?.() === 0 && existsSync('/etc/debian_version');
}

/** Finds a Chromium; on Debian as root it is installed when it is missing, saying so. */
export function ensureChromium(): string | undefined {
  const found = findChromium();
  if (found !== undefined || !mayInstall()) return found;
  console.error('chromium: none here; installing the Debian package (apt-get install chromium) …');
  for (const args of INSTALL) {
    const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
    const { status } = spawnSync('apt-get', args, { env, stdio: ['ignore', 2, 2] });
    if (status !== 0) console.error(`chromium: apt-get ${args.join(' ')} failed`);
  }
  return findChromium();
}
