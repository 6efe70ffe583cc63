import { createHmac } from 'node:crypto';
import { ArgumentError, VerificationError } from './errors.ts';
import {
  MAX_WEBHOOK_SECRET_BYTES,
  MIN_WEBHOOK_SECRET_BYTES,
  WEBHOOK_TOLERANCE_SECONDS,
} from './limits.ts';
import { bytesOf, checkAge, headerOf, isSame, textOf } from './request.ts';
import type { RequestHeaders } from './request.ts';

/** A request as it came, and by what it should be signed. */
export interface SignedRequest {
  /** `whsec_…`; several while one replaces another, and any of them may have signed. */
  readonly secret: string | readonly string[];
  readonly headers: RequestHeaders;
  /** The text or bytes before any parsing. */
  readonly body: string | Uint8Array;
  /** Epoch milliseconds; the clock of this machine unless given. */
  readonly now?: number;
  /** How far the sender's clock and the way here may be off; 300 unless given. */
  readonly toleranceSeconds?: number;
}

/** A request whose signature is right. */
export interface VerifiedRequest {
  /** The same whenever this is sent again. */
  readonly id: string;
  readonly body: Readonly<Record<string, unknown>>;
}

const ID = 'webhook-id';
const TIMESTAMP = 'webhook-timestamp';
const SIGNATURE = 'webhook-signature';
const SECRET = /^whsec_((?:[A-Za-z\d+/]{4})*(?:[A-Za-z\d+/]{2}==|[A-Za-z\d+/]{3}=)?)$/;

/** Checks a request by the Standard Webhooks 1.0. Throws a VerificationError, or an ArgumentError for a secret that is none. */
export function verifySigned(request: SignedRequest): VerifiedRequest {
  const { headers, now = Date.now(), toleranceSeconds = WEBHOOK_TOLERANCE_SECONDS } = request;
  const keys = [request.secret].flat().map(keyOf);
  if (keys.length === 0) throw new ArgumentError('secret', 'holds none');
  const body = bytesOf(request.body);
  const id = headerOf(headers, ID);
  const timestamp = headerOf(headers, TIMESTAMP);
  const signatures = headerOf(headers, SIGNATURE);
  if (!/^\d{1,12}$/.test(timestamp)) {
    throw new VerificationError('bad-header', TIMESTAMP, 'must be seconds since 1970');
  }
  checkSignature(signatures, expectedBy(keys, `${id}.${timestamp}.`, body));
  // Only after the signature: whoever cannot sign learns nothing of the clock.
  checkAge(TIMESTAMP, Number(timestamp) * 1000, now, toleranceSeconds);
  return { id, body: objectIn(textOf(body)) };
}

function keyOf(secret: string): Buffer {
  const key = Buffer.from(SECRET.exec(secret)?.[1] ?? '', 'base64');
  if (key.length >= MIN_WEBHOOK_SECRET_BYTES && key.length <= MAX_WEBHOOK_SECRET_BYTES) return key;
  const range = `${MIN_WEBHOOK_SECRET_BYTES} to ${MAX_WEBHOOK_SECRET_BYTES}`;
  throw new ArgumentError('secret', `must be “whsec_” and base64 of ${range} bytes`);
}

function expectedBy(keys: readonly Buffer[], head: string, body: Uint8Array): string[] {
  return keys.map((key) => createHmac('sha256', key).update(head).update(body).digest('base64'));
}

/** One of the signatures must be one of the expected; those of other versions are passed over. */
function checkSignature(header: string, expected: readonly string[]): void {
  const own = header.split(' ').flatMap((each) => /^v1,(.+)$/.exec(each)?.[1] ?? []);
  if (own.length === 0) {
    throw new VerificationError('bad-header', SIGNATURE, 'has no signature of the version v1');
  }
  const isRight = own.some((each) => expected.some((one) => isSame(each, one)));
  if (!isRight) {
    throw new VerificationError('bad-signature', SIGNATURE, 'is of none of the secrets');
  }
}

function objectIn(text: string): Readonly<Record<string, unknown>> {
  const value = jsonIn(text);
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
    return value as Readonly<Record<string, unknown>>;
  }
  throw new VerificationError('bad-body', 'body', 'must be a JSON object');
}

function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new VerificationError('bad-body', 'body', 'is no JSON', { cause });
  }
}
