import { runCoreAcrossNodes, runInBrowsersAcrossNodes } from './src/cluster-tests.ts';
import { tellTally } from './src/tally.ts';

const core = await runCoreAcrossNodes();
const telling = await runInBrowsersAcrossNodes('telling');
tellTally({ passed: core.passed + telling.passed, failed: core.failed + telling.failed });
