import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { documentAt, tablesOf } from '../src/docs/documents.ts';
import { ROOT, workspaces } from '../src/paths.ts';

interface Manifest {
  readonly license?: string;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

const FOLDERS = ['.', ...workspaces()];
const ROWS = tablesOf(documentAt('DEPENDENCIES.md').text).get('Package') ?? [];

function manifestAt(file: string): Manifest {
  return JSON.parse(readFileSync(join(ROOT, file), 'utf8')) as Manifest;
}

/** The names in a folder's manifest that are not our own packages. */
function declaredIn(folder: string): string[] {
  const manifest = manifestAt(join(folder, 'package.json'));
  const { dependencies, devDependencies, optionalDependencies } = manifest;
  const names = Object.keys({ ...dependencies, ...devDependencies, ...optionalDependencies });
  return names.filter((name) => !name.startsWith('@ringline/'));
}

const namesIn = (cell = '') => [...cell.matchAll(/`([^`]+)`/g)].map(([, name = '']) => name);

test('DEPENDENCIES.md lists every direct dependency with who uses it, and no other', () => {
  const declared = FOLDERS.flatMap((folder) =>
    declaredIn(folder).map((name) => `${name} in ${folder}`),
  );
  const listed = ROWS.flatMap(([name, users]) =>
    namesIn(users).map((user) => `${namesIn(name).join('')} in ${user}`),
  );
  expect(listed.toSorted()).toEqual(declared.toSorted());
});

test('DEPENDENCIES.md says the licence that each installed package has', () => {
  const wrong = ROWS.flatMap(([name, , , , licence]) => {
    const manifest = join('node_modules', namesIn(name).join(''), 'package.json');
    // Node itself comes for this platform only.
    if (!existsSync(join(ROOT, manifest))) return [];
    const { license } = manifestAt(manifest);
    return license === licence ? [] : [`${dirname(manifest)} is under ${license}`];
  });
  expect(wrong).toEqual([]);
  expect(ROWS.length).toBeGreaterThan(15);
});
