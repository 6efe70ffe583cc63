/** How many checks or tests passed and how many failed. */
export interface Tally {
  readonly passed: number;
  readonly failed: number;
}

/** Says the result as the last line, alone, for whoever reads it by program, and as the exit code. */
export function tellTally({ passed, failed }: Tally): void {
  console.log(`\n${passed} passed, ${failed} failed`);
  process.exitCode = failed === 0 ? 0 : 1;
}
