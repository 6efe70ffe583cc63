import { expect, test } from 'vitest';
import { toldOfSecondTries } from '../src/vitest.ts';

function reportOf(...tests: readonly (readonly [string, string, ...string[]])[]) {
  const assertionResults = tests.map(([fullName, status, ...failureMessages]) => ({
    fullName,
    status,
    failureMessages,
  }));
  return {
    numPassedTests: 0,
    numFailedTests: 0,
    testResults: [{ status: 'passed', assertionResults }],
  };
}

test('a test that passed at its second try is told with how it failed at the first', () => {
  const told = toldOfSecondTries(
    reportOf(['a call rings', 'passed', 'Error: it did not ring\n  at ring.ts:3'], ['b', 'passed']),
  );
  expect(told).toBe(
    'PASSED AT THE SECOND TRY: a call rings\nError: it did not ring\n  at ring.ts:3',
  );
});

test('what passed at once, and what failed each time, is not told as such', () => {
  const told = toldOfSecondTries(reportOf(['a', 'passed'], ['b', 'failed', 'Error', 'Error']));
  expect(told).toBe('');
});
