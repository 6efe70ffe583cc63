import { runInBrowsers } from './src/browser-tests.ts';
import { tellTally } from './src/tally.ts';

tellTally(await runInBrowsers('proofs'));
