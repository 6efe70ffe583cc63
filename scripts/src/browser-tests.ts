import { NO_CHROMIUM, ensureChromium } from './chromium.ts';
import { runWith } from './run-with.ts';
import type { Tally } from './tally.ts';
import { runVitest } from './vitest.ts';

/** Runs a project of tests in a real browser, which is installed where that may be; without one they fail in CI only. */
export function runInBrowsers(project: 'e2e' | 'proofs'): Promise<Tally> {
  const lacks = ensureChromium() === undefined ? [NO_CHROMIUM] : [];
  return runWith(lacks, `the tests in browsers (${project})`, () => runVitest(project));
}
