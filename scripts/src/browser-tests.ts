import { NO_CHROMIUM, ensureChromium } from './chromium.ts';
import type { Tally } from './tally.ts';
import { runVitest } from './vitest.ts';

/** Runs a project of tests in a real browser, which is installed where that may be; without one they fail in CI only. */
export function runInBrowsers(project: 'e2e' | 'proofs'): Promise<Tally> {
  if (ensureChromium() !== undefined) return runVitest(project);
  console.error(`\nNOT RUN: the tests in browsers (${project}). ${NO_CHROMIUM}\n`);
  return Promise.resolve({ passed: 0, failed: process.env['CI'] ? 1 : 0 });
}
