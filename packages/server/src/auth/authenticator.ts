import type { Peer } from '@ringline/protocol';
import type { CallPolicy } from '../calls/call-policy.ts';

/** Who a token says its bearer is. */
export interface Identity {
  /** The user, with the display name and avatar that peers are shown. */
  readonly peer: Peer;
  /** What the token denies this user; empty where it says nothing. */
  readonly policy: Partial<CallPolicy>;
  /** Epoch milliseconds; null for a token that never expires. */
  readonly expiresAt: number | null;
}

/** What a token is worth now: an expired one still says who it was for. */
export type Verdict =
  | { readonly kind: 'valid'; readonly identity: Identity }
  | { readonly kind: 'expired'; readonly identity: Identity }
  | { readonly kind: 'forged'; readonly why: string };

/** Tells who a token's bearer is. */
export interface Authenticator {
  verify(token: string): Promise<Verdict>;
}
