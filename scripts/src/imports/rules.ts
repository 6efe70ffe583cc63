import { isBuiltin } from 'node:module';
import { posix } from 'node:path';
import type { Manifest } from './manifest.ts';
import type { Import } from './read.ts';
import {
  ADAPTERS,
  COMPOSITION_ROOTS,
  CONFINED,
  MAY_IMPORT,
  MAY_USE_NODE,
  MAY_USE_SCHEMA,
  TESTS_MAY_IMPORT,
  MAY_IMPORT_WHOLE,
  WHOLE_SYSTEM,
} from './table.ts';

/** A file that imports: where it is, whose it is, and whether it is shipped or only a test or tool. */
export interface Importer {
  readonly file: string;
  readonly manifest: Manifest;
  readonly role: 'source' | 'test' | 'tool';
}

/** All that a rule may look at. */
export interface Place extends Importer {
  readonly to: Import;
  readonly manifests: readonly Manifest[];
}

/** Says what is wrong with an import, or nothing. */
type Rule = (place: Place) => string | undefined;

function within(file: string, places: readonly string[]): boolean {
  return places.some(
    (place) => file === place || file.startsWith(`${place}/`) || file === `${place}.ts`,
  );
}

/** The package a bare specifier names: `@a/b/c` is of `@a/b`. */
function packageOf(specifier: string): string {
  const depth = specifier.startsWith('@') ? 2 : 1;
  return specifier.split('/').slice(0, depth).join('/');
}

function isRelative(specifier: string): boolean {
  return specifier.startsWith('.') || specifier.startsWith('/');
}

function workspaceOf({ to, manifests }: Place): Manifest | undefined {
  const name = packageOf(to.specifier);
  return isRelative(to.specifier) ? undefined : manifests.find((m) => m.name === name);
}

/** The file that a relative import names, from the root. */
export function targetOf(file: string, specifier: string): string {
  return posix.normalize(posix.join(posix.dirname(file), specifier.replace(/\?.*$/, '')));
}

const staysInside: Rule = ({ file, manifest, to }) => {
  if (!isRelative(to.specifier)) return undefined;
  const home = manifest.folder === '.' ? 'scripts' : manifest.folder;
  if (manifest.folder === '.' && !file.startsWith('scripts/')) return undefined;
  return within(targetOf(file, to.specifier), [home])
    ? undefined
    : `${to.specifier} leaves ${home}; import the package by its name`;
};

function allowedFor({ manifest, role }: Importer): readonly string[] {
  const sources = MAY_IMPORT[manifest.folder] ?? [];
  return role === 'source' ? sources : [...sources, ...TESTS_MAY_IMPORT];
}

const followsTable: Rule = (place) => {
  const target = workspaceOf(place);
  if (!target || target === place.manifest) return undefined;
  if (MAY_IMPORT_WHOLE[place.manifest.folder]?.includes(target.folder) === true) return undefined;
  if (within(target.folder, WHOLE_SYSTEM)) return `nobody imports ${target.name}`;
  if (place.manifest.folder === '.' || within(place.manifest.folder, WHOLE_SYSTEM))
    return undefined;
  if (allowedFor(place).includes(target.folder)) return undefined;
  return `${place.manifest.name} may not import ${target.name} (scripts/src/imports/table.ts)`;
};

const usesEntry: Rule = (place) => {
  const target = workspaceOf(place);
  if (!target) return undefined;
  const entry = `.${place.to.specifier.slice(target.name.length)}`;
  return target.entries.includes(entry) ? undefined : `${target.name} has no entry ${entry}`;
};

const isDeclared: Rule = (place) => {
  const { manifest, role, to, manifests } = place;
  const name = packageOf(to.specifier);
  if (isRelative(to.specifier) || isBuiltin(to.specifier) || name === manifest.name)
    return undefined;
  if (manifest.runtime.has(name)) return undefined;
  if (manifest.folder === '.' && workspaceOf(place)) return undefined;
  const root = manifests.find((m) => m.folder === '.');
  const forTools = manifest.development.has(name) || root?.development.has(name) === true;
  const isTool =
    role !== 'source' || manifest.folder === '.' || within(manifest.folder, WHOLE_SYSTEM);
  if (forTools && (isTool || to.erased)) return undefined;
  return `${name} is not declared in ${posix.join(manifest.folder, 'package.json')}`;
};

const confinesLibraries: Rule = ({ file, role, to }) => {
  const places = CONFINED[packageOf(to.specifier)];
  if (!places || role !== 'source' || within(file, places)) return undefined;
  return `${packageOf(to.specifier)} is used only in ${places.join(', ')}`;
};

const confinesAdapters: Rule = ({ file, role, to }) => {
  if (role !== 'source' || !isRelative(to.specifier)) return undefined;
  const target = targetOf(file, to.specifier);
  const adapter = ADAPTERS.find((folder) => within(target, [folder]));
  if (!adapter || within(file, [adapter, ...COMPOSITION_ROOTS])) return undefined;
  return `only ${COMPOSITION_ROOTS.join(' and ')} may name the adapter ${adapter}`;
};

const confinesNode: Rule = ({ file, manifest, role, to }) => {
  if (role !== 'source' || !isBuiltin(to.specifier)) return undefined;
  if (manifest.folder === '.' || within(file, MAY_USE_NODE)) return undefined;
  return `${manifest.name} may not use Node's ${to.specifier}`;
};

const confinesSchema: Rule = ({ manifest, role, to }) => {
  if (role !== 'source' || to.specifier !== '@ringline/protocol/schema') return undefined;
  if (manifest.folder === '.' || within(manifest.folder, MAY_USE_SCHEMA)) return undefined;
  return `${manifest.name} may not load the schema library`;
};

/** Every rule that looks at one import at a time. */
export const RULES: readonly Rule[] = [
  staysInside,
  followsTable,
  usesEntry,
  isDeclared,
  confinesLibraries,
  confinesAdapters,
  confinesNode,
  confinesSchema,
];
