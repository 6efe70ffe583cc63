import type { Actor, Invitation } from '@ringline/call';
import type { InvitationId, UserId } from '@ringline/protocol';

/** A page that speaks RTM; it goes on for a while when the page is lost. */
export interface Login {
  /** When it is over, unless the page is back; null while it is there. */
  readonly endsAt: number | null;
}

/** What a step of RTM needs to be loaded. */
export interface RtmScope {
  /** A bare invitation, over or not. */
  readonly invitation?: InvitationId;
  /** Whose open invitations as a caller are counted. */
  readonly openOf?: UserId;
  /** Whose devices with a login are wanted. */
  readonly loginsOf?: UserId;
}

/** What was loaded for it. */
export interface RtmSnapshot {
  readonly invitation: Invitation | undefined;
  /** Whether a page of its callee that speaks RTM can be reached. */
  readonly isCalleeHere: boolean;
  /** 0 when nobody's were asked for. */
  readonly open: number;
  /** The devices that have a login, reachable or not; none when nobody's were asked for. */
  readonly logins: readonly Actor[];
}

/** What is kept of RTM. */
export interface RtmStore {
  /** Those of these invitations that are kept, in no order. */
  invitations(ids: readonly InvitationId[]): Promise<readonly Invitation[]>;
  /** A user's open invitations on either side, the oldest first. */
  openInvitations(user: UserId, limit: number): Promise<readonly Invitation[]>;
  /** Ids of open invitations whose deadline has passed, earliest first. */
  dueInvitations(now: number, limit: number): Promise<readonly InvitationId[]>;
  /** The earliest deadline of all open invitations. */
  nextInvitation(): Promise<number | undefined>;
  /** Forgets invitations that were over before that moment, so many at most; says how many. */
  forgetInvitations(before: number, limit: number): Promise<number>;
  /** Devices whose login has come to its end, earliest first. */
  dueLogins(now: number, limit: number): Promise<readonly Actor[]>;
  /** The earliest end of a login. */
  nextLoginEnd(): Promise<number | undefined>;
}
