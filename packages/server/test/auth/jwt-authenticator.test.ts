import { createHmac } from 'node:crypto';
import { MAX_AVATAR_BYTES, MAX_NAME_BYTES, MAX_TOKEN_BYTES } from '@ringline/protocol';
import { VirtualClock } from '@ringline/testkit';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { PERMISSIVE } from '../../src/calls/call-policy.ts';
import { CLOCK_TOLERANCE_SECONDS } from '../../src/auth/claims.ts';
import { JwtAuthenticator } from '../../src/auth/jwt-authenticator.ts';
import { secretKey } from '../../src/auth/keys.ts';
import {
  ALICE,
  NOW_SECONDS,
  OLDER_SECRET,
  SECRET,
  authenticator,
  authenticatorFor,
  handmade,
  pair,
  sign,
} from './tokens.ts';

test('a token says who its bearer is, and until when', async () => {
  const avatar = 'https://example.com/alice.png';
  const verdict = await authenticator().verify(await sign({ ...ALICE, name: 'Alice', avatar }));
  expect(verdict).toEqual({
    kind: 'valid',
    identity: {
      peer: { user: 'alice', name: 'Alice', avatar },
      policy: {},
      expiresAt: (NOW_SECONDS + 3600 + CLOCK_TOLERANCE_SECONDS) * 1000,
    },
  });
});

test('[POL2] a token says what its bearer may not do', async () => {
  const token = await sign({ ...ALICE, hold: false, addVideo: true });
  expect(await authenticator().verify(token)).toMatchObject({
    identity: { policy: { hold: false, addVideo: true } },
  });
});

test.each(Object.keys(PERMISSIVE))('[POL2] a token may deny %s to its bearer', async (what) => {
  const verdict = await authenticator().verify(await sign({ ...ALICE, [what]: false }));
  expect(verdict).toMatchObject({ identity: { policy: { [what]: false } } });
});

test('[POL2] a claim of policy that is neither true nor false is forged, and named', async () => {
  expect(await authenticator().verify(await sign({ ...ALICE, hold: 'no' }))).toMatchObject({
    kind: 'forged',
    why: expect.stringContaining('hold') as string,
  });
});

test('a token without exp never expires', async () => {
  const verdict = await authenticator().verify(await sign({ sub: 'alice' }));
  expect(verdict).toMatchObject({ kind: 'valid', identity: { expiresAt: null } });
});

test('while secrets rotate, tokens of the older one still verify', async () => {
  const token = await sign(ALICE, { key: Buffer.from(OLDER_SECRET) });
  expect(await authenticator().verify(token)).toMatchObject({ kind: 'valid' });
});

test.each([
  ['ed25519', 'EdDSA'],
  ['ed25519', 'Ed25519'],
  ['p256', 'ES256'],
  ['rsa', 'RS256'],
] as const)('a public key of type %s verifies %s', async (kind, alg) => {
  const { privateKey, pem } = pair(kind);
  const token = await sign(ALICE, { key: privateKey, alg });
  expect(await authenticatorFor(pem).verify(token)).toMatchObject({ kind: 'valid' });
});

test('an expired token that is otherwise right still says whose it was', async () => {
  const token = await sign({ sub: 'alice', name: 'Alice', exp: NOW_SECONDS - 3600 });
  expect(await authenticator().verify(token)).toMatchObject({
    kind: 'expired',
    identity: { peer: { user: 'alice', name: 'Alice' } },
  });
});

test('a token is valid until its expiry and the tolerance have passed, as expiresAt says', async () => {
  const clock = new VirtualClock();
  const rules = { keys: [secretKey(SECRET)] };
  const token = await sign({ sub: 'alice', exp: clock.now() / 1000 + 10 });
  const check = () => new JwtAuthenticator(rules, clock).verify(token);
  clock.advance((10 + CLOCK_TOLERANCE_SECONDS) * 1000 - 1);
  expect(await check()).toMatchObject({ kind: 'valid', identity: { expiresAt: clock.now() + 1 } });
  clock.advance(1);
  expect(await check()).toMatchObject({ kind: 'expired', identity: { expiresAt: clock.now() } });
});

test('a token from a clock slightly ahead is already valid', async () => {
  const token = await sign({ ...ALICE, nbf: NOW_SECONDS + CLOCK_TOLERANCE_SECONDS });
  expect(await authenticator().verify(token)).toMatchObject({ kind: 'valid' });
});

test('what the configuration expects of aud and iss is met', async () => {
  const strict = authenticator({ audience: 'calls', issuer: 'https://id.example' });
  const token = await sign({ ...ALICE, aud: ['calls', 'chat'], iss: 'https://id.example' });
  expect(await strict.verify(token)).toMatchObject({ kind: 'valid' });
});

const json = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
const expired = { sub: 'alice', exp: NOW_SECONDS - 3600 };
const other = Buffer.from('some other secret of at least thirty-two bytes');

