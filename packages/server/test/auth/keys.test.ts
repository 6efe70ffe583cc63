import { generateKeyPairSync } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { expect, test } from 'vitest';
import { publicKey } from '../../src/auth/keys.ts';
import { pair } from './tokens.ts';

const pem = (key: KeyObject) => key.export({ type: 'spki', format: 'pem' }).toString();

test('the type of a public key decides its algorithm', () => {
  expect(publicKey(pair('ed25519').pem)).toMatchObject({ algorithms: ['EdDSA', 'Ed25519'] });
  expect(publicKey(pair('p256').pem)).toMatchObject({ algorithms: ['ES256'] });
  expect(publicKey(pair('rsa').pem)).toMatchObject({ algorithms: ['RS256'] });
});

test.each<[string, () => string, RegExp]>([
  ['no key at all', () => 'secret', /no public key in PEM/],
  ['a private key', () => privatePem(), /is a private key/],
  [
    'a short RSA key',
    () => pem(generateKeyPairSync('rsa', { modulusLength: 1024 }).publicKey),
    /2048/,
  ],
  [
    'another curve',
    () => pem(generateKeyPairSync('ec', { namedCurve: 'secp256k1' }).publicKey),
    /P-256/,
  ],
  ['a key that signs nothing', () => pem(generateKeyPairSync('x25519').publicKey), /Ed25519/],
])('%s is not taken as a public key, and it is said why', (_what, make, why) => {
  expect(publicKey(make())).toMatchObject({ flaw: expect.stringMatching(why) });
});

function privatePem(): string {
  const { privateKey } = generateKeyPairSync('ed25519');
  return privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
}
