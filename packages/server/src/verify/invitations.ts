import { flawsOfInvitation, invitationDeadlineOf, invitationEventsBetween } from '@ringline/call';
import type { Invitation } from '@ringline/call';
import type { AuditedEvent, AuditedInvitation } from '../store/audit.ts';
import { differences } from './differences.ts';

/**
 * A bare invitation that is kept is found by what it says, and so say the events that are kept of it.
 * It has no log: what was told when it was sent follows from what it is now, as its end does.
 */
export function flawsOfKeptInvitation(audited: AuditedInvitation): readonly string[] {
  const { invitation, listed, deadline, events } = audited;
  const { id, caller, callee } = invitation;
  const place = { caller: listed.caller, callee: listed.callee, deadline };
  const due = { caller, callee, deadline: invitationDeadlineOf(invitation) };
  const flaws = [
    ...differences('what it is found by', place, 'it', due),
    ...flawsOfEvents(invitation, events.filter(isOf(invitation))),
  ];
  return [...flawsOfInvitation(invitation), ...flaws.map((flaw) => `invitation ${id}: ${flaw}`)];
}

/** Events are kept for longer than invitations: another one may have had the same id before. */
function isOf({ sentAt }: Invitation): (event: AuditedEvent) => boolean {
  return ({ data }) => 'sentAt' in data && data.sentAt === sentAt;
}

function flawsOfEvents(invitation: Invitation, events: readonly AuditedEvent[]): readonly string[] {
  const happened = invitationEventsBetween(undefined, invitation);
  const flaws: string[] = [];
  let next = 0;
  for (const { type, sequence, data } of events) {
    const place = happened.findIndex((each, i) => i >= next && each.type === type);
    const found = happened[place];
    if (found === undefined) {
      flaws.push(`its event ${sequence}, ${type}, has not happened, or is told before`);
      continue;
    }
    next = place + 1;
    const told = { ...found.data, sequence };
    flaws.push(...differences(`its event ${sequence}`, data, 'the invitation itself', told));
  }
  return flaws;
}
