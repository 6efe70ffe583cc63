/** The parts of a package.json that packing reads and writes. */
export interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly description?: string;
  readonly license?: string;
  readonly type?: string;
  readonly bin?: Readonly<Record<string, string>>;
  readonly exports: Readonly<Record<string, string>>;
  readonly dependencies?: Readonly<Record<string, string>>;
}

/**
 * Dependencies that only some entries of a package need: whoever loads those brings them. The SDK
 * imports the protocol without its schemas, and its users install no schema library; a backend that
 * reads NetEase's records installs no SDK.
 */
const OPTIONAL: Readonly<Record<string, readonly string[]>> = {
  '@ringline/protocol': ['zod'],
  '@ringline/compat': ['@ringline/client'],
};

/** What is published beside the built code: folders of the package, as they are. */
export const ASSETS: Readonly<Record<string, readonly string[]>> = {
  '@ringline/server': ['prompts'],
};

/** Modules that do something when they are loaded, which bundlers must not leave out. */
const EFFECTS: Readonly<Record<string, readonly string[]>> = {
  '@ringline/elements': ['./dist/index.js', './dist/standalone.js'],
  '@ringline/compat': ['./dist/rtm/agora-standalone.js', './dist/rtm/anyrtc-standalone.js'],
};

/** Node 22 has the WebSocket that the SDK uses; the server's SQLite came later. */
const OLDEST_NODE = '>=22';
const OLDEST_NODE_OF: Readonly<Record<string, string>> = {
  '@ringline/server': '>=24.19',
  // Backends change their Node more slowly than this project does; both kits and what they import run on it.
  '@ringline/protocol': '>=20.19',
  '@ringline/server-kit': '>=20.19',
  '@ringline/compat': '>=20.19',
};

/** The package.json to publish: built files instead of sources, and nothing that only development needs. */
export function publishedManifest(source: Manifest): object {
  const { name, version, description, license, bin, exports, dependencies = {} } = source;
  const optional = OPTIONAL[name] ?? [];
  const entries = Object.entries(dependencies);
  const needed = entries.filter(([each]) => !optional.includes(each));
  const peers = entries.filter(([each]) => optional.includes(each));
  return {
    name,
    version,
    description,
    license,
    type: 'module',
    // Bundlers may leave out what is not used; a program is run for its effects.
    sideEffects: EFFECTS[name] ?? bin !== undefined,
    engines: { node: OLDEST_NODE_OF[name] ?? OLDEST_NODE },
    files: ['dist', ...(ASSETS[name] ?? [])],
    ...(bin && { bin: mapValues(bin, built) }),
    exports: mapValues(exports, (file) => ({ types: builtTypes(file), default: built(file) })),
    dependencies: Object.fromEntries(needed),
    ...(peers.length > 0 && {
      peerDependencies: Object.fromEntries(peers),
      peerDependenciesMeta: Object.fromEntries(peers.map(([each]) => [each, { optional: true }])),
    }),
  };
}

/** Where the built JavaScript of a source file is, relative to the package. */
export function built(source: string): string {
  return source.replace(/^\.\/src\//, './dist/').replace(/\.ts$/, '.js');
}

/** Where the declarations of a source file are, relative to the package. */
export function builtTypes(source: string): string {
  return built(source).replace(/\.js$/, '.d.ts');
}

function mapValues<From, To>(
  record: Readonly<Record<string, From>>,
  map: (value: From) => To,
): Record<string, To> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, map(value)]));
}
