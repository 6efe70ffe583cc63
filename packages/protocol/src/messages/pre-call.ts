import type { CallId, UserId } from '../ids.ts';
import type { Media, Peer } from './calls.ts';

/** What a customer's server is asked before an invitation is decided: the body of that request. */
export interface PreCallRequest {
  readonly type: 'call.requested';
  /** When it is asked: ISO 8601 in UTC, with milliseconds. */
  readonly timestamp: string;
  readonly data: PreCallData;
}

/** The invitation as the caller made it. */
export interface PreCallData {
  readonly call: CallId;
  readonly caller: Peer;
  readonly callee: UserId;
  readonly media: Media;
  readonly content?: string;
  /** Milliseconds. */
  readonly ringTimeoutMs: number;
  readonly holdable: boolean;
}

/** What may be altered of it; what is absent stays as the caller made it. */
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
