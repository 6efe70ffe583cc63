import { runInBrowsers } from './src/browser-tests.ts';
import { runChecks } from './src/checks.ts';
import { runShortProofOfCluster } from './src/cluster-tests.ts';
import { runWithNats } from './src/nats-tests.ts';
import { runWithPostgres } from './src/postgres-tests.ts';
import { tellTally } from './src/tally.ts';
import { runVitest } from './src/vitest.ts';

let passed = 0;
let failed = 0;
const steps = [
  runChecks,
  () => runVitest('unit'),
  runWithPostgres,
  runWithNats,
  runShortProofOfCluster,
  () => runInBrowsers('e2e'),
];
for (const step of steps) {
  const tally = await step();
  passed += tally.passed;
  failed += tally.failed;
  if (failed > 0) break;
}
tellTally({ passed, failed });
