import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT, files } from '../paths.ts';
import { parseSource } from '../syntax.ts';
import type { Violation } from '../violation.ts';
import { type Manifest, readManifests } from './manifest.ts';
import { type Import, readImports } from './read.ts';
import { type Importer, RULES, targetOf } from './rules.ts';
import { BROWSER_ENTRIES } from './table.ts';

const SOURCES = [
  '*.ts',
  'scripts/**/*.ts',
  '{packages,apps}/*/**/*.ts',
  'examples/*/*.ts',
  'examples/{react,vue,receiver}/{src,test}/**/*.{ts,tsx}',
  'examples/html/site/main.js',
  'examples/rtm/site/{page,index,call-manager}.js',
  '{simulation,bench,e2e}/**/*.ts',
];

/** What each file imports, by file. */
type Imports = ReadonlyMap<string, readonly Import[]>;

function importerOf(file: string, manifests: readonly Manifest[]): Importer {
  const home = manifests.find((m) => file.startsWith(`${m.folder}/`));
  const manifest = home ?? manifests.find((m) => m.folder === '.');
  if (!manifest) throw new Error(`${file} belongs to no package.json`);
  const inside = file.slice(home ? home.folder.length + 1 : 0);
  if (inside.startsWith('test/')) return { file, manifest, role: 'test' };
  return { file, manifest, role: inside.startsWith('src/') ? 'source' : 'tool' };
}

function readAll(root: string): Imports {
  return new Map(files(SOURCES, root).map((file) => [file, readImports(parseSource(root, file))]));
}

/** Follows what browsers load from their entries; whatever is not relative comes from outside. */
function checkBrowserEntries(imports: Imports, entries: readonly string[]): Violation[] {
  const violations: Violation[] = [];
  const seen = new Set<string>();
  const open = [...entries];
  for (let file = open.pop(); file !== undefined; file = open.pop()) {
    if (seen.has(file)) continue;
    seen.add(file);
    for (const { specifier, line, erased } of imports.get(file) ?? []) {
      if (erased) continue;
      if (specifier.startsWith('.')) open.push(targetOf(file, specifier));
      else violations.push({ file, line, message: `the browser entry reaches ${specifier}` });
    }
  }
  return violations;
}

/** Holds the whole project against the import table; an empty list means that it holds. */
export function checkImports(root = ROOT): Violation[] {
  const manifests = readManifests(root);
  const imports = readAll(root);
  const violations: Violation[] = [];
  for (const [file, list] of imports) {
    const importer = importerOf(file, manifests);
    for (const to of list) {
      const messages = RULES.map((rule) => rule({ ...importer, to, manifests }));
      for (const message of messages) {
        if (message !== undefined) violations.push({ file, line: to.line, message });
      }
    }
  }
  const entries = BROWSER_ENTRIES.filter((entry) => existsSync(join(root, entry)));
  violations.push(...checkBrowserEntries(imports, entries));
  return violations;
}
