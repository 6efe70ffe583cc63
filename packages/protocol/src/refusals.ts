/** Every code with which a message is refused, and what to do about it. */
export const REFUSALS = {
  malformed: 'The message breaks the protocol; `path` names the first bad field. Mend the sender.',
  'unknown-type': 'No message has this type in the agreed version. Update the SDK or the server.',
  unauthorized: 'The token is missing, forged or expired. Fetch a new one and say hello again.',
  forbidden:
    'Not with this token, or not from this side or device of the call; an expired token may only resume and end its open calls.',
  'unknown-call': 'There is no such call, or this user has no part in it.',
  'wrong-state': 'The call is not in a state in which this makes sense; look at its newest view.',
  'not-permitted': 'The policy of this server, for this user or for this call, does not permit it.',
  'in-progress':
    'Another operation of this device on the call is under way; wait for its outcome, then try again.',
  'on-hold': 'The call is held, by either side; resume it first.',
  'answered-elsewhere': 'Another device of this user accepted first.',
  'caller-busy': 'This user is in another call already; end it first.',
  'other-call-live': 'Another call of this user is live; swap the two, or end that one first.',
  'self-call': 'A user cannot call itself.',
  'call-id-taken': 'This call id names another call; make a new random one.',
  'unknown-invitation': 'There is no such invitation, or this user has no part in it.',
  'invitation-id-taken': 'This id names another invitation; make a new random one.',
  'too-many-invitations':
    'This user, or the callee, has the most invitations allowed open; cancel one, or wait for its end.',
  'unknown-user': 'This user has no login of RTM just now; its attributes are gone with it.',
  'too-many-channels': 'This page is in the most channels allowed; leave one.',
  stale: 'The sequence number lies behind what was done; the outcome is in the newest view.',
  'rate-limited': 'Too many messages; wait `retryAfterMs`.',
  'too-many-devices': 'This user has the most devices allowed at once; close one.',
  unavailable:
    'The server cannot commit just now, and may have done it as its store fell; try again after `retryAfterMs`.',
  internal: 'A defect of the server; nothing was changed. Report the call id and the time.',
} as const satisfies Record<string, string>;

export type RefusalCode = keyof typeof REFUSALS;

/** Why a message was not carried out; `path` names the first bad field, as in `body.text`. */
export interface Refusal {
  readonly code: RefusalCode;
  readonly message: string;
  readonly path?: string;
  readonly retryAfterMs?: number;
}

/** A refusal with the documented sentence unless a better one is given. */
export function refusal(
  code: RefusalCode,
  more: { message?: string; path?: string; retryAfterMs?: number } = {},
): Refusal {
  return { code, message: REFUSALS[code], ...more };
}
