import type { Randomness } from '../randomness.ts';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

/**
 * How long a delivery waits after each attempt that failed: seconds for a restart, minutes for a
 * bad deployment, hours for a weekend without anybody. After the last one it is dead: three and
 * a half days, so that what broke on a Friday night is there on Monday.
 */
export const RETRY_DELAYS_MS: readonly number[] = [
  5 * SECOND,
  20 * SECOND,
  MINUTE,
  5 * MINUTE,
  15 * MINUTE,
  HOUR,
  3 * HOUR,
  6 * HOUR,
  12 * HOUR,
  24 * HOUR,
  36 * HOUR,
];
/** Up to so much of a delay is added at random, so that what failed together does not come again together. */
export const JITTER = 0.2;
/**
 * Nothing is tried for longer than all of it takes, since it happened or was sent again: what waited behind
 * something that nobody took is not tried for days more, one after the other.
 */
export const GIVE_UP_AFTER_MS = RETRY_DELAYS_MS.reduce(
  (sum, delay) => sum + delay * (1 + JITTER),
  0,
);
/** What an answer may ask us to wait at most. */
export const MAX_RETRY_AFTER_MS = 6 * HOUR;

/** Milliseconds to the next attempt after so many that failed; undefined when there is none. */
export function retryDelay(
  failed: number,
  randomness: Randomness,
  askedMs = 0,
): number | undefined {
  const delay = RETRY_DELAYS_MS[failed - 1];
  if (delay === undefined) return undefined;
  const [byte = 0] = randomness.bytes(1);
  const spread = Math.round(delay * (1 + (JITTER * byte) / 255));
  return Math.max(spread, Math.min(askedMs, MAX_RETRY_AFTER_MS));
}
