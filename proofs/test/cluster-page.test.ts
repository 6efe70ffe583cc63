import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { BLOWS } from '../src/cluster/blows.ts';

test('the page of the proof names every blow, and no other', () => {
  const page = readFileSync(new URL('../../docs/proof-of-clusters.md', import.meta.url), 'utf8');
  const [, section = ''] = page.split('## What befalls it');
  const named = [...section.matchAll(/^\| `([^`]+)` /gm)].map(([, name]) => name);
  expect(named).toEqual(BLOWS);
});
