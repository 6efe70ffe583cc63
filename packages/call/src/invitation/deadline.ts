import { INVITATION_LIFE_MS, INVITATION_REACH_MS } from '@ringline/protocol';
import type { Invitation } from './invitation.ts';

/** When a bare invitation must be looked at again; null when it is over. */
export function invitationDeadlineOf(invitation: Invitation): number | null {
  switch (invitation.state) {
    case 'sent':
      return invitation.sentAt + INVITATION_REACH_MS;
    case 'received':
      return invitation.sentAt + INVITATION_LIFE_MS;
    case 'accepting':
      return invitation.confirmBy;
    case 'accepted':
    case 'refused':
    case 'cancelled':
    case 'failed':
      return null;
  }
}
