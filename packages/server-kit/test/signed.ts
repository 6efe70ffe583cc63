import { createHash, createHmac } from 'node:crypto';
import { VerificationError } from '../src/index.ts';

/** Bytes of a secret, all the same, as `whsec_…`. */
export const secretOf = (byte: number, length = 32) =>
  `whsec_${Buffer.alloc(length, byte).toString('base64')}`;

export const SECRET = secretOf(1);
export const NOW = Date.UTC(2026, 0, 2, 3, 4, 5);

export const EVENT = {
  type: 'call.ended',
  timestamp: '2026-01-02T03:04:05.000Z',
  data: { call: '0123456789abcdef', sequence: 3, reason: 'completed' },
};

interface Signing {
  readonly secret?: string;
  readonly id?: string;
  /** Epoch milliseconds. */
  readonly at?: number;
}

/** A body with its headers, signed as the standard says. */
export function signed(
  content: unknown,
  { secret = SECRET, id = 'msg_1', at = NOW }: Signing = {},
) {
  const body = typeof content === 'string' ? content : JSON.stringify(content);
  const timestamp = String(Math.floor(at / 1000));
  const key = Buffer.from(secret.slice('whsec_'.length), 'base64');
  const hmac = createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64');
  const headers = {
    'webhook-id': id,
    'webhook-timestamp': timestamp,
    'webhook-signature': `v1,${hmac}`,
  };
  return { headers, body };
}

export const APP_SECRET = 'the secret of an app';

/** A copy-out body with its headers, as the vendor sends it. */
export function copied(body: string, type?: string) {
  const md5 = createHash('md5').update(body).digest('hex');
  const checkSum = createHash('sha1').update(`${APP_SECRET}${md5}${NOW}`).digest('hex');
  const headers = { AppKey: 'app', CurTime: String(NOW), MD5: md5, CheckSum: checkSum };
  return { headers: { ...headers, ...(type !== undefined && { type }) }, body };
}

/** What an action throws, as `code field` and its message; anything but a VerificationError is passed on. */
export function refusalOf(action: () => unknown): string {
  try {
    return `accepted ${JSON.stringify(action())}`;
  } catch (error) {
    if (error instanceof VerificationError) return `${error.code} ${error.message}`;
    throw error;
  }
}
