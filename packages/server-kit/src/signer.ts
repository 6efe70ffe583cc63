import { createHmac, createPrivateKey, sign } from 'node:crypto';
import type { KeyObject, SignKeyObjectInput } from 'node:crypto';
import { ArgumentError } from './errors.ts';
import { MIN_RSA_BITS } from './limits.ts';

/** By what a token is signed: the server's `TOKEN_SECRET` (its first), or the private key to its `TOKEN_PUBLIC_KEY`, in PEM. */
export type SigningKey =
  | { readonly secret: string; readonly privateKey?: undefined }
  | { readonly privateKey: string; readonly secret?: undefined };

/** Signs by the one algorithm that its key has. */
export interface Signer {
  readonly algorithm: 'HS256' | 'EdDSA' | 'ES256' | 'RS256';
  /** The signature in base64url. */
  sign(text: string): string;
}

/** Who signs with this key. Throws an ArgumentError. */
export function signerOf({ secret, privateKey }: SigningKey): Signer {
  if (privateKey === undefined) return signerBySecret(secret);
  if ((secret as unknown) !== undefined) {
    throw new ArgumentError('secret', 'and privateKey are given; one of them signs');
  }
  return signerByKey(keyIn(privateKey));
}

function signerBySecret(secret: unknown): Signer {
  if (typeof secret !== 'string' || secret === '') {
    throw new ArgumentError('secret', 'is missing; it is the TOKEN_SECRET of your server');
  }
  // TOKEN_SECRET may list several, of which none can have one.
  if (secret.includes(',')) {
    throw new ArgumentError('secret', 'contains a comma; give the first of TOKEN_SECRET only');
  }
  return {
    algorithm: 'HS256',
    sign: (text) => createHmac('sha256', secret).update(text).digest('base64url'),
  };
}

function keyIn(pem: string): KeyObject {
  try {
    return createPrivateKey(pem);
  } catch {
    throw new ArgumentError('privateKey', 'is no private key in PEM without a passphrase');
  }
}

function signerByKey(key: KeyObject): Signer {
  const { namedCurve, modulusLength = 0 } = key.asymmetricKeyDetails ?? {};
  if (key.asymmetricKeyType === 'ed25519') {
    return { algorithm: 'EdDSA', sign: (text) => signature(null, text, { key }) };
  }
  if (key.asymmetricKeyType === 'ec' && namedCurve === 'prime256v1') {
    // RFC 7518 §3.4: the two numbers side by side, not the ASN.1 of everybody else.
    const form = { key, dsaEncoding: 'ieee-p1363' } as const;
    return { algorithm: 'ES256', sign: (text) => signature('sha256', text, form) };
  }
  if (key.asymmetricKeyType === 'rsa' && modulusLength >= MIN_RSA_BITS) {
    return { algorithm: 'RS256', sign: (text) => signature('sha256', text, { key }) };
  }
  throw new ArgumentError(
    'privateKey',
    'must be an Ed25519, P-256 or RSA (2048 bits and more) key',
  );
}

function signature(hash: 'sha256' | null, text: string, key: SignKeyObjectInput): string {
  return sign(hash, Buffer.from(text), key).toString('base64url');
}
