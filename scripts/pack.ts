import { join, relative } from 'node:path';
import { PACKAGES, pack } from './src/pack/pack.ts';
import { ROOT } from './src/paths.ts';

for (const archive of await pack(PACKAGES, join(ROOT, 'dist/packages'))) {
  console.log(`pack: ${relative(ROOT, archive)}`);
}
