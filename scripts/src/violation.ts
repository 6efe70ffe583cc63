/** A place that breaks a rule of the project, with a line number from 1. */
export interface Violation {
  readonly file: string;
  readonly line: number;
  readonly message: string;
}

/** Prints the violations under the name of their check; the exit code is 1 when there are any. */
export function reportViolations(check: string, violations: readonly Violation[]): void {
  for (const { file, line, message } of violations) console.error(`${file}:${line}: ${message}`);
  console.log(`${check}: ${violations.length === 0 ? 'holds' : `${violations.length} violations`}`);
  process.exitCode = violations.length === 0 ? 0 : 1;
}
