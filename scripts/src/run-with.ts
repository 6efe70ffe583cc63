import type { Tally } from './tally.ts';

/** Runs tests for which nothing is missing; without what they need they fail in CI only, and it is said loudly. */
export function runWith(
  lacks: readonly string[],
  what: string,
  run: () => Promise<Tally>,
): Promise<Tally> {
  if (lacks.length === 0) return run();
  console.error(`\nNOT RUN: ${what}. ${lacks.join(' ')}\n`);
  return Promise.resolve({ passed: 0, failed: process.env['CI'] ? 1 : 0 });
}
