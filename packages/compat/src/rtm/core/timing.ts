/** The doors' own times and limits, each with its reason. What both sides must know is in @ringline/protocol. */

/** A connection that is away for less than this is told of by no RTM. */
export const INTERRUPTED_AFTER_MS = 4_000;
/** A connection on which nothing is answered for so long is away: RTM counts these seconds as INTERRUPTED_AFTER_MS. */
export const SILENT_AFTER_MS = INTERRUPTED_AFTER_MS;
/** How often a page asks whether the server is there: twice within SILENT_AFTER_MS, so that one slow answer ends nothing. */
export const PULSE_MS = 2_000;
/** A question waits at least so long for its answer, however long ago the one before was answered: browsers slow down hidden pages. */
export const ANSWER_AT_LEAST_MS = 1_000;
/** An ordinary call that nobody listens for on this page is left to other devices after this: an app listens by then, and RECEIPT_TIMEOUT_MS is not over. */
export const UNSEEN_AFTER_MS = 3_000;
/** Agora's web SDK gives up a login after this. */
export const AGORA_LOGIN_TIMEOUT_MS = 10_000;
/** And anyRTC's after this. */
export const ANYRTC_LOGIN_TIMEOUT_MS = 6_000;
/** RTM tells so long before that a token is about to expire. */
export const TOKEN_WARNING_MS = 30_000;
/** Two clocks differ by the way of a message: a token with less than this left counts as expired. */
export const TOKEN_TOLERANCE_MS = 1_000;
/** The server's word on what became of an invitation should come first; without a connection this door says it so much later. */
export const WORD_MARGIN_MS = 2_000;
/** An answer to a message comes this much after the server has given it up, at the latest. */
export const ANSWER_MARGIN_MS = 2_000;
/** A hang-up that its peer does not have is said again after this: a page that comes back is told at once, and a server is not flooded. */
export const HANG_UP_AGAIN_MS = 1_000;
/** Who raises an invitation to a call first waits so long for the other: a page loads its media code and asks for the microphone. */
export const RAISE_TIMEOUT_MS = 30_000;

/** Logins, and new tokens, in one second: the limit of RTM 1.x. */
export const MAX_LOGINS_PER_SECOND = 2;
/** Changes of the list of peers in five seconds: the limit of RTM 1.x. */
export const MAX_SUBSCRIPTIONS_PER_5_S = 10;
/** Joins of one and the same channel in five seconds: the limit of RTM 1.x. */
export const MAX_JOINS_OF_A_CHANNEL_PER_5_S = 2;
/** Peers in one question: the limit of RTM 1.x. */
export const MAX_QUERIED_PEERS = 256;
/** Messages whose ids are remembered, so that one that comes twice is handed out once: more than a peer may send within the time of an answer. */
export const REMEMBERED_MESSAGES = 1024;
/** Invitations that were accepted and are noted for a page that is loaded anew: a user raises one at a time, and the server keeps them for ten minutes. */
export const MAX_ACCEPTED_KEPT = 16;
/** Invitations that are over and remembered, so that a late view does not ring again. */
export const REMEMBERED_INVITATIONS = 256;
