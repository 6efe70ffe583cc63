import { expect, test } from 'vitest';
import { loadConfig } from '../../src/config/load.ts';
import { MAX_NATS_PREFIX } from '../../src/config/nats.ts';

const load = (env: Record<string, string>) => loadConfig({ env, flags: {}, readFile: () => '' });

function natsOf(env: Record<string, string>) {
  const loaded = load(env);
  if (!loaded.ok) throw new Error(loaded.problems.join('\n'));
  return loaded.config.nats;
}

function problemsOf(env: Record<string, string>): readonly string[] {
  const loaded = load(env);
  return loaded.ok ? [] : loaded.problems;
}

test('[BUS16] without NATS_URL there is no NATS', () => {
  expect(natsOf({ NATS_PREFIX: 'mine' })).toBeUndefined();
});

test.each([
  ['nats://127.0.0.1', { servers: ['127.0.0.1'], tls: false }],
  ['nats://a:4222, nats://b:4223/', { servers: ['a:4222', 'b:4223'], tls: false }],
  ['tls://[::1]:4222', { servers: ['[::1]:4222'], tls: true }],
  ['nats://t%2Fken@a', { servers: ['a'], tls: false, token: 't/ken' }],
  ['nats://me:p%40ss@a', { servers: ['a'], tls: false, user: 'me', password: 'p@ss' }],
])('[BUS16] %s is understood', (url, settings) => {
  expect(natsOf({ NATS_URL: url })).toEqual({ ...settings, prefix: 'ringline' });
});

test.each([
  'http://a',
  'a:4222',
  'nats://',
  'nats://:secret@a',
  'nats://a:99999',
  'nats://a/path',
  'nats://a?tls=1',
  'nats://%zz:secret@a',
])('[BUS16] %s is refused, without what it holds', (url) => {
  const [problem = ''] = problemsOf({ NATS_URL: url });
  expect(problem).toMatch(/^NATS_URL must be addresses such as nats:/);
  expect(problem).not.toContain('secret');
});

test('[BUS16] servers of one cluster share scheme, name and password; an empty list names none', () => {
  const flaw = 'NATS_URL must have the same scheme, name and password for all servers';
  expect(problemsOf({ NATS_URL: 'nats://a,tls://b' })).toEqual([flaw]);
  expect(problemsOf({ NATS_URL: 'nats://x:y@a,nats://x:z@b' })).toEqual([flaw]);
  expect(problemsOf({ NATS_URL: ' , ' })).toEqual(['NATS_URL names no server']);
});

test('[BUS16] a prefix is parts of a subject, up to its limit', () => {
  const ok = 'a'.repeat(MAX_NATS_PREFIX);
  expect(natsOf({ NATS_URL: 'nats://a', NATS_PREFIX: ok })?.prefix).toBe(ok);
  for (const prefix of [`${ok}a`, 'a.', '.a', 'a..b', 'a b', 'a.*', '>']) {
    expect(problemsOf({ NATS_PREFIX: prefix })[0]).toMatch(/^NATS_PREFIX must be letters/);
  }
  expect(natsOf({ NATS_URL: 'nats://a', NATS_PREFIX: 'a.b-c_1' })?.prefix).toBe('a.b-c_1');
});
