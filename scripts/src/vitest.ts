import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Tally } from './tally.ts';
import { tool } from './paths.ts';
import { runHere } from './run.ts';

/** What of vitest’s JSON report is read here. */
export interface Report {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly testResults: readonly {
    readonly status: string;
    readonly assertionResults: readonly Assertion[];
  }[];
}

interface Assertion {
  readonly fullName: string;
  readonly status: string;
  /** Of every try. */
  readonly failureMessages: readonly string[];
}

/** The tests that passed only when they were tried again, each with how it failed before; nothing without any. */
export function toldOfSecondTries(report: Report): string {
  const again = report.testResults
    .flatMap((file) => file.assertionResults)
    .filter(({ status, failureMessages }) => status === 'passed' && failureMessages.length > 0);
  return again
    .map((test) => `PASSED AT THE SECOND TRY: ${test.fullName}\n${test.failureMessages.join('\n')}`)
    .join('\n\n');
}

function countReport(report: Report): Tally {
  // A file that could not be loaded has no tests to fail, and still failed.
  const unloaded = report.testResults.filter(
    (file) => file.status === 'failed' && file.assertionResults.length === 0,
  );
  return { passed: report.numPassedTests, failed: report.numFailedTests + unloaded.length };
}

/** Runs one vitest project in this terminal and counts its tests; a broken run counts as a failure. */
export async function runVitest(project: string, ...options: readonly string[]): Promise<Tally> {
  const folder = mkdtempSync(join(tmpdir(), 'ringline-test-'));
  const file = join(folder, 'report.json');
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${file}`];
  try {
    const code = await runHere(tool('vitest'), [
      'run',
      '--project',
      project,
      ...options,
      ...reporters,
    ]);
    if (!existsSync(file)) return { passed: 0, failed: 1 };
    const report = JSON.parse(readFileSync(file, 'utf8')) as Report;
    const told = toldOfSecondTries(report);
    if (told !== '') console.error(`\n${told}`);
    const counted = countReport(report);
    return code !== 0 && counted.failed === 0 ? { ...counted, failed: 1 } : counted;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
