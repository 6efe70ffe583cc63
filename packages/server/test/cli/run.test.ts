import { VirtualClock } from '@ringline/testkit';
import { decodeJwt } from 'jose';
import { expect, test } from 'vitest';
import { authenticatorOf } from '../../src/auth/from-config.ts';
import { run } from '../../src/cli/run.ts';
import { DEVELOPMENT_SECRET } from '../../src/config/settings.ts';
import { StoreFault } from '../../src/store/store.ts';
import { VERSION } from '../../src/version.ts';
import { pair } from '../auth/tokens.ts';
import { testWorld } from './fixture.ts';

const clock = new VirtualClock();

test('serve starts a server, says where it is, and stops it when asked', async () => {
  const { world, composed, closes, out } = testWorld();
  expect(await run(['serve', '--port', '1234'], world)).toBe(0);
  expect(composed).toMatchObject([{ port: 1234, mode: 'development' }]);
  expect(out()).toContain('http://127.0.0.1:4711');
  expect(closes()).toBe(1);
});

test('serve says clearly that development mode is one', async () => {
  const { world, out } = testWorld();
  await run(['serve'], world);
  expect(out()).toMatch(/DEVELOPMENT mode/);
  const env = {
    MODE: 'production',
    TOKEN_SECRET: 'x'.repeat(32),
    ALLOWED_ORIGINS: 'https://a.example',
  };
  const production = testWorld({ env });
  await run(['serve'], production.world);
  expect(production.out()).not.toMatch(/DEVELOPMENT/);
});

test('serve does not start with a wrong configuration, and lists all that is wrong', async () => {
  const { world, composed, err } = testWorld({ env: { MODE: 'production', PORT: 'x' } });
  expect(await run(['serve', '--prot=1'], world)).toBe(2);
  expect(composed).toEqual([]);
  expect(err()).toMatch(/--prot.*--port[^]*PORT must[^]*TOKEN_SECRET must[^]*ALLOWED_ORIGINS must/);
});

test.each<[Error, RegExp]>([
  [coded('EADDRINUSE'), /Port 8080 is in use\..*--port 8081/],
  [coded('EACCES'), /may not listen on port 8080/],
  [coded('EADDRNOTAVAIL'), /no address “127\.0\.0\.1”/],
  [new StoreFault('the file is in use by another process', undefined), /in use by another process/],
  [new Error('what nobody expected'), /what nobody expected/],
])('when the server cannot start, it is said what to do: %s', async (error, advice) => {
  const compose = async () => {
    throw error;
  };
  const { world, err } = testWorld({ compose });
  expect(await run(['serve'], world)).toBe(1);
  expect(err()).toMatch(advice);
});

test('migrate opens what is kept, which brings it to the newest shape, and closes it', async () => {
  const { world, out } = testWorld();
  expect(await run(['migrate'], world)).toBe(0);
  expect(out()).toBe('The data has its newest shape.');
  const openStore = async () => {
    throw new StoreFault('the database was written by a newer Ringline', undefined);
  };
  const newer = testWorld({ openStore });
  expect(await run(['migrate'], newer.world)).toBe(1);
  expect(newer.err()).toContain('written by a newer Ringline');
  expect(await run(['migrate', 'all'], testWorld().world)).toBe(2);
});

test('token prints a token and nothing else', async () => {
  const { world, out, err } = testWorld();
  const code = await run(['token', 'alice', '--name', 'Alice', '--ttl=30m'], world);
  expect([code, err()]).toEqual([0, '']);
  const judge = authenticatorOf({ secrets: [DEVELOPMENT_SECRET] }, clock);
  expect(await judge.verify(out())).toMatchObject({
    kind: 'valid',
    identity: { peer: { user: 'alice', name: 'Alice' } },
  });
  const { iat = 0, exp = 0 } = decodeJwt(out());
  expect(exp - iat).toBe(1800);
});

test('token signs with the first configured secret, for the configured audience', async () => {
  const { world, out } = testWorld({ env: { TOKEN_SECRET: 'one,two', TOKEN_AUDIENCE: 'calls' } });
  await run(['token', 'alice'], world);
  const judge = authenticatorOf({ secrets: ['one'], audience: 'calls' }, clock);
  expect(await judge.verify(out())).toMatchObject({ kind: 'valid' });
});

test.each<[string[], RegExp]>([
  [['token'], /Name one user/],
  [['token', 'alice', 'bob'], /Name one user/],
  [['token', ''], /user: must be 1 to 64 bytes/],
  [['token', 'alice', '--ttl', 'soon'], /--ttl must be a time such as/],
  [['token', 'alice', '--ttl', '0'], /--ttl must be/],
  [['token', 'alice', '--ttl', '400d'], /--ttl must be/],
  [['token', 'alice', '--avatar', 'javascript:1'], /avatar: must be an http/],
  [['token', 'alice', '--nmae', 'A'], /did you mean --name\?/],
  [['serve', 'now'], /takes only flags, not “now”/],
  [['sevre'], /no command “sevre”; did you mean “serve”\?/],
  [['constructor'], /no command “constructor”/],
  [[], /ringline serve/],
])('%j is wrong usage, and it is said how', async (args, why) => {
  const { world, out, err } = testWorld();
  expect(await run(args, world)).toBe(2);
  expect([out(), err()]).toEqual(['', expect.stringMatching(why)]);
});

test('with a public key alone, token says who has to sign', async () => {
  const env = {
    MODE: 'production',
    TOKEN_PUBLIC_KEY: pair('ed25519').pem,
    ALLOWED_ORIGINS: 'https://a.example',
  };
  const { world, err } = testWorld({ env });
  expect(await run(['token', 'alice'], world)).toBe(2);
  expect(err()).toMatch(/sign tokens with its private key/);
});

test.each([['help'], ['--help'], ['-h'], ['serve', '--help']])('help: %s', async (...args) => {
  const { world, composed, out } = testWorld();
  expect(await run(args, world)).toBe(0);
  expect(out()).toMatch(/ringline token <user>[^]*--port \(PORT\)/);
  expect(composed).toEqual([]);
});

test.each(['version', '--version', '-v'])('version: %s', async (arg) => {
  const { world, out } = testWorld();
  expect(await run([arg], world)).toBe(0);
  expect(out()).toBe(VERSION);
});

function coded(code: string): Error {
  return Object.assign(new Error(code), { code });
}
