import { runInBrowsers } from './src/browser-tests.ts';

const { passed, failed } = await runInBrowsers('proofs');
// The last line, alone, for whoever reads the result by program.
console.log(`\n${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;
