import { runInBrowsersAcrossNodes } from './src/cluster-tests.ts';
import { tellTally } from './src/tally.ts';

tellTally(await runInBrowsersAcrossNodes('all'));
