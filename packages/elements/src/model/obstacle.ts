import type { UserId } from '@ringline/client';
import type { Shown } from './stage.ts';
import { isCalling, isOpen, peerOf } from './stage.ts';

/** Why this user cannot call somebody just now; each has words among the errors of the catalogues. */
export type Obstacle =
  /** One call is being made already. */
  | 'calling-already'
  /** The two are in a call with each other. */
  | 'same-peer'
  /** This user is in a call, and takes and makes no second one. */
  | 'call-waiting-off'
  /** There is no third call. */
  | 'two-calls';

/** What is on already, and rings, when somebody is to be called. */
export interface Lines {
  readonly shown: readonly Shown[];
  /** Who is ringing. */
  readonly ringing: readonly UserId[];
  readonly callWaiting: boolean;
}

/** Why this user is not called; whoever rings here while this user is free is another matter: the server knows it. */
export function obstacleTo(
  user: UserId,
  { shown, ringing, callWaiting }: Lines,
): Obstacle | undefined {
  const open = shown.filter(isOpen);
  if (open.length === 0) return undefined;
  if (open.some(isCalling)) return 'calling-already';
  if (open.some((stage) => peerOf(stage).user === user)) return 'same-peer';
  if (!callWaiting) return 'call-waiting-off';
  // Whoever calls back a caller that rings answers it.
  const others = ringing.filter((each) => each !== user);
  return open.length + others.length > 1 ? 'two-calls' : undefined;
}
