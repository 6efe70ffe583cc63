/** The SDK's own times, each with its reason. What both sides must know is in @ringline/protocol. */

/** From opening a socket to its welcome: slow mobile networks need several seconds for TLS. */
export const WELCOME_TIMEOUT_MS = 10_000;
/** How long the first connect() tries unless told otherwise: a person looks at a spinner. */
export const FIRST_CONNECT_TIMEOUT_MS = 30_000;
/** A request without an answer for this long is given up: nobody wants a call that rings later. */
export const REQUEST_TIMEOUT_MS = 15_000;
/** A heartbeat without an answer for this long means that the socket is dead. */
export const ALIVE_TIMEOUT_MS = 5_000;
/** And for this long after the network has changed or the machine has slept: it probably is. */
export const PROBE_TIMEOUT_MS = 1_000;
/** How often it is looked whether the machine has slept: a call that ended meanwhile is told soon. */
export const SLEEP_TICK_MS = 3_000;
/** A timer that is late by this much has slept; a busy page is late by less. */
export const SLEPT_MS = 2_000;
/** The first pause between attempts, doubled each time; jitter takes up to half of it away. */
export const BACK_OFF_FIRST_MS = 500;
/** The longest pause: a server that comes back is not flooded, and found soon enough. */
export const BACK_OFF_MAX_MS = 30_000;
/**
 * A connection that breaks before it has lasted this long is one more failed attempt. As long as the longest pause:
 * a server that ends each connection is greeted no more often than one that takes none. And longer than it takes to
 * find one silent that answers no heartbeat, 20 s.
 */
export const LASTED_MS = BACK_OFF_MAX_MS;
/** The longest pause with an open call: a caller's grace before the accept is 8 s. */
export const BACK_OFF_MAX_IN_CALL_MS = 2_000;
/** A token or TURN credential is renewed this long before its end, or after half its life when that is shorter. */
export const RENEW_BEFORE_MS = 60_000;
/** When what lives this long is renewed, in milliseconds from now. */
export function renewalIn(lifeMs: number): number {
  return Math.max(lifeMs - RENEW_BEFORE_MS, lifeMs / 2);
}
/** How long an outgoing call waits for the server's word after its ring time: it should come first. */
export const EXPIRY_MARGIN_MS = 2_000;
/** A request that the server could not do just now, and gave no time for, is tried again after this. */
export const RETRY_MS = 1_000;
/** So long a new path waits for fresh credentials; without an answer it is looked for with those in hand. */
export const ICE_RENEWAL_TIMEOUT_MS = 2_000;
/** ICE often heals by itself within this; then it is restarted. */
export const ICE_PATIENCE_MS = 2_000;
/** One change of network is told in several ways within this. */
export const NETWORK_BURST_MS = 500;
/** An offer without an answer, or an accept without an offer, is asked for again this often. */
export const NUDGE_MS = 4_000;
/** How often a connection that stands is asked for its first packet: within the eye's blink. */
export const FLOW_POLL_MS = 100;
/** A connection that stands this long flows: the peer may have no track at all. */
export const FLOW_PATIENCE_MS = 3_000;
/** How often a connected call is measured: 150 packets of speech make a loss of one percent visible. */
export const QUALITY_SAMPLE_MS = 3_000;
/** How often a long call reports its quality: a page that is closed leaves all but the last minute. */
export const QUALITY_REPORT_EVERY_MS = 60_000;
/** The server's voice is waited for so long before this device plays a tone of its own: a connection takes a tenth. */
export const VOICE_PATIENCE_MS = 1_000;
/** A tone of this device's own tells for so long that nobody answered. */
export const OWN_ANNOUNCING_MS = 5_000;
/** An announcement that is offered before its call is known here waits so long: until the call is placed. */
export const EARLY_VOICE_MS = 500;
