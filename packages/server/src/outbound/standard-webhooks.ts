import { createHmac } from 'node:crypto';
import type { Randomness } from '../randomness.ts';

/** As https://www.standardwebhooks.com asks: as long as the hash, at least 192 bits. */
export const MIN_WEBHOOK_SECRET_BYTES = 24;
export const MAX_WEBHOOK_SECRET_BYTES = 64;

const PREFIX = 'whsec_';
const NEW_SECRET_BYTES = 32;

/** One message to sign. */
export interface SignedMessage {
  /** `whsec_…`, as `flawOfWebhookSecret` takes them; each signs, so that a receiver may change to a new one in peace. */
  readonly secrets: readonly string[];
  /** The same however often the message is sent; without dots, which separate what is signed. */
  readonly id: string;
  /** When it is sent this time: epoch milliseconds. */
  readonly at: number;
  /** Exactly the bytes that are sent. */
  readonly body: string;
}

/** The headers of Standard Webhooks 1.0, and the type of the body. */
export type StandardHeaders = Readonly<
  Record<'content-type' | 'webhook-id' | 'webhook-timestamp' | 'webhook-signature', string>
>;

/** Signs a message with `v1`: HMAC-SHA256 over id, timestamp in seconds and body. */
export function standardHeaders({ secrets, id, at, body }: SignedMessage): StandardHeaders {
  const timestamp = String(Math.floor(at / 1000));
  const signed = `${id}.${timestamp}.${body}`;
  return {
    'content-type': 'application/json',
    'webhook-id': id,
    'webhook-timestamp': timestamp,
    'webhook-signature': secrets.map((secret) => `v1,${hmacOf(keyOf(secret), signed)}`).join(' '),
  };
}

/** A new secret. */
export function newWebhookSecret(randomness: Randomness): string {
  return PREFIX + Buffer.from(randomness.bytes(NEW_SECRET_BYTES)).toString('base64');
}

/** What is wrong with a secret, in words that follow the name of its field and do not repeat it; undefined when nothing is. */
export function flawOfWebhookSecret(text: string): string | undefined {
  const [, base64] =
    /^whsec_((?:[A-Za-z\d+/]{4})*(?:[A-Za-z\d+/]{2}==|[A-Za-z\d+/]{3}=)?)$/.exec(text) ?? [];
  if (base64 === undefined) return `must be “${PREFIX}” and base64; ${HOW_TO_MAKE_ONE}`;
  const { length } = keyOf(text);
  if (length >= MIN_WEBHOOK_SECRET_BYTES && length <= MAX_WEBHOOK_SECRET_BYTES) return undefined;
  return `holds ${length} bytes, needs ${MIN_WEBHOOK_SECRET_BYTES} to ${MAX_WEBHOOK_SECRET_BYTES}; ${HOW_TO_MAKE_ONE}`;
}

const HOW_TO_MAKE_ONE = `make one with \`echo ${PREFIX}$(openssl rand -base64 ${NEW_SECRET_BYTES})\``;

function keyOf(secret: string): Buffer {
  return Buffer.from(secret.slice(PREFIX.length), 'base64');
}

function hmacOf(key: Buffer, signed: string): string {
  return createHmac('sha256', key).update(signed).digest('base64');
}
