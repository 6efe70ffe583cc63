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
      retention: {},
      callRetention: {},
      deviceRetention: { lostMs: 90 * 86_400_000 },
      voice: { port: 0, publicIps: [], maxListeners: 500, plays: 3 },
      hasRingback: false,
      apiKeys: [],
      webhooks: { endpoints: [], keepMs: 7 * 86_400_000 },
      allowedAddresses: [
        { address: '127.0.0.0', prefix: 8 },
        { address: '::1', prefix: 128 },
      ],
      maxConnections: 10_000,
      drain: { noticeMs: 0, spreadMs: 2_000 },
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
    READ_RECEIPTS: 'readReceipts',
    RECORD_MESSAGES: 'recordMessages',
    DIRECTORY: 'directory',
    PRESENCE: 'presence',
    RTM: 'rtm',
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

test('a database is named by a URL, of which nothing is repeated when it is wrong', () => {
  for (const url of ['postgres://u:p%40ss@db:5432/ringline', 'postgresql:///ringline']) {
    expect(load({ DATABASE_URL: url })).toMatchObject({ config: { databaseUrl: url } });
  }
  expect(load({})).not.toHaveProperty('config.databaseUrl');
  for (const url of [
    'mysql://u:secret@db/x',
    'postgres://u:secret@db',
    'u:secret@db',
    'postgres:',
  ]) {
    const loaded = load({ DATABASE_URL: url });
    const problems = [expect.stringContaining('DATABASE_URL must be as in postgres://')];
    expect(loaded).toMatchObject({ problems });
    expect(JSON.stringify(loaded)).not.toContain('secret');
  }
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

test('[RET4] how long old calls are kept is told in days, a day at least', () => {
  const kept = (log: string, record: string) => {
    const loaded = load({ CALL_LOG_DAYS: log, RECORD_DAYS: record });
    return loaded.ok ? loaded.config.callRetention : loaded.problems;
  };
  const DAY_MS = 86_400_000;
  expect(kept('', '')).toEqual({});
  expect(kept('1', '')).toEqual({ logMs: DAY_MS });
  expect(kept('1', '1')).toEqual({ logMs: DAY_MS, recordMs: DAY_MS });
  expect(kept('30', '36500')).toEqual({ logMs: 30 * DAY_MS, recordMs: 36_500 * DAY_MS });
  expect(kept('0', '')).toEqual([expect.stringMatching(/^CALL_LOG_DAYS must be/)]);
  expect(kept('', '0')).toEqual([expect.stringMatching(/^RECORD_DAYS must be/)]);
  expect(kept('', '36501')).toEqual([expect.stringMatching(/^RECORD_DAYS must be/)]);
  const [flaw] = kept('31', '30') as readonly string[];
  expect(flaw).toMatch(
    /^CALL_LOG_DAYS is 31, but with RECORD_DAYS 30 each call is forgotten before/,
  );
});

test('[RET5] how long devices are known is told in days, 90 unless it is set, and two at least', () => {
  const known = (days: string) => {
    const loaded = load({ DEVICE_DAYS: days });
    return loaded.ok ? loaded.config.deviceRetention : loaded.problems;
  };
  const DAY_MS = 86_400_000;
  expect(known('')).toEqual({ lostMs: 90 * DAY_MS });
  expect(known('2')).toEqual({ lostMs: 2 * DAY_MS });
  expect(known('36500')).toEqual({ lostMs: 36_500 * DAY_MS });
  expect(known('1')).toEqual([expect.stringMatching(/^DEVICE_DAYS must be/)]);
  expect(known('36501')).toEqual([expect.stringMatching(/^DEVICE_DAYS must be/)]);
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

test('[OPR4] API keys have 32 bytes at least, in either mode, and none is repeated in what is wrong', () => {
  const keys = [LONG, 'y'.repeat(32)];
  expect(load({ API_KEYS: keys.join(', ') })).toMatchObject({ config: { apiKeys: keys } });
  const short = 'z'.repeat(31);
  for (const mode of [{}, PRODUCTION]) {
    const [problem] = problemsOf({ ...mode, API_KEYS: `${LONG},${short}` });
    expect(problem).toContain('API_KEYS has a key of 31 bytes, needs 32; make one with');
    expect(problem).not.toContain(short);
  }
  expect(problemsOf({ API_KEYS: `${LONG} ${LONG}` })[0]).toContain(
    'API_KEYS has a key with spaces',
  );
});

test('[PRE13] who is asked before a call is an address with a secret, within a time limit', () => {
  const secret = `whsec_${Buffer.alloc(32).toString('base64')}`;
  const url = 'https://app.example.com/before-call';
  const asked = { PRE_CALL_URL: url, PRE_CALL_SECRET: secret };
  const preCall = { url, secrets: [secret], timeoutMs: 2_000, byDefault: 'deny' };
  expect(load(asked)).toMatchObject({ config: { preCall } });
  const more = { PRE_CALL_TIMEOUT_MS: '4000', PRE_CALL_DEFAULT: 'allow' };
  const secrets = { PRE_CALL_SECRET: `${secret},${secret}` };
  expect(load({ ...asked, ...more, ...secrets })).toMatchObject({
    config: { preCall: { secrets: [secret, secret], timeoutMs: 4_000, byDefault: 'allow' } },
  });
  expect(load({ ...PRODUCTION, PRE_CALL_DEFAULT: 'allow' })).not.toHaveProperty('config.preCall');
});

test.each([
  [{ PRE_CALL_URL: undefined }, 'PRE_CALL_URL must be set with PRE_CALL_SECRET'],
  [{ PRE_CALL_SECRET: undefined }, 'PRE_CALL_SECRET must be set with PRE_CALL_URL; it must be'],
  [{ PRE_CALL_SECRET: 'secret' }, 'PRE_CALL_SECRET must be “whsec_” and base64; make one with'],
  [{ PRE_CALL_URL: 'app.example.com' }, 'PRE_CALL_URL must be an address of http or https'],
  [{ PRE_CALL_URL: 'http://a:b@example.com' }, 'PRE_CALL_URL holds a user name or a password'],
  [{ PRE_CALL_URL: 'http://10.1:3000/' }, 'PRE_CALL_URL is at 10.0.0.1, which is not public'],
  [{ PRE_CALL_TIMEOUT_MS: '99' }, 'PRE_CALL_TIMEOUT_MS must be a whole number from 100 to 4000'],
  [{ PRE_CALL_TIMEOUT_MS: '4001' }, 'PRE_CALL_TIMEOUT_MS must be a whole number from 100 to 4000'],
  [{ PRE_CALL_DEFAULT: 'maybe' }, 'PRE_CALL_DEFAULT must be allow or deny'],
])('[PRE13] with %j the server does not start', (changed, problem) => {
  const secret = `whsec_${Buffer.alloc(32).toString('base64')}`;
  const asked = { PRE_CALL_URL: 'http://127.0.0.1:3000/', PRE_CALL_SECRET: secret };
  const set = Object.entries({ ...asked, ...changed }).filter(([, value]) => value !== undefined);
  const [found] = problemsOf(Object.fromEntries(set) as Record<string, string>);
  expect(found).toContain(problem);
});
