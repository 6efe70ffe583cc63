import { expect, test } from 'vitest';
import { authenticatorOf, mintOf } from '../../src/auth/from-config.ts';
import { flawOfPeer, mintToken } from '../../src/auth/mint.ts';
import { OLDER_SECRET, SECRET, clock } from './tokens.ts';

const tokens = { secrets: [SECRET, OLDER_SECRET], audience: 'calls', issuer: 'us' };
const life = { now: clock.now(), ttlSeconds: 60 };
const alice = { user: 'alice', name: 'Alice', avatar: 'https://example.com/a.png' };

test('what we mint, we take: with the first secret, for the configured audience and issuer', async () => {
  const token = await mintToken(mintOf(tokens)!, alice, life);
  expect(await authenticatorOf(tokens, clock).verify(token)).toMatchObject({
    kind: 'valid',
    identity: { peer: alice },
  });
  const older = authenticatorOf({ ...tokens, secrets: [OLDER_SECRET] }, clock);
  expect(await older.verify(token)).toMatchObject({ kind: 'forged' });
});

test('with a public key alone nothing can be minted', () => {
  expect(mintOf({ secrets: [] })).toBeUndefined();
});

test.each([
  [{ user: '' }, /^user: must be 1 to 64 bytes/],
  [{ user: 'alice', name: 'a'.repeat(257) }, /^name: /],
  [{ user: 'alice', avatar: 'ftp://x' }, /^avatar: /],
])('a token nobody could use is not minted: %o', (peer, why) => {
  expect(flawOfPeer(peer)).toMatch(why);
  expect(flawOfPeer(alice)).toBeUndefined();
});
