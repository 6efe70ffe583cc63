import type { InvitationView, UserId } from '@ringline/protocol';
import { INVITATION_LIFE_MS } from '@ringline/protocol';
import type { Answered, Invitation } from './invitation.ts';
import { isOpenInvitation } from './invitation.ts';

/** What one of its two users sees of a bare invitation; undefined for others. */
export function invitationViewOf(
  invitation: Invitation,
  user: UserId,
  now: number,
): InvitationView | undefined {
  const { id, version, caller, callee, content, channel, sentAt, state } = invitation;
  if (user !== caller && user !== callee) return undefined;
  const isCaller = user === caller;
  const isOpen = isOpenInvitation(invitation);
  const answer = answerIn(invitation);
  const failure = isOpen ? null : invitation.failure;
  return {
    id,
    version,
    side: isCaller ? 'caller' : 'callee',
    peer: isCaller ? callee : caller,
    content,
    channel,
    response: answer?.response ?? '',
    state,
    ...(failure && { failure }),
    ...(answer && { answeredBy: answer.answeredBy }),
    remainingMs: isOpen ? Math.max(0, sentAt + INVITATION_LIFE_MS - now) : 0,
  };
}

function answerIn(invitation: Invitation): Answered | null {
  switch (invitation.state) {
    case 'sent':
    case 'received':
      return null;
    case 'accepting':
      return invitation;
    case 'accepted':
    case 'refused':
    case 'cancelled':
    case 'failed':
      return invitation.answer;
  }
}
