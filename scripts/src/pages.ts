import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'vite';
import { ROOT, files } from './paths.ts';

const SHARED = ['packages/{protocol,client,elements}/src/**/*', 'package-lock.json'];

function newest(paths: readonly string[]): number {
  return Math.max(0, ...paths.map((path) => statSync(join(ROOT, path)).mtimeMs));
}

function isStale(app: string): boolean {
  const built = join(ROOT, app, 'dist/index.html');
  if (!existsSync(built)) return true;
  const sources = files([`${app}/*`, `${app}/{src,public}/**/*`, ...SHARED]);
  return newest(sources) > statSync(built).mtimeMs;
}

/** Builds each page under `apps/` whose sources are newer than what was last built of it. */
export async function buildStalePages(): Promise<void> {
  const apps = files('apps/*/index.html').map((page) => page.replace('/index.html', ''));
  for (const app of apps.filter(isStale)) {
    console.log(`pages: building ${app} …`);
    await build({ root: join(ROOT, app), logLevel: 'warn', build: { emptyOutDir: true } });
  }
}
