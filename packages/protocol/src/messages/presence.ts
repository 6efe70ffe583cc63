import type { UserId } from '../ids.ts';

/** Where a user stands; more may follow, so whatever is not `online` cannot be reached just now. */
export const PRESENCE_STATES = [
  /** At least one device is connected. */
  'online',
  /** None is. */
  'offline',
] as const;
export type PresenceState = (typeof PRESENCE_STATES)[number];

/** Where one watched user stands. */
export interface Presence {
  readonly user: UserId;
  readonly state: PresenceState;
  /** Epoch milliseconds since when it is offline; absent while online, and for a user never seen. */
  readonly since?: number;
  /** It went by saying goodbye; absent: it was lost, and may be back in a moment. */
  readonly left?: true;
}
