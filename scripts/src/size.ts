import { gzipSync } from 'node:zlib';
import { buildForBrowsers } from './browser-build.ts';

/** What the SDK may weigh in a page, minified and gzipped, in bytes: `docs/why/what-the-sdk-may-weigh.md`. */
export const SIZE_LIMIT_BYTES = 25_150;

/** The weight of a browser build, in bytes. */
export interface Size {
  readonly minified: number;
  readonly gzipped: number;
}

/** Builds a package for browsers, or one of its entries, with all that it imports, and weighs it. */
export async function weigh(
  name: 'client' | 'elements' | 'compat',
  source = 'src/index.ts',
): Promise<Size> {
  const chunks = await buildForBrowsers(name, source);
  const code = chunks.map((chunk) => chunk.code).join('');
  return { minified: Buffer.byteLength(code), gzipped: gzipSync(code, { level: 9 }).length };
}

/** A weight as people read it. */
export function kilobytes(bytes: number): string {
  return `${(bytes / 1000).toFixed(2)} KB`;
}
