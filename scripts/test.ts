import { runInBrowsers } from './src/browser-tests.ts';
import { runChecks } from './src/checks.ts';
import { tellTally } from './src/tally.ts';
import { runVitest } from './src/vitest.ts';

let passed = 0;
let failed = 0;
for (const step of [runChecks, () => runVitest('unit'), () => runInBrowsers('e2e')]) {
  const tally = await step();
  passed += tally.passed;
  failed += tally.failed;
  if (failed > 0) break;
}
tellTally({ passed, failed });
