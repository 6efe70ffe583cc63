import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { blocksOf, documentAt } from '../src/docs/documents.ts';
import { ROOT, files, tool } from '../src/paths.ts';
import { run } from '../src/run.ts';

const SECRET = 'a secret of at least thirty-two bytes for the samples';

function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'ringline-docs-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** The address of a real server in development mode, on a data folder of its own. */
async function server(): Promise<string> {
  const cli = join(ROOT, 'packages/server/src/cli.ts');
  const env = {
    PATH: process.env.PATH,
    DATA_DIR: temporaryFolder(),
    LOG_LEVEL: 'warn',
    TOKEN_SECRET: SECRET,
  };
  const child = spawn(process.execPath, [cli, 'serve', '--port', '0'], {
    env,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  onTestFinished(async () => {
    child.kill('SIGTERM');
    await once(child, 'close');
  });
  let said = '';
  for await (const chunk of child.stdout.setEncoding('utf8')) {
    said += String(chunk);
    const [url] = /http:\/\/[\d.]+:\d+/.exec(said) ?? [];
    if (url !== undefined) return url;
  }
  throw new Error(`the server did not start: ${said}`);
}

/** The blocks of a page whose info begins so. */
function samplesOf(file: string, info: string) {
  return blocksOf(documentAt(file).text).filter((block) => block.info.startsWith(info));
}

test('every TypeScript sample of README and docs is right, as strictly as our own code', async () => {
  const folder = temporaryFolder();
  let samples = 0;
  for (const page of files(['README*.md', 'docs/**/*.md'])) {
    for (const { code, line } of samplesOf(page, 'ts')) {
      samples++;
      writeFileSync(join(folder, `${page.replaceAll('/', ' ')} line ${line}.mts`), code);
    }
  }
  const compilerOptions = {
    lib: ['es2024', 'dom', 'dom.iterable'],
    types: ['node'],
    typeRoots: [join(ROOT, 'node_modules/@types')],
    paths: Object.fromEntries([
      ...['client', 'elements', 'server-kit'].map((name) => [
        `@ringline/${name}`,
        [join(ROOT, 'packages', name, 'src/index.ts')],
      ]),
      ...['agora', 'anyrtc'].map((door) => [
        `@ringline/compat/rtm/${door}`,
        [join(ROOT, `packages/compat/src/rtm/${door}.ts`)],
      ]),
    ]),
    noUnusedLocals: false,
  };
  const config = { extends: join(ROOT, 'tsconfig.base.json'), compilerOptions, include: ['*.mts'] };
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(config));
  expect(await run(tool('tsc'), ['-p', folder])).toEqual({ code: 0, output: '' });
  expect(samples).toBeGreaterThan(5);
});

test.each(['docs/sdk.md', 'docs/migrate/rtm.md'])(
  'the program of %s does what the page says',
  async (page) => {
    const [program] = samplesOf(page, 'ts run');
    const [output] = samplesOf(page, 'text');
    const code = program?.code.replace('http://127.0.0.1:8080', await server()) ?? '';
    const flags = ['--input-type=module-typescript', '--eval', code];
    expect(await run(process.execPath, flags)).toEqual({ code: 0, output: output?.code });
  },
);

test('the token of the READMEs is one that the server takes', async () => {
  const url = await server();
  for (const page of ['README.md', 'README.zh-CN.md']) {
    const [sample] = samplesOf(page, 'js');
    const source = `data:text/javascript,${encodeURIComponent(sample?.code ?? '')}`;
    const { callingToken } = (await import(/* @vite-ignore */ source)) as {
      callingToken: (secret: string, user: string, name: string) => string;
    };
    const authorization = `Bearer ${callingToken(SECRET, 'zoë', 'Zoë 📞')}`;
    const answer = await fetch(`${url}/v1/records`, { headers: { authorization } });
    expect([answer.status, await answer.json()]).toEqual([200, { items: [], next: null }]);
  }
});
