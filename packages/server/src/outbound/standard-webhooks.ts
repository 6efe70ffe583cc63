import { createHmac } from 'node:crypto';
import type { Randomness } from '../randomness.ts';

/*
 * Signatures by the Standard Webhooks (https://www.standardwebhooks.com): HMAC-SHA256 over id,
 * time and body, by which a receiver knows who has sent it, when, and that it is all of it.
 */

const PREFIX = 'whsec_';
/** Bytes of a secret, by that standard. */
export const SECRET_BYTES = { min: 24, max: 64 } as const;
/** What we make: as long as the hash. */
const MADE_BYTES = 32;
/** Secrets of one endpoint: the one in use, the next, and one to spare. */
export const MAX_SECRETS = 3;

/** A new secret. */
export function makeSecret(randomness: Randomness): string {
  return `${PREFIX}${Buffer.from(randomness.bytes(MADE_BYTES)).toString('base64')}`;
}

/** Why this is no secret, or undefined when it is one. */
export function flawOfSecret(secret: string): string | undefined {
  const { min, max } = SECRET_BYTES;
  const text = secret.startsWith(PREFIX) ? secret.slice(PREFIX.length) : '';
  const bytes = /^[A-Za-z0-9+/]+={0,2}$/.test(text) ? keyOf(secret).byteLength : 0;
  if (bytes >= min && bytes <= max) return undefined;
  return `must be “${PREFIX}” and ${min} to ${max} bytes in base64`;
}

/** What is signed. */
export interface Signed {
  /** The same in every attempt. */
  readonly id: string;
  /** Epoch milliseconds of this attempt. */
  readonly at: number;
  readonly body: string;
}

/** The header fields of a signed request; each secret signs, so that they can be changed one by one. */
export function standardHeaders(
  secrets: readonly string[],
  { id, at, body }: Signed,
): Record<string, string> {
  const timestamp = String(Math.floor(at / 1000));
  const signatures = secrets.map((secret) => {
    const mac = createHmac('sha256', keyOf(secret)).update(`${id}.${timestamp}.${body}`);
    return `v1,${mac.digest('base64')}`;
  });
  return {
    'webhook-id': id,
    'webhook-timestamp': timestamp,
    'webhook-signature': signatures.join(' '),
  };
}

function keyOf(secret: string): Buffer {
  return Buffer.from(secret.slice(PREFIX.length), 'base64');
}
