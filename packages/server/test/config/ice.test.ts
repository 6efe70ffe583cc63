import { expect, test } from 'vitest';
import type { IceSettings } from '../../src/ice/ice-servers.ts';
import { loadConfig } from '../../src/config/load.ts';

const TURN = { TURN_URLS: 'turn:turn.test', TURN_SECRET: 'x'.repeat(16) };
const PRODUCTION = {
  MODE: 'production',
  TOKEN_SECRET: 'x'.repeat(32),
  ALLOWED_ORIGINS: 'https://a.example',
};

function load(env: Record<string, string>) {
  return loadConfig({ env, flags: {}, readFile: () => '' });
}

function problemsOf(env: Record<string, string>): readonly string[] {
  const loaded = load(env);
  return loaded.ok ? [] : loaded.problems;
}

function iceOf(env: Record<string, string>): IceSettings {
  const loaded = load(env);
  if (!loaded.ok) throw new Error(loaded.problems.join('\n'));
  return loaded.config.ice;
}

test('[ICE5] nothing set: no servers, nothing early, nothing forbidden', () => {
  expect(iceOf({})).toEqual({ stunUrls: [], relayOnly: false, preconnect: 'off' });
});

test('[ICE5] with TURN, relayed paths are connected early unless that is said otherwise', () => {
  const { secret, ttlSeconds } = { secret: TURN.TURN_SECRET, ttlSeconds: 3600 };
  expect(iceOf(TURN)).toEqual({
    stunUrls: [],
    turn: { urls: ['turn:turn.test'], secret, ttlSeconds },
    relayOnly: false,
    preconnect: 'relay',
  });
  expect(iceOf({ ...TURN, PRECONNECT: 'off' }).preconnect).toBe('off');
  expect(iceOf({ PRECONNECT: 'direct' }).preconnect).toBe('direct');
  expect(iceOf({ ...TURN, ICE_POLICY: 'relay' }).relayOnly).toBe(true);
});

test.each([
  [{ TURN_URLS: 'turn:turn.test' }, 'TURN_SECRET must be set with TURN_URLS'],
  [{ TURN_SECRET: 'x'.repeat(16) }, 'TURN_URLS must be set with TURN_SECRET'],
  [{ ICE_POLICY: 'relay' }, 'ICE_POLICY is “relay”, which needs a TURN server'],
  [{ PRECONNECT: 'relay' }, 'PRECONNECT is “relay”, which needs a TURN server'],
  [{ ...TURN, ICE_POLICY: 'relay', PRECONNECT: 'direct' }, 'PRECONNECT is “direct”'],
  [{ ...TURN, TURN_TTL_SECONDS: '9' }, 'TURN_TTL_SECONDS must be a whole number from 10 to 86400'],
  [{ STUN_URLS: Array(9).fill('stun:a.test').join(',') }, 'STUN_URLS names more than 8 addresses'],
  [{ ...PRODUCTION, ...TURN, TURN_SECRET: 'x'.repeat(15) }, 'TURN_SECRET needs 16 bytes'],
])('[ICE4] %o is refused', (env, problem) => {
  const problems = problemsOf(env);
  expect(problems).toHaveLength(1);
  expect(problems[0]).toContain(problem);
});

test('[ICE4] production takes a secret of sixteen bytes, and TTLs at both edges', () => {
  for (const ttl of ['10', '86400']) {
    expect(problemsOf({ ...PRODUCTION, ...TURN, TURN_TTL_SECONDS: ttl })).toEqual([]);
  }
});

test.each([
  'turn:turn.example.com',
  'turn:turn.example.com:3478',
  'turns:turn.example.com:443?transport=tcp',
  'turn:192.0.2.7?transport=udp',
  'turn:[2001:db8::7]:3478',
])('[ICE4] %s is a TURN address (RFC 7065)', (url) => {
  expect(iceOf({ ...TURN, TURN_URLS: url }).turn?.urls).toEqual([url]);
});

test.each([
  'turn.example.com',
  'https://turn.example.com',
  'turn://turn.example.com',
  'turn:',
  'turn:turn.example.com:0',
  'turn:turn.example.com:65536',
  'turn:turn.example.com?transport=sctp',
  'turn:user@turn.example.com',
  'turn:turn.example.com/path',
  'stun:turn.example.com',
])('[ICE4] %s is no TURN address', (url) => {
  const [problem] = problemsOf({ ...TURN, TURN_URLS: url });
  expect(problem).toContain(`TURN_URLS must be addresses such as turn:turn.example.com`);
  expect(problem).toContain(`“${url}”`);
});

test('[ICE4] a STUN address has no transport (RFC 7064)', () => {
  expect(problemsOf({ STUN_URLS: 'stun:a.test:3478, stuns:b.test' })).toEqual([]);
  expect(problemsOf({ STUN_URLS: 'stun:a.test?transport=udp' })[0]).toContain('STUN_URLS must be');
});
