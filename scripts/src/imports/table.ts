/** Workspaces that measure and prove the whole: they import everything, nobody imports them but for one thing. */
export const WHOLE_SYSTEM = ['simulation', 'bench', 'e2e', 'proofs'] as const;

/** Who may import a whole-system workspace after all: media is measured with the browsers and networks of the tests, and those run the server as the proofs do. */
export const MAY_IMPORT_WHOLE: Readonly<Record<string, readonly string[]>> = {
  bench: ['e2e'],
  e2e: ['proofs'],
};

/** Which workspaces the sources of a workspace may import, by folder; the whole-system ones may all. */
export const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  'packages/protocol': [],
  'packages/call': ['packages/protocol'],
  'packages/server': ['packages/protocol', 'packages/call'],
  'packages/client': ['packages/protocol'],
  'packages/elements': ['packages/client'],
  'packages/server-kit': ['packages/protocol'],
  'packages/compat': ['packages/protocol', 'packages/client'],
  'packages/testkit': ['packages/protocol'],
  'apps/softphone': ['packages/elements', 'packages/client', 'packages/protocol'],
  'apps/console': ['packages/elements', 'packages/client', 'packages/protocol'],
  'examples/html': ['packages/elements'],
  'examples/react': ['packages/elements', 'packages/client'],
  'examples/vue': ['packages/elements', 'packages/client'],
  'examples/rtm': ['packages/compat'],
  'examples/receiver': ['packages/server-kit'],
};

/** What the tests of every package may import besides what its sources may. */
export const TESTS_MAY_IMPORT = ['packages/testkit'] as const;

/** Workspaces, or folders of one, whose sources may use Node's own modules; the others run in browsers or are pure. */
export const MAY_USE_NODE = [
  'packages/server',
  'packages/server-kit',
  'packages/testkit/src/free-port',
  'packages/testkit/src/nats',
  'packages/testkit/src/postgres',
  'examples/receiver',
  ...WHOLE_SYSTEM,
];

/** Sources that may import `@ringline/protocol/schema`, which carries the schema library. */
export const MAY_USE_SCHEMA = ['packages/protocol', 'packages/server', ...WHOLE_SYSTEM];

/** The entries of protocol that browsers load: nothing they reach may come from outside. */
export const BROWSER_ENTRIES = [
  'packages/protocol/src/index.ts',
  'packages/protocol/src/netease.ts',
];

/** The only sources of the server that name adapters. */
export const COMPOSITION_ROOTS = ['packages/server/src/cli.ts', 'packages/server/src/compose.ts'];

/** Adapters behind a port, by folder (or file of that name): only composition roots import them. */
export const ADAPTERS = [
  'packages/server/src/store/sqlite',
  'packages/server/src/store/memory',
  'packages/server/src/store/postgres',
  'packages/server/src/prompts/engine',
  'packages/server/src/outbound/http-outbound.ts',
  'packages/server/src/cluster/nats-bus.ts',
  'packages/server/src/cluster/postgres-bus.ts',
];

/** Libraries that appear in few places: name → the folders and files that may import them. */
export const CONFINED: Readonly<Record<string, readonly string[]>> = {
  lit: ['packages/elements/src'],
  ws: ['packages/server/src/gateway', 'bench', 'e2e'],
  fastify: ['packages/server/src/http', 'packages/server/src/compose.ts'],
  '@fastify/static': ['packages/server/src/http', 'packages/server/src/compose.ts'],
  zod: ['packages/protocol/src/schema', 'packages/server/src'],
  'node:sqlite': ['packages/server/src/store/sqlite', 'bench'],
  'node-datachannel': ['packages/server/src/prompts/engine', 'bench'],
  'node:dns': ['packages/server/src/outbound'],
  'node:https': ['packages/server/src/outbound'],
  pg: ['packages/server/src/store/postgres', 'packages/server/src/cluster', 'bench'],
  '@nats-io/transport-node': ['packages/server/src/cluster', 'bench'],
};
