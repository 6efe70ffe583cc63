import type { UserId } from '@ringline/protocol';
import type { FastifyRequest } from 'fastify';
import type { Authenticator } from '../auth/authenticator.ts';
import { HttpError } from './errors.ts';

/** Tells which user a request is from. */
export type UserOf = (request: FastifyRequest) => Promise<UserId>;

/** How much each user may ask. */
export interface RestBudgets {
  /** 0, or the milliseconds until this user may ask again. */
  rest(user: UserId): number;
}

/** The user of the bearer token in the Authorization header (RFC 6750 §2.1); in no other place, since addresses end up in logs. */
export function bearerOf(authenticator: Authenticator, budgets: RestBudgets): UserOf {
  return async (request) => {
    const verdict = await authenticator.verify(bearerToken(request));
    if (verdict.kind === 'valid') return withinBudget(verdict.identity.peer.user, budgets);
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
