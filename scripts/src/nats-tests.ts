import { NO_NATS, ensureNats } from './nats.ts';
import type { Tally } from './tally.ts';
import { runVitest } from './vitest.ts';

/** Runs the tests that need a NATS, which is installed where that may be; without one they fail in CI only. */
export function runWithNats(): Promise<Tally> {
  if (ensureNats() !== undefined) return runVitest('nats');
  console.error(`\nNOT RUN: the tests of the bus over NATS. ${NO_NATS}\n`);
  return Promise.resolve({ passed: 0, failed: process.env['CI'] ? 1 : 0 });
}
