/** Limits of this package alone, with their reasons; those that it shares with the server are in `@ringline/protocol`. */

/** A webhook is older or newer by so much at most: what the Standard Webhooks recommend against replays. */
export const WEBHOOK_TOLERANCE_SECONDS = 300;
/** Bytes of a secret by which webhooks are signed: what the Standard Webhooks ask for. */
export const MIN_WEBHOOK_SECRET_BYTES = 24;
export const MAX_WEBHOOK_SECRET_BYTES = 64;
/** How long a token lives unless it is said: the SDK renews it in time, and a stolen one is soon worth nothing. */
export const DEFAULT_TOKEN_SECONDS = 3600;
/** The longest, a leap year: who gives more has given milliseconds. */
export const MAX_TOKEN_SECONDS = 366 * 24 * 3600;
/** The smallest RSA modulus (RFC 7518 §3.3). */
export const MIN_RSA_BITS = 2048;
