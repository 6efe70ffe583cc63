import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { GENERATED_PAGES } from './src/docs/pages.ts';
import { ROOT } from './src/paths.ts';

for (const { file, text } of GENERATED_PAGES) {
  const path = join(ROOT, file);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text());
  console.log(`docs: ${file}`);
}
