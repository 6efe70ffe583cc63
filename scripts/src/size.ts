import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { build } from 'vite';
import { ROOT } from './paths.ts';

/** What the SDK may weigh in a page, minified and gzipped, in bytes. */
export const SIZE_LIMIT_BYTES = 20_000;

/** The weight of a browser build, in bytes. */
export interface Size {
  readonly minified: number;
  readonly gzipped: number;
}

/** Builds a package for browsers, with all that it imports, and weighs it. */
export async function weigh(name: 'client' | 'elements'): Promise<Size> {
  const root = join(ROOT, 'packages', name);
  const built = await build({
    configFile: false,
    logLevel: 'silent',
    root,
    build: {
      write: false,
      minify: true,
      target: 'es2024',
      modulePreload: false,
      // As an app's page: a library build of Vite would keep the white space.
      rolldownOptions: {
        input: join(root, 'src/index.ts'),
        preserveEntrySignatures: 'strict',
      },
    },
  });
  const chunks = [built].flat().flatMap((one) => ('output' in one ? one.output : []));
  const code = chunks.map((chunk) => (chunk.type === 'chunk' ? chunk.code : '')).join('');
  return { minified: Buffer.byteLength(code), gzipped: gzipSync(code, { level: 9 }).length };
}

/** A weight as people read it. */
export function kilobytes(bytes: number): string {
  return `${(bytes / 1000).toFixed(2)} KB`;
}
