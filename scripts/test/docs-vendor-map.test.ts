import { readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import { expect, test } from 'vitest';
import { ROOT } from '../src/paths.ts';

const MAP = readFileSync(join(ROOT, 'docs/vendor-map.md'), 'utf8');
/** Every row of every vendor's tables: what is there, whether it works, and the tests that show it. */
const ROWS = MAP.split('\n')
  .filter((line) => line.startsWith('| ') && !/^\| (?:There|-+) /.test(line))
  .map((line) => {
    const [, there = '', , state = '', shown = ''] = line.split('|').map((cell) => cell.trim());
    return { there, state, shown };
  });

/** The tests that a cell names: a file, and words of a title in it. */
function testsIn(shown: string): { readonly file: string; readonly title: string }[] {
  const named: { file: string; title: string }[] = [];
  let file = '';
  for (const [, link, title] of shown.matchAll(/\]\(([^)]+)\)|“([^”]+)”/g)) {
    if (link !== undefined) file = posix.join('docs', link);
    else if (title !== undefined) named.push({ file, title });
  }
  return named;
}

test('every row that works names a test', () => {
  expect(ROWS.length).toBeGreaterThan(95);
  const bare = ROWS.filter(({ state, shown }) => state === 'works' && testsIn(shown).length === 0);
  expect(bare).toEqual([]);
});

test('every test that is named is there', () => {
  const missing = ROWS.flatMap(({ shown }) => testsIn(shown)).filter(
    ({ file, title }) => !readFileSync(join(ROOT, file), 'utf8').includes(title),
  );
  expect(missing).toEqual([]);
});
