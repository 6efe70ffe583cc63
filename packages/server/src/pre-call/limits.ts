import { MAX_CONNECTIONS_PER_HOST } from '../outbound/limits.ts';

/** How long a customer's server may take unless told otherwise: a caller hears nothing until then. */
export const DEFAULT_PRE_CALL_TIMEOUT_MS = 2_000;
/** The shortest: a way across the world and a look into a database. */
export const MIN_PRE_CALL_TIMEOUT_MS = 100;
/** The longest: heartbeats wait behind the invitation, and after 5 s an SDK takes its connection for dead. */
export const MAX_PRE_CALL_TIMEOUT_MS = 4_000;
/** Questions under way on one node: more would only wait for a connection. */
export const MAX_QUESTIONS = MAX_CONNECTIONS_PER_HOST;
/** An answer is kept for an invitation that is repeated after a reconnect: as long as an SDK repeats one. */
export const ANSWER_KEPT_MS = 15_000;
/** And so many at most: each may have a content, so that they are 36 MB at worst. */
export const MAX_KEPT_ANSWERS = 4_096;
