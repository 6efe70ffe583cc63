import {
  MAX_CONTENT_BYTES,
  MAX_RING_TIMEOUT_MS,
  MEDIA,
  MIN_RING_TIMEOUT_MS,
} from '@ringline/protocol';
import type { AlteredInvitation, PreCallAnswer, PreCallRequest } from '@ringline/protocol';
import { checkFields, isOneOf, isText, isTruth, isWhole } from './checks.ts';
import type { Check } from './checks.ts';
import { VerificationError } from './errors.ts';
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
  checkFields(invitation, CHECKS);
  return { decision: 'allow', invitation };
}

/** The answer by which there is no call. */
export function deny(): PreCallAnswer {
  return { decision: 'deny' };
}

const CHECKS: Readonly<Record<keyof AlteredInvitation, Check>> = {
  media: isOneOf(MEDIA),
  content: isText(MAX_CONTENT_BYTES),
  ringTimeoutMs: isWhole('milliseconds', MIN_RING_TIMEOUT_MS, MAX_RING_TIMEOUT_MS),
  holdable: isTruth,
};
