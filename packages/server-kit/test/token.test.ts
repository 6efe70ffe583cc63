import { createPublicKey, generateKeyPairSync } from 'node:crypto';
import { jwtVerify } from 'jose';
import { describe, expect, test, vi } from 'vitest';
import {
  ArgumentError,
  DEFAULT_TOKEN_SECONDS,
  MAX_TOKEN_SECONDS,
  mintToken,
} from '../src/index.ts';
import type { TokenOptions } from '../src/index.ts';
import { NOW } from './signed.ts';

const SECRET = 'a secret of at least thirty-two bytes';
const mint = (options: object) => mintToken({ secret: SECRET, user: 'zoë', now: NOW, ...options });
const IAT = NOW / 1000;

const pemOf = ({ privateKey }: ReturnType<typeof generateKeyPairSync>) =>
  privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
const ed25519 = pemOf(generateKeyPairSync('ed25519'));
const p256 = pemOf(generateKeyPairSync('ec', { namedCurve: 'prime256v1' }));
const rsa = pemOf(generateKeyPairSync('rsa', { modulusLength: 2048 }));

/** What jose reads of a token, with the only algorithm allowed. */
async function read(token: string, algorithm: string, key: Parameters<typeof jwtVerify>[1]) {
  const options = { algorithms: [algorithm], currentDate: new Date(NOW) };
  return (await jwtVerify(token, key, options)).payload;
}

describe('signing', () => {
  test('[KIT9] with a secret by HS256, with everything that it may say', async () => {
    const token = mint({
      name: 'Zoë 📞',
      avatar: 'https://app.test/zoë.png',
      ttlSeconds: 60,
      hold: false,
      addVideo: true,
      callWaiting: false,
      announcements: false,
      readReceipts: false,
      recordMessages: false,
      directory: false,
      presence: false,
      audience: 'calls',
      issuer: 'app',
    });
    expect(await read(token, 'HS256', Buffer.from(SECRET))).toEqual({
      sub: 'zoë',
      name: 'Zoë 📞',
      avatar: 'https://app.test/zoë.png',
      hold: false,
      addVideo: true,
      callWaiting: false,
      announcements: false,
      readReceipts: false,
      recordMessages: false,
      directory: false,
      presence: false,
      aud: 'calls',
      iss: 'app',
      iat: IAT,
      exp: IAT + 60,
    });
  });

  test.each([
    ['EdDSA', ed25519],
    ['ES256', p256],
    ['RS256', rsa],
  ])('[KIT9] with a private key by %s', async (algorithm, privateKey) => {
    const token = mint({ secret: undefined, privateKey });
    const exp = IAT + DEFAULT_TOKEN_SECONDS;
    expect(await read(token, algorithm, createPublicKey(privateKey))).toEqual({
      sub: 'zoë',
      iat: IAT,
      exp,
    });
  });

  test('[KIT9] from now on, by the clock of the machine', async () => {
    vi.useFakeTimers({ now: NOW });
    const token = mintToken({ secret: SECRET, user: 'bob' });
    expect(await read(token, 'HS256', Buffer.from(SECRET))).toMatchObject({ iat: IAT });
    vi.useRealTimers();
  });
});

describe('fields', () => {
  const secp256k1 = pemOf(generateKeyPairSync('ec', { namedCurve: 'secp256k1' }));
  const small = pemOf(generateKeyPairSync('rsa', { modulusLength: 1024 }));
  const publicPem = createPublicKey(rsa).export({ type: 'spki', format: 'pem' }).toString();

  test.each<[options: object, flaw: string]>([
    [{ user: undefined }, 'user: is missing'],
    [{ user: '' }, 'user: must be 1 to 64 bytes'],
    [{ user: 7 }, 'user: must be text'],
    [{ user: 'a\n' }, 'user: contains a control character'],
    [{ name: 'é'.repeat(129) }, 'name: must be at most 256 bytes'],
    [{ name: '\ud800' }, 'name: contains half a character'],
    [{ avatar: 'javascript:alert(1)' }, 'avatar: must be an http or https address'],
    [{ avatar: 'zoë.png' }, 'avatar: must be an http or https address'],
    [{ avatar: `https://a.test/${'a'.repeat(2034)}` }, 'avatar: must be at most 2048 bytes'],
    [{ ttlSeconds: 0 }, 'ttlSeconds: must be whole seconds'],
    [{ ttlSeconds: 1.5 }, 'ttlSeconds: must be whole seconds'],
    [{ ttlSeconds: MAX_TOKEN_SECONDS + 1 }, 'ttlSeconds: must be whole seconds'],
    [{ hold: 'no' }, 'hold: must be true or false'],
    [{ ttl: 60 }, 'ttl: is not known'],
    [{ constructor: 60 }, 'constructor: is not known'],
    [{ audience: 'a'.repeat(8000) }, 'token: would be longer than 8192 bytes'],
    [{ now: NaN }, 'now: must be epoch milliseconds'],
    [{ secret: '' }, 'secret: is missing'],
    [{ secret: undefined }, 'secret: is missing'],
    [{ secret: 'new,old' }, 'secret: contains a comma'],
    [{ privateKey: rsa }, 'secret: and privateKey are given'],
    [{ secret: undefined, privateKey: 'key' }, 'privateKey: is no private key'],
    [{ secret: undefined, privateKey: publicPem }, 'privateKey: is no private key'],
    [{ secret: undefined, privateKey: secp256k1 }, 'privateKey: must be an Ed25519'],
    [{ secret: undefined, privateKey: small }, 'privateKey: must be an Ed25519'],
  ])('[KIT10] %o is an error: %s', (options, flaw) => {
    const given = { secret: SECRET, user: 'bob', ...options } as TokenOptions;
    expect(() => mintToken(given)).toThrow(ArgumentError);
    expect(() => mintToken(given)).toThrow(flaw);
  });

  test('[KIT10] the largest of each is taken', () => {
    const largest = {
      user: 'é'.repeat(32),
      name: 'é'.repeat(128),
      avatar: `https://a.test/${'a'.repeat(2033)}`,
      ttlSeconds: MAX_TOKEN_SECONDS,
    };
    expect(mint(largest).split('.')).toHaveLength(3);
  });
});
