import { join } from 'node:path';
import { build } from 'vite';
import type { Rolldown } from 'vite';
import { ROOT } from './paths.ts';

const ENTRY = join(ROOT, 'packages/elements/src/standalone.ts');

/** The UI kit and the SDK, with all that they import, as one ES module that a page loads by itself. */
export async function standaloneModule(): Promise<string> {
  const built = await build({
    configFile: false,
    logLevel: 'warn',
    root: join(ROOT, 'packages/elements'),
    build: {
      write: false,
      minify: true,
      target: 'es2024',
      modulePreload: false,
      rolldownOptions: {
        input: ENTRY,
        preserveEntrySignatures: 'strict',
        output: { codeSplitting: false },
      },
    },
  });
  const [output] = [built].flat() as Rolldown.RolldownOutput[];
  if (output === undefined) throw new Error(`Nothing was built of ${ENTRY}.`);
  return output.output[0].code;
}
