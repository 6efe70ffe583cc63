import { expect, test } from 'vitest';
import { checkImports } from '../src/imports/check.ts';
import { checkPlanted } from './planted.ts';

/** A package.json of the name, with its dependencies. */
function manifest(name: string, dependencies: readonly string[] = []): string {
  const exports = { '.': './src/index.ts', './schema': './src/schema.ts' };
  return JSON.stringify({
    name,
    exports,
    dependencies: Object.fromEntries(dependencies.map((d) => [d, '1.0.0'])),
  });
}

const MANIFESTS = {
  'package.json': JSON.stringify({ name: 'root', devDependencies: { vitest: '1.0.0' } }),
  'packages/protocol/package.json': manifest('@ringline/protocol', ['zod']),
  'packages/call/package.json': manifest('@ringline/call', [
    '@ringline/protocol',
    '@ringline/server',
  ]),
  'packages/client/package.json': manifest('@ringline/client', ['@ringline/protocol', 'ws']),
  'packages/server/package.json': manifest('@ringline/server', [
    '@ringline/call',
    '@ringline/simulation',
    'fastify',
    'ws',
  ]),
  'simulation/package.json': manifest('@ringline/simulation', [
    '@ringline/server',
    '@ringline/client',
  ]),
};

function planted(file: string, text: string): string[] {
  return checkPlanted(checkImports, { ...MANIFESTS, [file]: text });
}

test('the project keeps its import table', () => {
  expect(checkImports()).toEqual([]);
});

test.each([
  ['packages/call/src/a.ts', `import '@ringline/server';`, 'may not import @ringline/server'],
  ['packages/client/src/a.ts', `export * from '@ringline/server';`, 'may not import'],
  ['packages/client/src/a.ts', `type A = import('@ringline/server').A;`, 'may not import'],
  ['packages/client/src/a.ts', `await import('@ringline/server');`, 'may not import'],
  ['packages/server/src/a.ts', `import '@ringline/simulation';`, 'nobody imports'],
  ['packages/server/test/a.ts', `import '@ringline/simulation';`, 'nobody imports'],
  ['packages/call/src/a.ts', `import '../../protocol/src/index.ts';`, 'leaves packages/call'],
  ['packages/call/src/a.ts', `import '@ringline/protocol/ids';`, 'has no entry ./ids'],
  ['packages/server/src/a.ts', `import 'left-pad';`, 'left-pad is not declared'],
  ['packages/server/src/a.ts', `import 'vitest';`, 'vitest is not declared'],
  ['packages/server/src/calls/a.ts', `import 'ws';`, 'ws is used only in'],
  ['packages/client/src/a.ts', `import type { A } from 'ws';`, 'ws is used only in'],
  ['packages/server/src/gateway/a.ts', `import 'fastify';`, 'fastify is used only in'],
  ['packages/server/src/calls/a.ts', `import '../store/sqlite/a.ts';`, 'may name the adapter'],
  ['packages/server/src/store/memory/a.ts', `import '../sqlite/a.ts';`, 'may name the adapter'],
  ['packages/server/src/calls/a.ts', `import 'node:sqlite';`, 'node:sqlite is used only in'],
  ['packages/client/src/a.ts', `import 'node:fs';`, "may not use Node's node:fs"],
  ['packages/client/src/a.ts', `import '@ringline/protocol/schema';`, 'schema library'],
  ['packages/protocol/src/index.ts', `import 'zod';`, 'the browser entry reaches zod'],
])('%s with %s is found', (file, text, message) => {
  const found = planted(file, `const before = 1;\n${text}`);
  expect(found.join('\n')).toContain(message);
  expect(found[0]).toMatch(new RegExp(`^${file}:2: `));
});

test('zod reached through other files of the browser entry is found, its types alone are not', () => {
  const tree = {
    ...MANIFESTS,
    'packages/protocol/src/index.ts': `export * from './a.ts';\nimport type {} from './b.ts';`,
    'packages/protocol/src/a.ts': `export * from './schema/c.ts';`,
    'packages/protocol/src/b.ts': `import 'node:fs';`,
    'packages/protocol/src/schema/c.ts': `import { z } from 'zod';`,
  };
  expect(checkPlanted(checkImports, tree)).toEqual([
    `packages/protocol/src/b.ts:1: @ringline/protocol may not use Node's node:fs`,
    'packages/protocol/src/schema/c.ts:1: the browser entry reaches zod',
  ]);
});

test.each([
  ['packages/server/src/compose.ts', `import './store/sqlite/a.ts'; import 'fastify';`],
  ['packages/server/src/gateway/a.ts', `import { WebSocketServer } from 'ws';`],
  ['packages/server/test/a.test.ts', `import 'vitest'; import '../src/store/memory/a.ts';`],
  ['packages/client/test/a.test.ts', `import { WebSocketServer } from 'ws'; import 'node:fs';`],
  ['packages/protocol/src/schema.ts', `export * from './schema/a.ts';`],
  ['simulation/src/a.ts', `import '@ringline/server'; import '@ringline/client';`],
])('%s with %s is allowed', (file, text) => {
  expect(planted(file, text)).toEqual([]);
});
