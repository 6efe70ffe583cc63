import type { InvitationId, UserId } from '../../ids.ts';
import type { Attribute } from './attributes.ts';
import type { InvitationView } from './invitation.ts';
import type { RtmBody, RtmMessageId } from './message.ts';

/** In a welcome or the answer to a heartbeat of a page that speaks RTM. */
export interface RtmGone {
  /** Invitations it named that are not kept any more, or that it never had a part in. */
  readonly gone: readonly InvitationId[];
}

/** In a welcome; views of the user's open invitations, and of those it named, follow. */
export interface RtmWelcome extends RtmGone {
  /** This login goes on: its channels and attributes are as they were. False: they are gone, as after RTM_OFFLINE_AFTER_MS. */
  readonly resumed: boolean;
}

/** The whole view of one bare invitation. */
export interface RtmInvitation {
  readonly type: 'rtm-invitation';
  /** The server's clock when it was sent. */
  readonly at: number;
  readonly invitation: InvitationView;
}

/** The server has taken the message. */
export interface RtmSent {
  readonly type: 'rtm-sent';
  readonly re: number;
  /** Whether a page of the peer has it. */
  readonly received: boolean;
}

/** Somebody says something to this user; the page answers it by `rtm-got`. */
export interface RtmMessage {
  readonly type: 'rtm-message';
  readonly message: RtmMessageId;
  readonly from: UserId;
  readonly at: number;
  readonly body: RtmBody;
}

/** Attributes, by key. */
export interface RtmAttributesFound {
  readonly type: 'rtm-attributes-found';
  readonly re: number;
  readonly attributes: readonly Attribute[];
}

/** The members of a channel, by user id; the first MAX_LISTED_MEMBERS of them. */
export interface RtmMembersFound {
  readonly type: 'rtm-members-found';
  readonly re: number;
  readonly members: readonly UserId[];
}

/** How many members channels have, in the order in which they were asked for. */
export interface RtmCounted {
  readonly type: 'rtm-counted';
  readonly re: number;
  readonly counts: readonly number[];
}

/** Members of a channel came or went. */
export interface RtmMembersChanged {
  readonly type: 'rtm-members-changed';
  readonly channel: string;
  /** Empty above MAX_TOLD_MEMBERS: then only the count is told. */
  readonly joined: readonly UserId[];
  readonly left: readonly UserId[];
  readonly count: number;
}

/** Somebody else says something to a channel. */
export interface RtmChannelMessage {
  readonly type: 'rtm-channel-message';
  readonly message: RtmMessageId;
  readonly channel: string;
  readonly from: UserId;
  readonly at: number;
  readonly body: RtmBody;
}

/** Attributes of a channel were changed, and the members are to know: all that there are. */
export interface RtmAttributesChanged {
  readonly type: 'rtm-attributes-changed';
  readonly channel: string;
  readonly attributes: readonly Attribute[];
}

/** What a server says to pages that speak RTM. */
export type RtmServerMessage =
  | RtmInvitation
  | RtmSent
  | RtmMessage
  | RtmAttributesFound
  | RtmMembersFound
  | RtmCounted
  | RtmMembersChanged
  | RtmChannelMessage
  | RtmAttributesChanged;
