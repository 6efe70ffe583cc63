import { expect, test } from 'vitest';
import { loadConfig } from '../../src/config/load.ts';
import { DEVELOPMENT_SECRET } from '../../src/config/settings.ts';
import { pair } from '../auth/tokens.ts';
import { PERMISSIVE } from '../../src/calls/call-policy.ts';

const { pem } = pair('p256');
const LONG = 'x'.repeat(32);
const PRODUCTION = { MODE: 'production', TOKEN_SECRET: LONG, ALLOWED_ORIGINS: 'https://a.example' };

function load(env: Record<string, string>, flags: Record<string, string> = {}) {
  const readFile = (path: string) => {
    if (path === '/keys/public.pem') return pem;
    throw new Error(`ENOENT ${path}`);
  };
  return loadConfig({ env, flags, readFile });
}

function problemsOf(
  env: Record<string, string>,
  flags?: Record<string, string>,
): readonly string[] {
  const loaded = load(env, flags);
  return loaded.ok ? [] : loaded.problems;
}

test('development mode needs no configuration and listens on loopback', () => {
  expect(load({})).toEqual({
    ok: true,
    config: {
      mode: 'development',
      host: '127.0.0.1',
      port: 8080,
      dataDir: './data',
      tokens: { secrets: [DEVELOPMENT_SECRET] },
      allowedOrigins: [],
      ice: { stunUrls: [], relayOnly: false, preconnect: 'off' },
      policy: PERMISSIVE,
      voice: { port: 0, publicIps: [], maxListeners: 500, plays: 3 },
      hasRingback: false,
      apiKeys: [],
      webhooks: { endpoints: [], keepMs: 7 * 86_400_000 },
      allowedAddresses: [
        { address: '127.0.0.0', prefix: 8 },
        { address: '::1', prefix: 128 },
      ],
      maxConnections: 10_000,
      logLevel: 'info',
    },
  });
});

test('[POL1] what users may do in calls is switched off by name', () => {
  const denied = {
    HOLD: 'hold',
    ADD_VIDEO: 'addVideo',
    CALL_WAITING: 'callWaiting',
    ANNOUNCEMENTS: 'announcements',
  };
  for (const [name, what] of Object.entries(denied)) {
    expect(load({ [name]: 'off' })).toMatchObject({
      config: { policy: { ...PERMISSIVE, [what]: false } },
    });
  }
  expect(load({ HOLD: 'no' })).toMatchObject({
    problems: [expect.stringContaining('HOLD must be on or off, is “no”')],
  });
});

test('production runs with a secret and origins, and listens on every address', () => {
  expect(load(PRODUCTION)).toMatchObject({ ok: true, config: { host: '0.0.0.0' } });
});

test('a flag counts more than its variable, and an empty variable as not set', () => {
  expect(load({ PORT: '1', DATA_DIR: '' }, { port: '2' })).toMatchObject({
    config: { port: 2, dataDir: './data' },
  });
});

test('lists are separated by commas, with or without spaces', () => {
  const origins = ' https://a.example, capacitor://localhost ,';
  expect(
    load({ ...PRODUCTION, ALLOWED_ORIGINS: origins, TOKEN_SECRET: `${LONG}, ${LONG}2` }),
  ).toMatchObject({
    config: {
      allowedOrigins: ['https://a.example', 'capacitor://localhost'],
      tokens: { secrets: [LONG, `${LONG}2`] },
    },
  });
});

test('a public key, from a file or in one line, takes the place of the secret', () => {
  const { TOKEN_SECRET: _, ...rest } = PRODUCTION;
  for (const key of [
    { TOKEN_PUBLIC_KEY_FILE: '/keys/public.pem' },
    { TOKEN_PUBLIC_KEY: pem.replaceAll('\n', '\\n') },
  ]) {
    expect(load({ ...rest, ...key })).toMatchObject({
      ok: true,
      config: { tokens: { secrets: [], publicKey: { algorithms: ['ES256'] } } },
    });
  }
});

