import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { ROOT } from './src/paths.ts';
import { KIT, standaloneCode } from './src/standalone.ts';

const [file] = process.argv.slice(2);
if (file === undefined) throw new Error('Say where to: node scripts/standalone.ts <file>');
mkdirSync(dirname(join(ROOT, file)), { recursive: true });
writeFileSync(join(ROOT, file), await standaloneCode(KIT));
