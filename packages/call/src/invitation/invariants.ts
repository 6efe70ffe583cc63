import { CONFIRM_TIMEOUT_MS } from '@ringline/protocol';
import type { Invitation } from './invitation.ts';
import { isOpenInvitation } from './invitation.ts';

/** What must hold of a bare invitation at every moment; each sentence returned is a violation. */
export function flawsOfInvitation(invitation: Invitation): readonly string[] {
  const flaws: string[] = [];
  const claim = (holds: boolean, text: string) => {
    if (!holds) flaws.push(`${invitation.id} (${invitation.state}): ${text}`);
  };
  claim(invitation.version >= 1, 'has no version');
  claim(invitation.caller !== invitation.callee, 'a user invites itself');
  claim(invitation.changedAt >= invitation.sentAt, 'changed before it was sent');
  if (invitation.state === 'accepting') {
    const { confirmBy, changedAt } = invitation;
    claim(confirmBy <= changedAt + CONFIRM_TIMEOUT_MS, 'waits longer than it may');
  }
  if (isOpenInvitation(invitation)) return flaws;
  const { state, failure, answer } = invitation;
  claim((failure !== null) === (state === 'failed'), 'failed without a reason, or has one in vain');
  const mustBeAnswered = state === 'accepted' || state === 'refused';
  claim(!mustBeAnswered || answer !== null, 'is answered by nobody');
  claim(failure !== 'not-confirmed' || answer !== null, 'was not accepted, yet not confirmed');
  return flaws;
}
