import { defineConfig } from 'vitest/config';

const UNIT = [
  'packages/*/test/**/*.test.ts',
  'apps/*/test/**/*.test.ts',
  'examples/*/test/**/*.test.ts',
  'simulation/test/**/*.test.ts',
  'bench/test/**/*.test.ts',
  'proofs/test/**/*.test.ts',
  'scripts/test/**/*.test.ts',
];

/** Tests of a package that need a PostgreSQL: one server for all of a run. */
const WITH_POSTGRES = 'packages/*/test/**/*.postgres.test.ts';

/** Tests of a package that need a NATS, which each starts for itself. */
const WITH_NATS = 'packages/*/test/**/*.nats.test.ts';

/** As many as the devices of most tests: then no two are on one node. */
const NODES = '3';

const SETUPS_OF_BROWSERS = [
  'scripts/src/chromium-setup.ts',
  'scripts/src/coturn-setup.ts',
  'scripts/src/namespaces-setup.ts',
];

/** The short proof of a cluster, which starts PostgreSQL, NATS and three nodes for itself. */
const OF_CLUSTER = 'proofs/test/**/*.cluster.test.ts';

/** What takes longer has another trouble than a machine that is busy with other things too; what takes minutes has a limit of its own. */
const PATIENCE_MS = 300_000;

/**
 * A browser's sound, pictures and network go on in real time, also while a shared machine stands still for seconds. What
 * passes only at its second try is told with the error of the first (`scripts/src/vitest.ts`): somebody is to look at it.
 */
const TRIES_AGAIN = process.env['CI'] === undefined ? 0 : 1;

/** Tests in a real browser, one file at a time: each keeps two cores busy. */
const browsers = (name: string, include: string[], globalSetup = SETUPS_OF_BROWSERS, env = {}) => ({
  test: {
    name,
    include,
    globalSetup,
    env,
    pool: 'forks' as const,
    fileParallelism: false,
    retry: TRIES_AGAIN,
    testTimeout: PATIENCE_MS,
    hookTimeout: PATIENCE_MS,
  },
});

export default defineConfig({
  test: {
    tags: [
      {
        name: 'telling',
        description:
          'The flows that npm test also runs in browsers whose devices are on different nodes.',
      },
    ],
    projects: [
      {
        test: {
          name: 'unit',
          include: UNIT,
          exclude: [WITH_POSTGRES, WITH_NATS, OF_CLUSTER],
          pool: 'forks',
          isolate: false,
          // Vitest leaves a core free for people, which on two is half of them.
          maxWorkers: '100%',
          testTimeout: PATIENCE_MS,
          hookTimeout: PATIENCE_MS,
        },
      },
      {
        test: {
          name: 'postgres',
          include: [WITH_POSTGRES],
          globalSetup: ['scripts/src/postgres-setup.ts'],
          pool: 'forks',
          isolate: false,
          testTimeout: PATIENCE_MS,
          hookTimeout: PATIENCE_MS,
        },
      },
      {
        test: {
          name: 'nats',
          include: [WITH_NATS],
          globalSetup: ['scripts/src/nats-setup.ts'],
          pool: 'forks',
          isolate: false,
          testTimeout: PATIENCE_MS,
          hookTimeout: PATIENCE_MS,
        },
      },
      {
        test: { name: 'cluster', include: [OF_CLUSTER], pool: 'forks', testTimeout: 900_000 },
      },
      {
        test: {
          // As in `unit`, on one node over a store in memory; here over real ones, each on two nodes.
          name: 'core-across-nodes',
          include: ['packages/server/test/core/**/*.test.ts'],
          env: { TEST_OVER: 'postgres,nats' },
          globalSetup: ['scripts/src/postgres-setup.ts', 'scripts/src/nats-setup.ts'],
          pool: 'forks',
          isolate: false,
          testTimeout: PATIENCE_MS,
          hookTimeout: PATIENCE_MS,
        },
      },
      browsers('e2e', ['e2e/test/**/*.test.ts']),
      browsers('proofs', ['e2e/prove/**/*.test.ts']),
      browsers(
        'across-nodes',
        ['e2e/{test,prove,cluster}/**/*.test.ts'],
        [...SETUPS_OF_BROWSERS, 'scripts/src/cluster-setup.ts'],
        { RINGLINE_CLUSTER: NODES },
      ),
    ],
  },
});
