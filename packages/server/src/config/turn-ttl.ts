import { wholeNumber } from './readers.ts';

/** So long lives a TURN credential unless told otherwise: as a token does. */
export const DEFAULT_TURN_TTL_SECONDS = 3600;
/** The shortest: a device renews it at half its life. */
const MIN_TURN_TTL_SECONDS = 10;
/** The longest: the TURN server knows no way to take one back. */
const MAX_TURN_TTL_SECONDS = 86_400;

/** Reads how long a TURN credential lives, in seconds. */
export const turnTtl = wholeNumber(MIN_TURN_TTL_SECONDS, MAX_TURN_TTL_SECONDS);
