import { expect, test } from 'vitest';
import { MAX_SECRET_FILE_BYTES } from '../../src/config/given.ts';
import { loadConfig } from '../../src/config/load.ts';
import {
  DEVELOPMENT_SECRET,
  SECRET_NAMES,
  SETTING_NAMES,
  VARIABLES,
  fileVariableOf,
  flagOf,
} from '../../src/config/settings.ts';
import type { SecretName } from '../../src/config/settings.ts';

const PATH = '/run/secrets/it';
const LONG = 'x'.repeat(32);
const WEBHOOK = `whsec_${Buffer.alloc(32).toString('base64')}`;

/** A value of each secret, what else it needs, and where the configuration has it. */
const SECRETS: Record<SecretName, { value: string; with?: Record<string, string>; in: object }> = {
  DATABASE_URL: { value: 'postgres://u:p@db/r', in: { databaseUrl: 'postgres://u:p@db/r' } },
  TOKEN_SECRET: { value: `${LONG},${LONG}2`, in: { tokens: { secrets: [LONG, `${LONG}2`] } } },
  TURN_SECRET: {
    value: LONG,
    with: { TURN_URLS: 'turn:turn.example.com' },
    in: { ice: { turn: { secret: LONG } } },
  },
  API_KEYS: { value: `${LONG}, ${LONG}2`, in: { apiKeys: [LONG, `${LONG}2`] } },
  PRE_CALL_SECRET: {
    value: WEBHOOK,
    with: { PRE_CALL_URL: 'https://app.example.com/before-call' },
    in: { preCall: { secrets: [WEBHOOK] } },
  },
  NATS_URL: { value: 'nats://token@nats:4222', in: { nats: { token: 'token' } } },
};

/** Loads settings where PATH is a file that holds this; no other file can be read. */
function load(content: string, env: Record<string, string>, flags: Record<string, string> = {}) {
  const readFile = (path: string) => {
    if (path !== PATH) throw new Error(`ENOENT ${content}`);
    return content;
  };
  return loadConfig({ env, flags, readFile });
}

function problemsOf(...of: Parameters<typeof load>): readonly string[] {
  const loaded = load(...of);
  return loaded.ok ? [] : loaded.problems;
}

test.each(SECRET_NAMES)('[SEC1] %s may stand in a file, with a line end or without', (name) => {
  const { value, with: others = {}, in: config } = SECRETS[name];
  for (const end of ['', '\n', '\r\n']) {
    const env = { ...others, [fileVariableOf(name)]: PATH };
    expect(load(`${value}${end}`, env)).toMatchObject({ ok: true, config });
    const flags = { [flagOf(fileVariableOf(name))]: PATH };
    expect(load(`${value}${end}`, others, flags)).toMatchObject({ ok: true, config });
  }
});

test('[SEC1] what is written with a secret in a file and an empty variable beside it is taken', () => {
  const env = { TOKEN_SECRET: '', TOKEN_SECRET_FILE: PATH, API_KEYS_FILE: '' };
  expect(load(LONG, env)).toMatchObject({ config: { tokens: { secrets: [LONG] }, apiKeys: [] } });
});

test.each(SECRET_NAMES)('[SEC2] %s and its file are not taken together', (name) => {
  const { value, with: others = {} } = SECRETS[name];
  const file = fileVariableOf(name);
  const refusal = [`${file} and ${name} are both set; keep one`];
  expect(problemsOf(value, { ...others, [name]: value, [file]: PATH })).toEqual(refusal);
  const flags = { [flagOf(file)]: PATH };
  expect(problemsOf(value, { ...others, [name]: value }, flags)).toEqual(refusal);
  const flag = { [flagOf(name)]: value };
  expect(problemsOf(value, { ...others, [file]: PATH }, flag)).toEqual(refusal);
});

test.each(SECRET_NAMES)('[SEC3] a file of %s that cannot be read is named', (name) => {
  const env = { ...SECRETS[name].with, [fileVariableOf(name)]: '/nowhere' };
  expect(problemsOf('hunter2', env)).toEqual([
    `${fileVariableOf(name)} names “/nowhere”, which cannot be read`,
  ]);
});

test.each([
  ['nothing', ''],
  ['a line end', '\n'],
  ['blanks', ' \n'],
])('[SEC3] a file that holds %s is refused, for the secret was meant to be there', (_, content) => {
  for (const env of [{ DATABASE_URL_FILE: PATH }, { API_KEYS_FILE: PATH }]) {
    const [name] = Object.keys(env);
    expect(problemsOf(content, env)).toEqual([`${name} names “${PATH}”, which is empty`]);
  }
});

test('[SEC3] a file holds MAX_SECRET_FILE_BYTES at most, and its line end does not count', () => {
  const env = { TOKEN_SECRET_FILE: PATH };
  const most = 'é'.repeat(MAX_SECRET_FILE_BYTES / 2);
  expect(load(`${most}\n`, env)).toMatchObject({ config: { tokens: { secrets: [most] } } });
  expect(problemsOf(`${most}x`, env)).toEqual([
    `TOKEN_SECRET_FILE names “${PATH}”, which holds more than 16384 bytes; it must hold the secret alone`,
  ]);
});

test.each([
  ['more than one line', `${LONG}\n${LONG}`],
  ['more than one line', `${LONG}\n\n`],
  ['more than one line', `${LONG}\r${LONG}`],
  ['bytes that are no text', Buffer.from([0xff, 0x80, ...Buffer.from(LONG)]).toString('utf8')],
])('[SEC3] a file that holds %s is refused', (what, content) => {
  const [problem = '', ...more] = problemsOf(content, {
    TURN_SECRET_FILE: PATH,
    TURN_URLS: 'turn:a',
  });
  expect(problem).toContain(`TURN_SECRET_FILE names “${PATH}”, which holds ${what}; `);
  expect(more).toEqual([]);
});

test.each(SECRET_NAMES)(
  '[SEC4] what is wrong with %s names the file and repeats nothing',
  (name) => {
    const env = { MODE: 'production', ALLOWED_ORIGINS: 'https://a.example' };
    const all = { ...env, ...SECRETS[name].with, [fileVariableOf(name)]: PATH };
    const problems = problemsOf('hunter 2', all);
    expect(problems.filter((each) => each.startsWith(`${name} in “${PATH}” `))).toHaveLength(1);
    expect(problems.join()).not.toContain('hunter');
  },
);

test('[SEC4] the development secret is refused in production from a file as well', () => {
  const env = { MODE: 'production', ALLOWED_ORIGINS: 'https://a.example', TOKEN_SECRET_FILE: PATH };
  const [problem] = problemsOf(DEVELOPMENT_SECRET, env);
  expect(problem).toContain(`TOKEN_SECRET in “${PATH}” is the one that everybody knows`);
});

test('[SEC5] no variable and no flag has two meanings', () => {
  expect(new Set(VARIABLES).size).toBe(SETTING_NAMES.length + SECRET_NAMES.length);
  expect(new Set(VARIABLES.map(flagOf)).size).toBe(VARIABLES.length);
  expect(SECRET_NAMES.map(String)).not.toContain('TOKEN_PUBLIC_KEY');
  expect(SECRET_NAMES.map(String)).not.toContain('WEBHOOKS');
});