test.each<[string, Record<string, string>, RegExp]>([
  ['an unknown mode', { MODE: 'prod' }, /^MODE must be development or production, is “prod”$/],
  ['a port that is a word', { PORT: 'http' }, /^PORT must be a whole number from 0 to 65535/],
  ['a port out of range', { PORT: '65536' }, /^PORT must be/],
  ['no connections at all', { MAX_CONNECTIONS: '0' }, /^MAX_CONNECTIONS must be/],
  ['an unknown log level', { LOG_LEVEL: 'loud' }, /^LOG_LEVEL must be debug or info/],
  ['development for other machines', { HOST: '0.0.0.0' }, /^HOST is “0.0.0.0”.*MODE=production/],
  ['a list of no secrets', { TOKEN_SECRET: ',' }, /^TOKEN_SECRET holds no secret/],
  ['any origin', { ALLOWED_ORIGINS: '*' }, /^ALLOWED_ORIGINS must name each origin/],
  [
    'an origin with a path',
    { ALLOWED_ORIGINS: 'https://a.example/' },
    /send “https:\/\/a.example”$/,
  ],
  [
    'an origin with its usual port',
    { ALLOWED_ORIGINS: 'https://a.example:443' },
    /send “https:\/\/a.example”$/,
  ],
  [
    'a host without a scheme',
    { ALLOWED_ORIGINS: 'a.example' },
    /^ALLOWED_ORIGINS must be origins such as/,
  ],
  ['no key in the key', { TOKEN_PUBLIC_KEY: 'abc' }, /^TOKEN_PUBLIC_KEY is no public key/],
  [
    'no such key file',
    { TOKEN_PUBLIC_KEY_FILE: '/no' },
    /^TOKEN_PUBLIC_KEY_FILE names “\/no”, which cannot be read$/,
  ],
  [
    'two public keys',
    { TOKEN_PUBLIC_KEY: pem, TOKEN_PUBLIC_KEY_FILE: '/keys/public.pem' },
    /both set; keep one$/,
  ],
  [
    'production without a secret',
    { ...PRODUCTION, TOKEN_SECRET: '' },
    /^TOKEN_SECRET must be set in production/,
  ],
  [
    'production with the public secret',
    { ...PRODUCTION, TOKEN_SECRET: DEVELOPMENT_SECRET },
    /everybody knows/,
  ],
  [
    'production with a short secret',
    { ...PRODUCTION, TOKEN_SECRET: `${LONG},${LONG.slice(1)}` },
    /31 bytes, needs 32/,
  ],
  [
    'production without origins',
    { ...PRODUCTION, ALLOWED_ORIGINS: '' },
    /^ALLOWED_ORIGINS must list/,
  ],
])('%s is refused with what to mend', (_what, env, why) => {
  const problems = problemsOf(env);
  expect(problems).toHaveLength(1);
  expect(problems[0]).toMatch(why);
});

test('all problems are told at once, one for each setting', () => {
  const names = problemsOf({ MODE: 'production', PORT: 'x', ALLOWED_ORIGINS: 'x' }).map(
    (problem) => problem.split(' ')[0],
  );
  expect(names).toEqual(['PORT', 'ALLOWED_ORIGINS', 'TOKEN_SECRET']);
});

test('no problem quotes a secret', () => {
  const problems = problemsOf({ MODE: 'production', TOKEN_SECRET: 'hunter2' });
  expect(problems.join()).not.toContain('hunter2');
});

test('[OUT1] only public addresses are reached in production unless others are named', () => {
  expect(load(PRODUCTION)).toMatchObject({ config: { allowedAddresses: [] } });
  const named = { ...PRODUCTION, OUTBOUND_ALLOW: '10.0.0.0/8, 192.168.1.7' };
  const allowedAddresses = [
    { address: '10.0.0.0', prefix: 8 },
    { address: '192.168.1.7', prefix: 32 },
  ];
  expect(load(named)).toMatchObject({ config: { allowedAddresses } });
  const all = { ...PRODUCTION, OUTBOUND_ALLOW: 'all' };
  expect(load(all)).toMatchObject({ config: { allowedAddresses: 'all' } });
  expect(problemsOf({ OUTBOUND_ALLOW: '10.0.0.0/8,private' })).toEqual([
    'OUTBOUND_ALLOW must be addresses such as 10.0.0.0/8, has “private”',
  ]);
});
