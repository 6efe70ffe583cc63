import type { UserId } from '../ids.ts';

/** Where a user stands with a peer. Every cursor is a place in the user's own inbox, 0 before the first. */
export interface Conversation {
  readonly peer: UserId;
  /** Grows with every change of any of the user's conversations: of two states the later one has the higher. */
  readonly revision: number;
  /** Items of the peer behind `readUpTo`; MAX_UNREAD stands for that many and more. */
  readonly unread: number;
  /** The user has read, on any device, what came from the peer up to here. */
  readonly readUpTo: number;
  /** What the user sent to the peer has come to a device of the peer, up to here. */
  readonly deliveredUpTo: number;
  /** And the peer has read it, up to here, as far as the peer's policy tells. */
  readonly peerReadUpTo: number;
}
