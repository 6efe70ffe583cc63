import { join } from 'node:path';
import { build } from 'vite';
import type { Rolldown } from 'vite';
import { ROOT } from './paths.ts';

/** The chunks of a source of a package as an app's page gets them, with all that it imports: a library build of Vite would keep the white space. */
export async function buildForBrowsers(
  folder: string,
  source: string,
  output: Rolldown.OutputOptions = {},
): Promise<readonly Rolldown.OutputChunk[]> {
  const root = join(ROOT, 'packages', folder);
  const built = await build({
    configFile: false,
    logLevel: 'warn',
    root,
    build: {
      write: false,
      minify: true,
      target: 'es2024',
      modulePreload: false,
      rolldownOptions: { input: join(root, source), preserveEntrySignatures: 'strict', output },
    },
  });
  const all = [built].flat().flatMap((one) => ('output' in one ? one.output : []));
  return all.filter((one) => one.type === 'chunk');
}
