import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { ROOT, files, tool } from '../src/paths.ts';
import { run } from '../src/run.ts';

const SOURCES = join(ROOT, 'examples/vue/src');
const SCRIPT = /^<script setup lang="ts">\n(.*?)^<\/script>$/ms;

/** A folder with the script of each component as a file of its own. */
function scriptsOf(components: readonly string[]): string {
  const folder = mkdtempSync(join(tmpdir(), 'ringline-vue-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }');
  for (const component of components) {
    const script = SCRIPT.exec(readFileSync(join(ROOT, component), 'utf8'))?.[1];
    writeFileSync(
      join(folder, `${basename(component)}.ts`),
      script ?? `${component} has no script`,
    );
  }
  return folder;
}

// Vue's own checker needs the programming interface of the compiler, which TypeScript 7 does not have.
test('the scripts of Vue components are right, as strictly as our own code', async () => {
  const components = files('examples/vue/src/*.vue');
  const folder = scriptsOf(components);
  const compilerOptions = {
    types: [],
    rootDirs: [folder, SOURCES],
    paths: {
      vue: [join(ROOT, 'node_modules/vue/dist/vue.d.mts')],
      '@ringline/elements': [join(ROOT, 'packages/elements/src/index.ts')],
    },
    // Templates use what scripts declare.
    noUnusedLocals: false,
  };
  const include = ['*.ts', join(SOURCES, 'vue.d.ts')];
  const config = { extends: join(ROOT, 'examples/vue/tsconfig.json'), compilerOptions, include };
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(config));
  expect(await run(tool('tsc'), ['-p', folder])).toEqual({ code: 0, output: '' });
  expect(components.length).toBeGreaterThan(1);
});
