import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { workspaces } from '../paths.ts';

interface PackageJson {
  readonly name: string;
  readonly exports?: Readonly<Record<string, string>>;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
}

/** What a package.json says that matters for imports. */
export interface Manifest {
  readonly folder: string;
  readonly name: string;
  readonly entries: readonly string[];
  readonly runtime: ReadonlySet<string>;
  readonly development: ReadonlySet<string>;
}

function readManifest(root: string, folder: string): Manifest {
  const json = JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8')) as PackageJson;
  const { name, exports = {}, dependencies, peerDependencies, devDependencies } = json;
  return {
    folder,
    name,
    entries: Object.keys(exports),
    runtime: new Set(Object.keys({ ...dependencies, ...peerDependencies })),
    development: new Set(Object.keys({ ...devDependencies })),
  };
}

/** The package.json of the root (folder `.`) and of each workspace. */
export function readManifests(root: string): Manifest[] {
  const folders = existsSync(join(root, 'package.json')) ? ['.'] : [];
  return [...folders, ...workspaces(root)].map((folder) => readManifest(root, folder));
}
