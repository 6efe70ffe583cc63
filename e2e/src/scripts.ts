import { fileURLToPath } from 'node:url';
import { build } from 'vite';
import type { Rolldown } from 'vite';

function fileOf(name: string): string {
  return fileURLToPath(new URL(`../pages/${name}.ts`, import.meta.url));
}

/** A source as one piece that a page can run. */
export async function bundle(file: string): Promise<string> {
  const result = await build({
    configFile: false,
    logLevel: 'warn',
    build: {
      write: false,
      minify: false,
      lib: { entry: file, formats: ['iife'], name: 'page' },
    },
  });
  const [output] = [result].flat() as Rolldown.RolldownOutput[];
  if (output === undefined) throw new Error(`Nothing was built of ${file}.`);
  return output.output[0].code;
}

/** The script of `e2e/pages/<name>.ts` as one piece that a page can run. */
export const scriptOf = memoized((name) => bundle(fileOf(name)));

function memoized<T>(make: (name: string) => Promise<T>): (name: string) => Promise<T> {
  const made = new Map<string, Promise<T>>();
  return (name) => {
    const known = made.get(name) ?? make(name);
    made.set(name, known);
    return known;
  };
}
