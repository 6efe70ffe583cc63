import { readdirSync, statSync, writeFileSync } from 'node:fs';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { MadeSecrets } from './made-secrets.ts';

const MADE = ['api-keys', 'nats-token', 'postgres-password', 'token-secret', 'turn-secret'];
const MADE_OF_THESE = ['database-url', 'nats-token.conf', 'nats-url', 'turnserver.conf'];

let secrets: MadeSecrets;

beforeEach(() => {
  secrets = new MadeSecrets();
});

afterEach(() => secrets.remove());

test('secrets are made once, of 32 random bytes each, and stay what they are', () => {
  secrets.make();
  const first = MADE.map((name) => secrets.read(name));
  for (const value of first) expect(value).toMatch(/^[0-9a-f]{64}$/);
  expect(new Set(first).size).toBe(MADE.length);
  secrets.make();
  expect(MADE.map((name) => secrets.read(name))).toEqual(first);
  expect(readdirSync(secrets.folder).toSorted((a, b) => a.localeCompare(b))).toEqual(
    [...MADE, ...MADE_OF_THESE].toSorted((a, b) => a.localeCompare(b)),
  );
});

test('nobody else enters the folder, and a container reads what it is given of it', () => {
  secrets.make();
  expect(statSync(secrets.folder).mode & 0o777).toBe(0o700);
  const modes = readdirSync(secrets.folder).map(
    (name) => statSync(secrets.path(name)).mode & 0o777,
  );
  expect(new Set(modes)).toEqual(new Set([0o644]));
});

test('what is made of a secret follows it, in the same file, for containers have that mounted', () => {
  secrets.make();
  const before = MADE_OF_THESE.map((name) => statSync(secrets.path(name)).ino);
  writeFileSync(secrets.path('postgres-password'), 'another-password\n');
  writeFileSync(secrets.path('nats-token'), 'another-token\n');
  writeFileSync(secrets.path('turn-secret'), 'another-secret\n');
  secrets.make();
  const another = (name: string) => /another-\w+/.exec(secrets.read(name))?.[0];
  expect(MADE_OF_THESE.map(another)).toEqual([
    'another-password',
    'another-token',
    'another-token',
    'another-secret',
  ]);
  expect(MADE_OF_THESE.map((name) => statSync(secrets.path(name)).ino)).toEqual(before);
});

test('while the secret of the relay is changed, coturn takes both', () => {
  secrets.make();
  writeFileSync(secrets.path('turn-secret-before'), secrets.read('turn-secret'));
  writeFileSync(secrets.path('turn-secret'), 'another-secret');
  secrets.make();
  const lines = secrets.read('turnserver.conf').match(/^static-auth-secret=.*$/gm);
  expect(lines).toEqual([
    'static-auth-secret=another-secret',
    `static-auth-secret=${secrets.read('turn-secret-before')}`,
  ]);
});

test.each(['pass/word', 'pass word', 'pass"word', 'pass\nword', '\n'])(
  'a password that would need quoting in an address is refused: %j',
  (password) => {
    secrets.make();
    writeFileSync(secrets.path('postgres-password'), password);
    expect(() => secrets.make()).toThrow(
      /postgres-password: must be letters, digits, _ and - in one line; make one with: openssl/,
    );
  },
);
