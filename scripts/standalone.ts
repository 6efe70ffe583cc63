import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { ROOT } from './src/paths.ts';
import { DOORS, KIT, standaloneCode } from './src/standalone.ts';

const [file, door] = process.argv.slice(2);
if (file === undefined)
  throw new Error('Say where to: node scripts/standalone.ts <file> [agora|anyrtc]');
const standalone = door === undefined ? KIT : DOORS.find(({ source }) => source.includes(door));
if (standalone === undefined) throw new Error(`There is no door for ${door}.`);
mkdirSync(dirname(join(ROOT, file)), { recursive: true });
writeFileSync(join(ROOT, file), await standaloneCode(standalone));
