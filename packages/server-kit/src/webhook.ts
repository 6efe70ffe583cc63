import type { WebhookEvent } from '@ringline/protocol';
import { VerificationError } from './errors.ts';
import { verifySigned } from './standard-webhooks.ts';
import type { SignedRequest, VerifiedRequest } from './standard-webhooks.ts';

/**
 * An event that is certainly of your server. `id` stays when it is sent again: act on each id once.
 * A newer server may send types that this package does not list; pass over what you do not know.
 */
export type ReceivedEvent = WebhookEvent & { readonly id: string };

/** The event that a webhook carries. Throws a VerificationError that says what is wrong with it. */
export function verifyWebhook(request: SignedRequest): ReceivedEvent {
  const verified = verifySigned(request);
  if (verified.body['type'] === 'call.requested') {
    const flaw = 'is a question before a call, which readPreCall() reads';
    throw new VerificationError('bad-body', 'type', flaw);
  }
  return envelopeOf(verified) as ReceivedEvent;
}

/** A body with its id, once it has the parts that every body has; for what is within `data` the signature vouches. */
export function envelopeOf({ id, body }: VerifiedRequest): object {
  for (const field of ['type', 'timestamp']) {
    if (typeof body[field] !== 'string') {
      throw new VerificationError('bad-body', field, 'must be text');
    }
  }
  const { data } = body;
  if (typeof data !== 'object' || data === null) {
    throw new VerificationError('bad-body', 'data', 'must be an object');
  }
  return { ...body, id };
}
