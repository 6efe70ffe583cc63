import type { CallId, InvitationId, UserId } from '../ids.ts';
import type { Media, Peer } from './calls.ts';

/** What a customer's server is asked before an invitation is decided: the body of that request. */
export interface PreCallRequest {
  readonly type: 'call.requested';
  /** When it is asked: ISO 8601 in UTC, with milliseconds. */
  readonly timestamp: string;
  readonly data: PreCallData;
}

/** The invitation as the caller made it: to a call, or a bare one of RTM. */
export type PreCallData = AskedCall | AskedInvitation;

/** To a call. */
export interface AskedCall {
  readonly kind: 'call';
  readonly call: CallId;
  readonly caller: Peer;
  readonly callee: UserId;
  readonly media: Media;
  readonly content?: string;
  /** Milliseconds. */
  readonly ringTimeoutMs: number;
  readonly holdable: boolean;
}

/** A bare one, of RTM: it is no call, and says what it says by its texts. */
export interface AskedInvitation {
  readonly kind: 'invitation';
  readonly invitation: InvitationId;
  readonly caller: Peer;
  readonly callee: UserId;
  readonly content: string;
  readonly channel: string;
}

/** What may be altered of it, of a bare one the content alone; what is absent stays as the caller made it. */
export interface AlteredInvitation {
  readonly media?: Media;
  readonly content?: string;
  readonly ringTimeoutMs?: number;
  readonly holdable?: boolean;
}

/** The answer that a customer's server gives, as JSON with status 200. */
export type PreCallAnswer =
  | { readonly decision: 'allow'; readonly invitation?: AlteredInvitation }
  | { readonly decision: 'deny' };
