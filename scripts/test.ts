import { runChecks } from './src/checks.ts';
import { NO_CHROMIUM, ensureChromium } from './src/chromium.ts';
import type { Tally } from './src/tally.ts';
import { runVitest } from './src/vitest.ts';

function runBrowsers(): Promise<Tally> {
  if (ensureChromium() !== undefined) return runVitest('e2e');
  console.error(`\nNOT RUN: the browser tests (e2e). ${NO_CHROMIUM}\n`);
  return Promise.resolve({ passed: 0, failed: process.env['CI'] ? 1 : 0 });
}

let passed = 0;
let failed = 0;
for (const step of [runChecks, () => runVitest('unit'), runBrowsers]) {
  const tally = await step();
  passed += tally.passed;
  failed += tally.failed;
  if (failed > 0) break;
}
// The last line, alone, for whoever reads the result by program.
console.log(`\n${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;
