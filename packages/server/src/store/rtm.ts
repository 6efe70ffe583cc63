import type { Actor, Invitation } from '@ringline/call';
import type { Attribute, AttributesOf, InvitationId, UserId } from '@ringline/protocol';
import { MAX_NAMED_INVITATIONS } from '@ringline/protocol';
import type { DueClaim } from './leases.ts';

/** A page that speaks RTM; it goes on for a while when the page is lost. */
export interface Login {
  /** When it is over, unless the page is back; null while it is there. */
  readonly endsAt: number | null;
  /** The channels of which the page is a member, at most MAX_JOINED_CHANNELS. */
  readonly channels: readonly string[];
}

/** Whether a device has a login whose time is up, and that nobody has come to end yet. */
export function isLoginOver({ login }: { readonly login: Login | null }, now: number): boolean {
  return login !== null && login.endsAt !== null && login.endsAt <= now;
}

const NONE: readonly string[] = [];

/** Which channels are in one of two states of a login and not in the other. */
export function channelsMoved(
  before: Login | null | undefined,
  after: Login | null | undefined,
): { readonly joined: readonly string[]; readonly left: readonly string[] } {
  const [from, to] = [before?.channels ?? NONE, after?.channels ?? NONE];
  if (from === to) return { joined: [], left: [] };
  return {
    joined: to.filter((channel) => !from.includes(channel)),
    left: from.filter((channel) => !to.includes(channel)),
  };
}

/** The attributes of a user or a channel. */
export interface StoredAttributes {
  /** 0 when there are none; another one with every change, and never one that there was before. */
  readonly version: number;
  /** In the order in which their keys came. */
  readonly attributes: readonly Attribute[];
}

/** Attributes as a step leaves them: gone with the user's last login, and with the channel's last member; those of a channel that has none are to be forgotten. */
export interface NewAttributes {
  readonly of: AttributesOf;
  /** On which it was decided. */
  readonly version: number;
  readonly attributes: readonly Attribute[];
}

/** Who is in a channel. */
export interface ChannelMembers {
  /** By user id, as many as were asked for at most. */
  readonly members: readonly UserId[];
  /** How many users there are. */
  readonly count: number;
}

/** The invitations of a caller, to a callee, or of one to the other. */
export interface Between {
  readonly caller?: UserId;
  readonly callee?: UserId;
}

/** What a step of RTM needs to be loaded. */
export interface RtmScope {
  /** A bare invitation, over or not. */
  readonly invitation?: InvitationId;
  /** Whose open invitations as a caller are counted. */
  readonly openOf?: UserId;
  /** Whose open invitations as a callee are counted, those of that caller among them, and of whom it is wanted whether it can be reached. */
  readonly openTo?: UserId;
  /** Whose devices with a login are wanted. */
  readonly loginsOf?: UserId;
  /** Whose attributes are wanted. */
  readonly attributesOf?: AttributesOf;
}

/** A device that has a login. */
export interface KnownLogin extends Actor {
  /** When that is over, or was and nobody has ended it yet; null while its page is there. */
  readonly endsAt: number | null;
}

/** Which logins go on at that moment, and are not over though nobody has ended them yet. */
export function lastsAt(now: number): (login: KnownLogin) => boolean {
  return ({ endsAt }) => (endsAt ?? Infinity) > now;
}

/** What was loaded for it. */
export interface RtmSnapshot {
  readonly invitation: Invitation | undefined;
  /** Whether a page that speaks RTM can be reached: of its callee, or of `openTo` where there is no invitation. */
  readonly isCalleeHere: boolean;
  /** 0 when nobody's were asked for. */
  readonly open: number;
  readonly incoming: number;
  readonly between: number;
  /** The devices that have a login, reachable or not; none when nobody's were asked for. */
  readonly logins: readonly KnownLogin[];
  /** None when nobody's were asked for. */
  readonly attributes: StoredAttributes;
  /** Whether the user has a login whose attributes were asked for; a channel is always there. */
  readonly isThere: boolean;
}

/** Of each caller's invitations that are over the latest are kept, as many as a page may name: their texts are long. */
export const MAX_KEPT_INVITATIONS = MAX_NAMED_INVITATIONS;

/** What is kept of RTM. */
export interface RtmStore {
  /** Those of these invitations that are kept, in no order. */
  invitations(ids: readonly InvitationId[]): Promise<readonly Invitation[]>;
  /** A user's open invitations: of each side the newest, so many at most, and the oldest of them first. */
  openInvitations(user: UserId, limit: number): Promise<readonly Invitation[]>;
  /** Ids of open invitations whose deadline has passed and that nobody has claimed, earliest first; a claim is over too with its next step. */
  claimDueInvitations(claim: DueClaim): Promise<readonly InvitationId[]>;
  /** Forgets invitations that were over before that moment, so many at most; says how many. */
  forgetInvitations(before: number, limit: number): Promise<number>;
  /** Forgets the attributes of channels that were set before that moment, and that nobody has joined since, so many at most; says how many. */
  forgetEmptyChannels(before: number, limit: number): Promise<number>;
  /** Devices whose login has come to its end, earliest first. */
  dueLogins(now: number, limit: number): Promise<readonly Actor[]>;
  /** Of those, such as are claimed by nobody, earliest first; a claim is over too when the end moves. */
  claimDueLogins(claim: DueClaim): Promise<readonly Actor[]>;
  /** The first members of each of these channels, so many at most, and how many there are, in that order. */
  members(channels: readonly string[], limit: number): Promise<readonly ChannelMembers[]>;
  /** How many users each of these channels has, in that order. */
  countMembers(channels: readonly string[]): Promise<readonly number[]>;
}