test.each<[string, () => string | Promise<string>]>([
  ['nothing at all', () => ''],
  ['no token', () => 'alice'],
  ['one part too many', async () => `${await sign(ALICE)}.x`],
  ['an encrypted token', () => 'eyJhbGciOiJkaXIiLCJlbmMiOiJBMTI4R0NNIn0..a.b.c'],
  ['longer than a token may be', () => sign({ ...ALICE, more: 'a'.repeat(MAX_TOKEN_BYTES) })],
  ['no signature, algorithm none', () => handmade({ alg: 'none' }, ALICE)],
  ['no signature, algorithm NONE', () => handmade({ alg: 'NONE' }, ALICE)],
  ['no algorithm', () => handmade({}, ALICE, 'AAAA')],
  ['an empty signature', async () => (await sign(ALICE)).replace(/[^.]*$/, '')],
  ['another secret', () => sign(ALICE, { key: other })],
  ['the right secret with another algorithm', () => sign(ALICE, { alg: 'HS512' })],
  ['a key that it brings along', () => signedWithOwnKey()],
  [
    'a name for a key file',
    () => sign(ALICE, { key: Buffer.alloc(0x20), header: { kid: '/dev/null' } }),
  ],
  [
    'changed claims',
    async () => (await sign(ALICE)).replace(/\.[^.]*\./, `.${json({ ...ALICE, sub: 'bob' })}.`),
  ],
  [
    'an unknown critical header',
    () => signedByHand({ alg: 'HS256', crit: ['exp'], exp: 1 }, ALICE),
  ],
  ['claims that are a list', () => signedByHand({ alg: 'HS256' }, [ALICE])],
  ['valid only later', () => sign({ ...ALICE, nbf: NOW_SECONDS + 60 })],
  ['no user', () => sign({ exp: NOW_SECONDS + 60 })],
  ['an empty user', () => sign({ ...ALICE, sub: '' })],
  ['a user that is a number', () => signedByHand({ alg: 'HS256' }, { ...ALICE, sub: 7 })],
  ['a user with a control character', () => sign({ ...ALICE, sub: 'al\u0000ice' })],
  ['a user of 65 bytes', () => sign({ ...ALICE, sub: 'a'.repeat(65) })],
  ['half a character in the user', () => sign({ ...ALICE, sub: '\ud800' })],
  ['a name beyond its limit', () => sign({ ...ALICE, name: 'é'.repeat(MAX_NAME_BYTES / 2 + 1) })],
  ['a name that is an object', () => sign({ ...ALICE, name: {} })],
  [
    'an avatar beyond its limit',
    () => sign({ ...ALICE, avatar: `https://a/${'x'.repeat(MAX_AVATAR_BYTES)}` }),
  ],
  ['an avatar that is a script', () => sign({ ...ALICE, avatar: 'javascript:alert(1)' })],
  ['an expiry that is a text', () => sign({ ...ALICE, exp: '9999999999' as unknown as number })],
  ['an expiry in milliseconds of another age', () => sign({ ...ALICE, exp: 1e300 })],
  ['an expiry before all time', () => signedByHand({ alg: 'HS256' }, { ...ALICE, exp: -1e300 })],
  ['expired, and another secret', () => sign(expired, { key: other })],
  ['expired, and no signature', () => handmade({ alg: 'none' }, expired)],
  ['expired, and no user', () => sign({ exp: expired.exp })],
  ['expired before it was valid', () => sign({ ...expired, nbf: NOW_SECONDS - 60 })],
])('forged: %s', async (_what, make) => {
  expect(await authenticator().verify(await make())).toMatchObject({ kind: 'forged' });
});

test.each<[string, object]>([
  ['no audience', { iss: 'us' }],
  ['another audience', { aud: 'chat', iss: 'us' }],
  ['no issuer', { aud: 'calls' }],
  ['another issuer', { aud: 'calls', iss: 'them' }],
])(
  'forged where the configuration expects aud and iss: %s, expired or not',
  async (_what, claims) => {
    const strict = authenticator({ audience: 'calls', issuer: 'us' });
    for (const exp of [NOW_SECONDS + 60, NOW_SECONDS - 60]) {
      const verdict = await strict.verify(await sign({ sub: 'alice', ...claims, exp }));
      expect(verdict).toMatchObject({ kind: 'forged' });
    }
  },
);

test('forged: HS256 with the public key as the secret, in whatever form', async () => {
  const { pem } = pair('rsa');
  for (const secret of [pem, pem.trim(), pem.replaceAll('\n', '\\n')]) {
    const token = signedByHand({ alg: 'HS256' }, ALICE, secret);
    expect(await authenticatorFor(pem).verify(token)).toMatchObject({ kind: 'forged' });
  }
});

test('forged: a public key of one kind does not lend itself to the algorithm of another', async () => {
  const ours = pair('p256');
  const theirs = pair('rsa');
  const token = await sign(ALICE, { key: theirs.privateKey, alg: 'RS256' });
  expect(await authenticatorFor(ours.pem).verify(token)).toMatchObject({ kind: 'forged' });
  expect(await authenticator().verify(token)).toMatchObject({ kind: 'forged' });
});

test('whatever text is given, there is a verdict and never a token of ours', async () => {
  const judge = authenticator();
  const base64url = fc.string().map((text) => Buffer.from(text).toString('base64url'));
  const texts = fc.oneof(
    fc.string(),
    fc.tuple(base64url, base64url, base64url).map((parts) => parts.join('.')),
    fc
      .json()
      .map((claims) => `${json({ alg: 'HS256' })}.${Buffer.from(claims).toString('base64url')}.AA`),
  );
  await fc.assert(
    fc.asyncProperty(texts, async (text) => (await judge.verify(text)).kind === 'forged'),
  );
});

/** Signed rightly, with parts that a careful library would not make. */
function signedByHand(header: object, claims: object, secret = SECRET): string {
  const input = handmade(header, claims).replace(/\.$/, '');
  return `${input}.${createHmac('sha256', secret).update(input).digest('base64url')}`;
}

async function signedWithOwnKey(): Promise<string> {
  const jwk = { kty: 'oct', k: other.toString('base64url') };
  return sign(ALICE, { key: other, header: { jwk } });
}
