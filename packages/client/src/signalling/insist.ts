import { hasCode } from '../errors.ts';
import type { Clock } from '../ports.ts';
import { RETRY_MS } from '../timing.ts';
import type { RequestBody, Requests } from './requests.ts';

/** What must be said, for as long as it is wanted. */
export interface Insistence {
  readonly build: () => RequestBody;
  readonly isWanted: () => boolean;
}

/**
 * Says it again while the server cannot do it just now, or has lost sight of the number; only for what
 * may be done twice. Resolves with whether it was done before it was wanted no more; rejects with every
 * other refusal.
 */
export async function insist(
  requests: Requests,
  clock: Clock,
  { build, isWanted }: Insistence,
): Promise<boolean> {
  while (isWanted()) {
    try {
      await requests.request(build, { timeoutMs: Infinity });
      return true;
    } catch (error) {
      if (!hasCode(error, 'unavailable', 'rate-limited', 'internal', 'stale')) throw error;
      await pause(clock, error.retryAfterMs ?? RETRY_MS);
    }
  }
  return false;
}

function pause(clock: Clock, ms: number): Promise<void> {
  return new Promise((resolve) => {
    clock.after(ms, resolve);
  });
}
