import type {
  DeviceId,
  InvitationFailure,
  InvitationId,
  InvitationState,
  UserId,
} from '@ringline/protocol';

/*
 *   invite                                        ┌──▶ refused
 *     │                                           │
 *   sent ──receive──▶ received ──accept──▶ accepting ──confirm──▶ accepted
 *     │                  │                        │
 *     └──────────────────┴── cancel · expire · caller gone ──▶ cancelled, failed
 */

/** A bare invitation: asks a user to something, without a call, a line, media or a record. Instants are epoch milliseconds. */
export type Invitation = Sent | Received | Accepting | Over;

/** An invitation that is not over. */
export type OpenInvitation = Sent | Received | Accepting;

/** What every invitation has from its first moment. */
export interface Asked {
  readonly id: InvitationId;
  /** 1 at the invitation, one more with every change. */
  readonly version: number;
  readonly caller: UserId;
  readonly callee: UserId;
  readonly content: string;
  /** The channel that the caller named; means nothing here. */
  readonly channel: string;
  readonly sentAt: number;
  /** No page of the callee that speaks RTM could be reached when it was sent. */
  readonly isCalleeAway: boolean;
  /** When this version came to be: time never goes back within an invitation. */
  readonly changedAt: number;
}

/** No page of the callee has reported it. */
export interface Sent extends Asked {
  readonly state: 'sent';
}

/** A page of the callee has it. */
export interface Received extends Asked {
  readonly state: 'received';
}

/** What came with an answer, and which device gave it. */
export interface Answered {
  readonly response: string;
  readonly answeredBy: DeviceId;
}

/** Accepted; the caller's page has not confirmed that. */
export interface Accepting extends Asked, Answered {
  readonly state: 'accepting';
  readonly confirmBy: number;
}

/** Nothing more becomes of it. */
export interface Over extends Asked {
  readonly state: 'accepted' | 'refused' | 'cancelled' | 'failed';
  /** Null unless it failed. */
  readonly failure: InvitationFailure | null;
  /** Null when nobody answered. */
  readonly answer: Answered | null;
}

/** Whether something may still become of it. */
export function isOpenInvitation(invitation: Invitation): invitation is OpenInvitation {
  return isOpenInvitationState(invitation.state);
}

/** Whether something may still become of an invitation that stands there. */
export function isOpenInvitationState(state: InvitationState): boolean {
  switch (state) {
    case 'sent':
    case 'received':
    case 'accepting':
      return true;
    case 'accepted':
    case 'refused':
    case 'cancelled':
    case 'failed':
      return false;
  }
}
