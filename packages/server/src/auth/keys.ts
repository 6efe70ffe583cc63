import { createPublicKey, createSecretKey } from 'node:crypto';
import type { KeyObject } from 'node:crypto';

/** A key that verifies tokens, and the only algorithms it may be used with (RFC 8725 §3.1). */
export interface VerificationKey {
  readonly algorithms: readonly string[];
  readonly key: KeyObject;
}

/** The smallest RSA modulus accepted (RFC 7518 §3.3). */
const MIN_RSA_BITS = 2048;

/** A shared secret, for HS256 alone. */
export function secretKey(secret: string): VerificationKey {
  return { algorithms: ['HS256'], key: createSecretKey(secret, 'utf8') };
}

/** A public key in PEM with the algorithm that its type has, or why it cannot be used. */
export function publicKey(pem: string): VerificationKey | { readonly flaw: string } {
  if (pem.includes('PRIVATE KEY')) return { flaw: 'is a private key; give the public one only' };
  let key: KeyObject;
  try {
    key = createPublicKey(pem);
  } catch {
    return { flaw: 'is no public key in PEM (“-----BEGIN PUBLIC KEY-----”)' };
  }
  const algorithms = algorithmsOf(key);
  return algorithms
    ? { algorithms, key }
    : { flaw: 'must be an Ed25519, P-256 or RSA (2048 bits and more) key' };
}

function algorithmsOf(key: KeyObject): readonly string[] | undefined {
  const { namedCurve, modulusLength = 0 } = key.asymmetricKeyDetails ?? {};
  // RFC 9864 gives EdDSA with this curve the name Ed25519; both are the same signature.
  if (key.asymmetricKeyType === 'ed25519') return ['EdDSA', 'Ed25519'];
  if (key.asymmetricKeyType === 'ec' && namedCurve === 'prime256v1') return ['ES256'];
  if (key.asymmetricKeyType === 'rsa' && modulusLength >= MIN_RSA_BITS) return ['RS256'];
  return undefined;
}
