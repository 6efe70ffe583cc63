import { NO_NATS, ensureNats } from './nats.ts';
import { runWith } from './run-with.ts';
import type { Tally } from './tally.ts';
import { runVitest } from './vitest.ts';

/** Runs the tests that need a NATS, which is installed where that may be; without one they fail in CI only. */
export function runWithNats(): Promise<Tally> {
  const lacks = ensureNats() === undefined ? [NO_NATS] : [];
  return runWith(lacks, 'the tests of the bus over NATS', () => runVitest('nats'));
}
