import { expect, test } from 'vitest';
import { checkPurity } from '../src/purity/check.ts';
import { checkPlanted } from './planted.ts';

test('protocol and call are pure', () => {
  expect(checkPurity()).toEqual([]);
});

test.each([
  ['const at = Date.now();', 'Date'],
  ['const at = new Date();', 'Date'],
  ['const r = Math.random();', 'Math.random'],
  [`const r = Math['random']();`, 'Math.random'],
  ['const { random } = Math;', 'Math.random'],
  ['setTimeout(() => 1, 5);', 'setTimeout'],
  ['const f = { fetch };', 'fetch'],
  ['const g = globalThis;', 'globalThis'],
  ['const id = crypto.randomUUID();', 'crypto'],
  ['const e = process.env;', 'process'],
  [`import { readFileSync } from 'node:fs';`, 'node:fs'],
  [`import { readFileSync } from 'fs';`, 'fs'],
  [`const m = import('./a.ts');`, 'import()'],
  ['const u = import.meta.url;', 'import.meta'],
  [`const c = 'a'.localeCompare('b');`, '.localeCompare'],
])('%s is found', (text, what) => {
  const found = checkPlanted(checkPurity, { 'packages/call/src/a.ts': `const x = 1;\n${text}` });
  expect(found).toEqual([`packages/call/src/a.ts:2: ${what} is not pure; pass it in`]);
});

test('names that only label something, arithmetic, tests and other packages are left alone', () => {
  const tree = {
    'packages/call/src/a.ts': 'interface A { process: string; fetch(): void }\nMath.max(1, 2);',
    'packages/call/src/b.ts': 'export const b = { location: 1 };\nb.location;',
    'packages/call/test/a.test.ts': 'Date.now();',
    'packages/client/src/a.ts': 'Date.now();',
  };
  expect(checkPlanted(checkPurity, tree)).toEqual([]);
});
