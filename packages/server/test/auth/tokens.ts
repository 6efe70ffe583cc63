import { generateKeyPairSync } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { VirtualClock } from '@ringline/testkit';
import { SignJWT } from 'jose';
import type { JWTPayload } from 'jose';
import { JwtAuthenticator } from '../../src/auth/jwt-authenticator.ts';
import { publicKey, secretKey } from '../../src/auth/keys.ts';
import type { VerificationKey } from '../../src/auth/keys.ts';

export const SECRET = 'a secret of at least thirty-two bytes, number one';
export const OLDER_SECRET = 'a secret of at least thirty-two bytes, number two';

export const clock = new VirtualClock();
export const NOW_SECONDS = clock.now() / 1000;

/** An authenticator that knows both secrets, and whatever else is given. */
export function authenticator(rules: { audience?: string; issuer?: string } = {}) {
  const keys = [secretKey(SECRET), secretKey(OLDER_SECRET)];
  return new JwtAuthenticator({ keys, ...rules }, clock);
}

/** An authenticator that knows one public key only. */
export function authenticatorFor(pem: string): JwtAuthenticator {
  const key = publicKey(pem);
  if ('flaw' in key) throw new Error(key.flaw);
  return new JwtAuthenticator({ keys: [key satisfies VerificationKey] }, clock);
}

export const ALICE: JWTPayload = { sub: 'alice', exp: NOW_SECONDS + 3600 };

/** A token signed as asked; what is in it is the test's business. */
export function sign(
  claims: JWTPayload,
  { key = Buffer.from(SECRET), alg = 'HS256', header = {} }: SignedWith = {},
): Promise<string> {
  return new SignJWT(claims).setProtectedHeader({ alg, ...header }).sign(key);
}

interface SignedWith {
  readonly key?: KeyObject | Uint8Array;
  readonly alg?: string;
  readonly header?: object;
}

const json = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');

/** A token put together by hand, as a forger does. */
export function handmade(header: object, claims: object, signature = ''): string {
  return `${json(header)}.${json(claims)}.${signature}`;
}

/** A fresh pair of keys whose public half is in PEM. */
export function pair(kind: 'ed25519' | 'p256' | 'rsa') {
  const { privateKey, publicKey } =
    kind === 'ed25519'
      ? generateKeyPairSync('ed25519')
      : kind === 'p256'
        ? generateKeyPairSync('ec', { namedCurve: 'P-256' })
        : generateKeyPairSync('rsa', { modulusLength: 2048 });
  return { privateKey, pem: publicKey.export({ type: 'spki', format: 'pem' }).toString() };
}
