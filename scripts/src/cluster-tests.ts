import { NO_CHROMIUM, ensureChromium } from './chromium.ts';
import { NO_NATS, ensureNats } from './nats.ts';
import { NO_POSTGRES, ensurePostgres } from './postgres.ts';
import { runWith } from './run-with.ts';
import type { Tally } from './tally.ts';
import { runVitest } from './vitest.ts';

/** Runs the short proof of a cluster: three nodes that are killed, drained and cut off. */
export function runShortProofOfCluster(): Promise<Tally> {
  return runWith(missing(), 'the proof of a cluster', () => runVitest('cluster'));
}

/** Runs the server's core suite over PostgreSQL and NATS, with devices of different users on different nodes. */
export function runCoreAcrossNodes(): Promise<Tally> {
  return runWith(missing(), 'the core suite across nodes', () => runVitest('core-across-nodes'));
}

/** Runs the tests in browsers with devices on different nodes: the telling ones, or all of them. */
export function runInBrowsersAcrossNodes(which: 'telling' | 'all'): Promise<Tally> {
  const lacks = [...(ensureChromium() === undefined ? [NO_CHROMIUM] : []), ...missing()];
  const filter = which === 'all' ? [] : ['--tags-filter', 'telling'];
  return runWith(lacks, 'the tests in browsers across nodes', () =>
    runVitest('across-nodes', ...filter),
  );
}

/** What is missing of a cluster's programs, which are installed where that may be. */
function missing(): readonly string[] {
  return [
    ...(ensurePostgres() === undefined ? [NO_POSTGRES] : []),
    ...(ensureNats() === undefined ? [NO_NATS] : []),
  ];
}
