import {
  MAX_CONTENT_BYTES,
  MAX_RING_TIMEOUT_MS,
  MEDIA,
  MIN_RING_TIMEOUT_MS,
  utf8Length,
} from '@ringline/protocol';
import type { AlteredInvitation, PreCallAnswer, PreCallRequest } from '@ringline/protocol';
import { ArgumentError, VerificationError } from './errors.ts';
import { verifySigned } from './standard-webhooks.ts';
import type { SignedRequest } from './standard-webhooks.ts';
import { envelopeOf } from './webhook.ts';

/** What your server asks before it places a call. A question that is asked again has the same `id`. */
export type ReceivedPreCall = PreCallRequest & { readonly id: string };

/** The question before a call. Throws a VerificationError that says what is wrong with the request. */
export function readPreCall(request: SignedRequest): ReceivedPreCall {
  const verified = verifySigned(request);
  if (verified.body['type'] !== 'call.requested') {
    throw new VerificationError('bad-body', 'type', 'must be call.requested');
  }
  return envelopeOf(verified) as ReceivedPreCall;
}

/** The answer that places the call, altered where something is given. Throws an ArgumentError for what the server would not take. */
export function allow(invitation?: AlteredInvitation): PreCallAnswer {
  if (invitation === undefined) return { decision: 'allow' };
  for (const [field, value] of Object.entries(invitation)) {
    const flaw = value === undefined ? undefined : flawOf(field, value);
    if (flaw !== undefined) throw new ArgumentError(field, flaw);
  }
  return { decision: 'allow', invitation };
}

/** The answer by which there is no call. */
export function deny(): PreCallAnswer {
  return { decision: 'deny' };
}

function flawOf(field: string, value: unknown): string | undefined {
  const flaws = FLAWS as Readonly<Record<string, (value: unknown) => string | undefined>>;
  return Object.hasOwn(flaws, field) ? flaws[field]?.(value) : 'cannot be altered';
}

const FLAWS: { readonly [Name in keyof AlteredInvitation]-?: (v: unknown) => string | undefined } =
  {
    media: (value) =>
      MEDIA.some((each) => each === value) ? undefined : `must be ${MEDIA.join(' or ')}`,
    content: (value) => {
      if (typeof value !== 'string' || !value.isWellFormed()) return 'must be well-formed text';
      return utf8Length(value) <= MAX_CONTENT_BYTES
        ? undefined
        : `must be at most ${MAX_CONTENT_BYTES} bytes`;
    },
    ringTimeoutMs: (value) =>
      Number.isInteger(value) &&
      (value as number) >= MIN_RING_TIMEOUT_MS &&
      (value as number) <= MAX_RING_TIMEOUT_MS
        ? undefined
        : `must be whole milliseconds, ${MIN_RING_TIMEOUT_MS} to ${MAX_RING_TIMEOUT_MS}`,
    holdable: (value) => (typeof value === 'boolean' ? undefined : 'must be true or false'),
  };
