import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from './src/paths.ts';
import { standaloneModule } from './src/standalone.ts';

const [file] = process.argv.slice(2);
if (file === undefined) throw new Error('Say where to: node scripts/standalone.ts <file>');
writeFileSync(join(ROOT, file), await standaloneModule());
