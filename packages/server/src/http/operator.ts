import { createHash, timingSafeEqual } from 'node:crypto';
import type { FastifyRequest } from 'fastify';
import type { Clock } from '../clock.ts';
import { TokenBucket } from '../gateway/token-bucket.ts';
import { HttpError } from './errors.ts';

/** Passes a request of the operator; throws HttpError for every other. */
export type OperatorGuard = (request: FastifyRequest) => void;

/** Wrong keys that are answered one by one: a deployment with an old key, not somebody who guesses. */
export const OPERATOR_FAILURE_BURST = 20;
export const OPERATOR_FAILURES_PER_SECOND = 1;

/**
 * Takes an operator's API key as bearer (RFC 6750 §2.1), and never a user's token. Only failures draw on
 * the budget, and a good key is looked at first: nobody can lock the operator out by guessing.
 */
export function operatorOf(keys: readonly string[], clock: Clock): OperatorGuard {
  const hashes = keys.map(hashOf);
  const failures = new TokenBucket(
    OPERATOR_FAILURE_BURST,
    OPERATOR_FAILURES_PER_SECOND,
    clock.now(),
  );
  return ({ headers }) => {
    if (hashes.length === 0) throw new HttpError('forbidden', NO_KEYS);
    const [, given] = /^Bearer +([^\s]+)$/i.exec(headers.authorization ?? '') ?? [];
    if (given !== undefined && isAmong(hashes, hashOf(given))) return;
    const waitMs = failures.take(clock.now());
    throw waitMs > 0 ? HttpError.rateLimited(waitMs) : refusalOf(given);
  };
}

const NO_KEYS = 'This server has no API keys; set API_KEYS to open what is the operator’s.';

function refusalOf(given: string | undefined): HttpError {
  if (given === undefined) {
    return new HttpError(
      'unauthorized',
      'The header “Authorization: Bearer <API key>” is missing.',
    );
  }
  if (isToken(given)) {
    return new HttpError('forbidden', 'This takes an API key of the operator, not a user’s token.');
  }
  return new HttpError('unauthorized', 'The API key is none of API_KEYS.');
}

/** Hashes are of one length, and tell an observer of the time nothing about the keys. */
function hashOf(key: string): Buffer {
  return createHash('sha256').update(key).digest();
}

/** Compares with every one, whichever it is. */
function isAmong(hashes: readonly Buffer[], hash: Buffer): boolean {
  return hashes.filter((each) => timingSafeEqual(each, hash)).length > 0;
}

/** A JSON Web Token: three parts, of which the first begins with `{"`. */
function isToken(text: string): boolean {
  return /^eyJ[\w-]*\.[\w-]*\.[\w-]*$/.test(text);
}
