import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { GENERATED_PAGES } from '../src/docs/pages.ts';
import { ROOT } from '../src/paths.ts';

test.each(GENERATED_PAGES)('$file is what `npm run docs` makes', ({ file, text }) => {
  const committed = readFileSync(join(ROOT, file), 'utf8').replaceAll('\r\n', '\n');
  expect(committed).toBe(text());
});
