import { NO_CHROMIUM, ensureChromium } from './chromium.ts';

/** Gives the browser tests their Chromium in `CHROMIUM_PATH` before the first of them starts. */
export function setup(): void {
  const path = ensureChromium();
  if (path === undefined) throw new Error(NO_CHROMIUM);
  process.env['CHROMIUM_PATH'] = path;
}
