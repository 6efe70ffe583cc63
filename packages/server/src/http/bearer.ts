import type { UserId } from '@ringline/protocol';
import type { FastifyRequest } from 'fastify';
import type { Authenticator } from '../auth/authenticator.ts';
import type { CallPolicy } from '../calls/call-policy.ts';
import { narrowed } from '../calls/call-policy.ts';
import { HttpError } from './errors.ts';

/** The user that a request is from, and what the server permits to this user. */
export interface Bearer {
  readonly user: UserId;
  readonly policy: CallPolicy;
}

/** Tells whom a request is from. */
export type BearerOf = (request: FastifyRequest) => Promise<Bearer>;

/** How much each user may ask. */
export interface RestBudgets {
  /** 0, or the milliseconds until this user may ask again. */
  rest(user: UserId): number;
}

/** The user of the bearer token in the Authorization header (RFC 6750 §2.1); in no other place, since addresses end up in logs. */
export function bearerBy(
  authenticator: Authenticator,
  budgets: RestBudgets,
  permitted: CallPolicy,
): BearerOf {
  return async (request) => {
    const verdict = await authenticator.verify(bearerToken(request));
    if (verdict.kind === 'valid') {
      const { peer, policy } = verdict.identity;
      return { user: withinBudget(peer.user, budgets), policy: narrowed(permitted, policy) };
    }
    const why = verdict.kind === 'expired' ? 'has expired' : `is refused: ${verdict.why}`;
    throw new HttpError('unauthorized', `The token ${why}.`);
  };
}

/** What follows “Bearer”; throws HttpError when nothing does. */
export function bearerToken({ headers }: FastifyRequest): string {
  const [, token] = /^Bearer +([^\s]+)$/i.exec(headers.authorization ?? '') ?? [];
  if (token !== undefined) return token;
  throw new HttpError('unauthorized', 'The header “Authorization: Bearer <token>” is missing.');
}

function withinBudget(user: UserId, budgets: RestBudgets): UserId {
  const waitMs = budgets.rest(user);
  if (waitMs > 0) throw HttpError.rateLimited(waitMs);
  return user;
}
