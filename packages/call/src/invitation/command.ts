import type { InvitationId, UserId } from '@ringline/protocol';
import type { Actor } from '../call.ts';

/** A user invites another to something. */
export interface InviteBarely {
  readonly type: 'rtm-invite';
  readonly invitation: InvitationId;
  readonly by: Actor;
  readonly to: UserId;
  readonly content: string;
  readonly channel: string;
}

/** A page of the callee reports that it has the invitation. */
export interface ReceiveInvitation {
  readonly type: 'rtm-receive';
  readonly invitation: InvitationId;
  readonly by: Actor;
}

/** The callee accepts. */
export interface AcceptInvitation {
  readonly type: 'rtm-accept';
  readonly invitation: InvitationId;
  readonly by: Actor;
  readonly response: string;
}

/** A page of the caller has the acceptance. */
export interface ConfirmAcceptance {
  readonly type: 'rtm-confirm';
  readonly invitation: InvitationId;
  readonly by: Actor;
}

/** The callee refuses. */
export interface RefuseInvitation {
  readonly type: 'rtm-refuse';
  readonly invitation: InvitationId;
  readonly by: Actor;
  readonly response: string;
}

/** The caller takes it back. */
export interface CancelInvitation {
  readonly type: 'rtm-cancel';
  readonly invitation: InvitationId;
  readonly by: Actor;
}

/** The caller's last login is over. */
export interface LoseCaller {
  readonly type: 'rtm-lose-caller';
  readonly invitation: InvitationId;
  /** Its page said goodbye: what it asked it takes back. */
  readonly hasLeft: boolean;
}

/** Time has passed. */
export interface ExpireInvitation {
  readonly type: 'rtm-expire';
  readonly invitation: InvitationId;
}

/** What a device asks of an invitation that there is. */
export type AnswerToInvitation =
  | ReceiveInvitation
  | AcceptInvitation
  | ConfirmAcceptance
  | RefuseInvitation
  | CancelInvitation;

/** Everything that can happen to a bare invitation. */
export type InvitationCommand = InviteBarely | AnswerToInvitation | LoseCaller | ExpireInvitation;
