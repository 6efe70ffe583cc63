import type { Randomness } from '../ports.ts';
import { randomFraction } from '../random.ts';
import { BACK_OFF_FIRST_MS, BACK_OFF_MAX_IN_CALL_MS, BACK_OFF_MAX_MS } from '../timing.ts';

/** The pause before attempt 0, 1, 2 …: exponential, with jitter so that devices do not return together. */
export function pauseBefore(attempt: number, inCall: boolean, randomness: Randomness): number {
  const longest = inCall ? BACK_OFF_MAX_IN_CALL_MS : BACK_OFF_MAX_MS;
  const pause = Math.min(longest, BACK_OFF_FIRST_MS * 2 ** attempt);
  return Math.round(pause * (1 - randomFraction(randomness) / 2));
}
