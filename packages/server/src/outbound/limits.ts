/** Of an answer so much is read: an altered invitation with its content, each byte escaped six-fold in JSON. */
export const MAX_ANSWER_BYTES = 64 * 1024;
/** Connections to one host at once, unless who sends bounds itself: what a customer's server takes well, and no more of ours when it stalls. */
export const MAX_CONNECTIONS_PER_HOST = 64;
/** An unused connection is kept this long: under the 5 s after which Node's servers, and the 60 s after which others close it. */
export const KEEP_ALIVE_MS = 4_000;
/** Redirects that are followed: a move, a move to https, and one for a slash. */
export const MAX_REDIRECTS = 3;
/** The address of somebody's server: what every server and proxy takes (RFC 9110 §4.1 asks for 8,000). */
export const MAX_URL_BYTES = 2 * 1024;
