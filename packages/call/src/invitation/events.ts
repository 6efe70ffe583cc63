import type { EventData, InvitationEventType } from '@ringline/protocol';
import { INVITATION_LIFE_MS, INVITATION_REACH_MS } from '@ringline/protocol';
import type { Invitation, Over } from './invitation.ts';
import { isOpenInvitation } from './invitation.ts';

/** One thing that happened to a bare invitation; whoever keeps it gives it its number. */
export type InvitationEvent = {
  readonly [Type in InvitationEventType]: {
    readonly type: Type;
    readonly data: Omit<EventData[Type], 'sequence'>;
  };
}[InvitationEventType];

/**
 * What customers' servers are told of a bare invitation in one step, in that order: a pure function
 * of it before, undefined for a new one, and after.
 */
export function invitationEventsBetween(
  before: Invitation | undefined,
  after: Invitation,
): readonly InvitationEvent[] {
  const events: InvitationEvent[] = before === undefined ? [sentEvent(after)] : [];
  const wasOpen = before === undefined || isOpenInvitation(before);
  if (wasOpen && !isOpenInvitation(after)) events.push(endedEvent(after));
  return events;
}

function sentEvent(invitation: Invitation): InvitationEvent {
  const { sentAt, isCalleeAway } = invitation;
  return {
    type: 'invitation.sent',
    data: {
      ...told(invitation),
      receiveBy: sentAt + INVITATION_REACH_MS,
      expiresAt: sentAt + INVITATION_LIFE_MS,
      offline: isCalleeAway,
    },
  };
}

function endedEvent(invitation: Over): InvitationEvent {
  const { state: outcome, failure, answer, changedAt: endedAt } = invitation;
  const response = answer?.response ?? '';
  return {
    type: 'invitation.ended',
    data: {
      ...told(invitation),
      outcome,
      ...(failure !== null && { failure }),
      ...(response !== '' && { response }),
      endedAt,
    },
  };
}

function told({ id, caller, callee, content, channel, sentAt }: Invitation) {
  return {
    invitation: id,
    caller: { user: caller },
    callee: { user: callee },
    ...(content !== '' && { content }),
    ...(channel !== '' && { channel }),
    sentAt,
  };
}
