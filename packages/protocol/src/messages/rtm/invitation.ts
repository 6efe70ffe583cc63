import type { DeviceId, InvitationId, UserId } from '../../ids.ts';

/** Where a bare invitation stands; the last four are final. */
export const INVITATION_STATES = [
  /** No page of the callee has reported it. */
  'sent',
  /** A page of the callee has it. */
  'received',
  /** The callee has accepted, and the caller's page has not confirmed that yet. */
  'accepting',
  /** Accepted and confirmed. */
  'accepted',
  'refused',
  'cancelled',
  'failed',
] as const;
export type InvitationState = (typeof INVITATION_STATES)[number];

/** Why a bare invitation failed. */
export const INVITATION_FAILURES = [
  /** No device of the callee was there within INVITATION_REACH_MS. */
  'peer-offline',
  /** One was, and none has reported it within INVITATION_REACH_MS. */
  'no-response',
  /** It was neither answered nor taken back within INVITATION_LIFE_MS. */
  'expired',
  /** The caller's page did not confirm the acceptance within CONFIRM_TIMEOUT_MS. */
  'not-confirmed',
  /** The caller was lost, and its last login over, before anybody's answer stood; with a goodbye it is `cancelled`. */
  'caller-gone',
] as const;
export type InvitationFailure = (typeof INVITATION_FAILURES)[number];

/** What one of its two users sees of a bare invitation: always all of it. */
export interface InvitationView {
  readonly id: InvitationId;
  /** Grows with every change; the view with the highest is the newest. */
  readonly version: number;
  /** Which of the two this user is. */
  readonly side: 'caller' | 'callee';
  readonly peer: UserId;
  /** The caller's text, empty when there is none. */
  readonly content: string;
  /** The channel that the caller named, empty when it named none; means nothing to the server. */
  readonly channel: string;
  /** The callee's text, empty until it accepts or refuses, and when it gave none. */
  readonly response: string;
  readonly state: InvitationState;
  /** Only with `failed`. */
  readonly failure?: InvitationFailure;
  /** The device of the callee that accepted or refused. */
  readonly answeredBy?: DeviceId;
  /** Milliseconds until it expires; 0 when it is over. */
  readonly remainingMs: number;
}

/** An invitation that a page holds, and the version that it knows. */
export interface InvitationVersion {
  readonly id: InvitationId;
  readonly version: number;
}
