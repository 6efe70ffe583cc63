import { createHash, timingSafeEqual } from 'node:crypto';
import type { FastifyRequest } from 'fastify';
import type { Clock } from '../clock.ts';
import { TokenBucket } from '../gateway/token-bucket.ts';
import { bearerToken } from './bearer.ts';
import { HttpError } from './errors.ts';

/** Wrong keys in a row that are answered at once, from everybody together: nobody mistypes more. */
export const WRONG_KEYS_BURST = 10;
/** And afterwards: a key of 32 bytes is not found by trying, but the log shall stay readable. */
const WRONG_KEYS_PER_SECOND = 1;

/** Lets an operator pass, and throws HttpError for everybody else. */
export type RequireOperator = (request: FastifyRequest) => Promise<void>;

/** An operator is who has one of the keys; a user's token is none. */
export function operatorBy(keys: readonly string[], clock: Clock): RequireOperator {
  const hashes = keys.map(hashOf);
  const wrong = new TokenBucket(WRONG_KEYS_BURST, WRONG_KEYS_PER_SECOND, clock.now());
  return async (request) => {
    if (hashes.length === 0) {
      throw new HttpError('forbidden', 'Nobody is an operator here: set API_KEYS.');
    }
    const bearer = bearerToken(request);
    const hash = hashOf(bearer);
    // Each is compared, in the same time whichever it is.
    const matches = hashes.filter((each) => timingSafeEqual(each, hash));
    if (matches.length > 0) return;
    const waitMs = wrong.take(clock.now());
    if (waitMs > 0) throw HttpError.rateLimited(waitMs);
    throw new HttpError('unauthorized', isToken(bearer) ? NOT_A_USERS : NOT_A_KEY);
  };
}

const NOT_A_KEY = 'This is for operators: the bearer must be one of API_KEYS.';
const NOT_A_USERS = 'This is for operators: the bearer must be an API key, not a user’s token.';

/** A JSON Web Token: three parts, of which the first begins with `{"`. */
function isToken(text: string): boolean {
  return /^eyJ[\w-]*\.[\w-]*\.[\w-]*$/.test(text);
}

function hashOf(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
