import type { InvitationId, UserId } from '../../ids.ts';
import type { AttributeSet, AttributesOf } from './attributes.ts';
import type { InvitationVersion } from './invitation.ts';
import type { RtmBody, RtmMessageId } from './message.ts';

/** In a hello or a heartbeat: this page speaks RTM, and holds these invitations. */
export interface RtmStanding {
  /** At most MAX_NAMED_INVITATIONS. */
  readonly invitations: readonly InvitationVersion[];
}

/** In a hello: this page speaks RTM. */
export interface RtmHello extends RtmStanding {
  /** The user's other pages that speak RTM stay; absent: this one takes their place, and they are closed with 4409. */
  readonly beside?: true;
}

interface Request {
  readonly seq: number;
}

/** Invite a user to something, without a call. The device makes the id. */
export interface RtmInvite extends Request {
  readonly type: 'rtm-invite';
  readonly invitation: InvitationId;
  readonly to: UserId;
  readonly content: string;
  readonly channel: string;
}

/** This page of the callee has the invitation. */
export interface RtmReceive extends Request {
  readonly type: 'rtm-receive';
  readonly invitation: InvitationId;
}

/** The callee accepts. */
export interface RtmAccept extends Request {
  readonly type: 'rtm-accept';
  readonly invitation: InvitationId;
  readonly response: string;
}

/** This page of the caller has the acceptance. */
export interface RtmConfirm extends Request {
  readonly type: 'rtm-confirm';
  readonly invitation: InvitationId;
}

/** The callee refuses. */
export interface RtmRefuse extends Request {
  readonly type: 'rtm-refuse';
  readonly invitation: InvitationId;
  readonly response: string;
}

/** The caller takes an invitation back that nobody has accepted. */
export interface RtmCancel extends Request {
  readonly type: 'rtm-cancel';
  readonly invitation: InvitationId;
}

/** Say something to a user who is there. The device makes the message's id, so that one that is said again is heard once. */
export interface RtmSend extends Request {
  readonly type: 'rtm-send';
  readonly message: RtmMessageId;
  readonly to: UserId;
  readonly body: RtmBody;
}

/** This page has the message; not answered. */
export interface RtmGot {
  readonly type: 'rtm-got';
  /** Who sent it. */
  readonly from: UserId;
  readonly message: RtmMessageId;
}

/** Change attributes: one's own, or a channel's. */
export interface RtmSetAttributes extends Request {
  readonly type: 'rtm-set-attributes';
  /** One's own user, or a channel. */
  readonly of: AttributesOf;
  /** True: what is not set is removed. */
  readonly replace: boolean;
  /** At most MAX_ATTRIBUTES. */
  readonly set: readonly AttributeSet[];
  /** Keys; those that are not there do no harm. */
  readonly remove: readonly string[];
  /** The members of the channel are told. */
  readonly notify: boolean;
}

/** Read attributes. */
export interface RtmGetAttributes extends Request {
  readonly type: 'rtm-get-attributes';
  readonly of: AttributesOf;
  /** Absent: all. */
  readonly keys?: readonly string[];
}

/** Become a member of a channel. */
export interface RtmJoin extends Request {
  readonly type: 'rtm-join';
  readonly channel: string;
}

/** Be a member no more. */
export interface RtmLeave extends Request {
  readonly type: 'rtm-leave';
  readonly channel: string;
}

/** Ask for the members of a channel that one is in. */
export interface RtmMembers extends Request {
  readonly type: 'rtm-members';
  readonly channel: string;
}

/** Ask how many members channels have. */
export interface RtmCount extends Request {
  readonly type: 'rtm-count';
  /** At most MAX_COUNTED_CHANNELS. */
  readonly channels: readonly string[];
}

/** Say something to the members of a channel that one is in. */
export interface RtmPublish extends Request {
  readonly type: 'rtm-publish';
  readonly message: RtmMessageId;
  readonly channel: string;
  readonly body: RtmBody;
}

/** Is anybody there? Answered by `done`, at once: more often, and for less, than a heartbeat. */
export interface RtmPing extends Request {
  readonly type: 'rtm-ping';
}

/** What a page that speaks RTM says beside everything else. */
export type RtmDeviceMessage =
  | RtmInvite
  | RtmReceive
  | RtmAccept
  | RtmConfirm
  | RtmRefuse
  | RtmCancel
  | RtmSend
  | RtmGot
  | RtmSetAttributes
  | RtmGetAttributes
  | RtmJoin
  | RtmLeave
  | RtmMembers
  | RtmCount
  | RtmPublish
  | RtmPing;
