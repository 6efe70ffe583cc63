import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { ROOT, tool } from '../src/paths.ts';
import { run } from '../src/run.ts';

const APPS = 'packages/compat/test/rtm/vendor';

/** What the compiler says of an app, written for a vendor's declarations, against one of our doors. */
async function typesAgainst(door: string, app: string, vendor: string) {
  const folder = mkdtempSync(join(tmpdir(), 'ringline-rtm-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const written = readFileSync(join(ROOT, APPS, app), 'utf8');
  expect(written.split(`'${vendor}'`).length).toBe(3);
  writeFileSync(join(folder, 'app.mts'), written.replaceAll(`'${vendor}'`, `'${door}'`));
  const compilerOptions = {
    lib: ['es2024', 'dom'],
    typeRoots: [join(ROOT, 'node_modules/@types')],
    paths: {
      [door]: [join(ROOT, `packages/compat/src/${door.replace('@ringline/compat/', '')}.ts`)],
    },
  };
  const config = { extends: join(ROOT, 'tsconfig.base.json'), compilerOptions, include: ['*.mts'] };
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(config));
  return run(tool('tsc'), ['-p', folder]);
}

// That the apps fit their vendors' declarations, `npm run check` sees.
test('an app typed against agora-rtm-sdk compiles against our door, only its import is changed', async () => {
  const result = typesAgainst('@ringline/compat/rtm/agora', 'agora-app.ts', './agora-rtm-sdk.js');
  expect(await result).toEqual({ code: 0, output: '' });
});

test('an app typed against ar-rtm-sdk compiles against our door, only its import is changed', async () => {
  const result = typesAgainst('@ringline/compat/rtm/anyrtc', 'anyrtc-app.ts', 'ar-rtm-sdk');
  expect(await result).toEqual({ code: 0, output: '' });
});
