import { existsSync } from 'node:fs';
import { aptInstall, mayInstall } from './apt.ts';

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

/** Finds a Chromium; on Debian as root it is installed when it is missing, saying so. */
export function ensureChromium(): string | undefined {
  const found = findChromium();
  if (found !== undefined || !mayInstall()) return found;
  aptInstall('chromium');
  return findChromium();
}
