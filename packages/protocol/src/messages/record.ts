import type { CallId, UserId } from '../ids.ts';
import type { EndReason } from '../reasons.ts';
import type { Media } from './calls.ts';

/** The five kinds of call record (话单) by the numbers of the NetEase format. */
export const RECORD_STATUS = {
  completed: 1,
  cancelled: 2,
  refused: 3,
  unanswered: 4,
  busy: 5,
} as const;
export type RecordStatus = (typeof RECORD_STATUS)[keyof typeof RECORD_STATUS];

/** Which calls of a list are wanted: those that ended like this, or those that a user missed. */
export const OUTCOMES = [
  'completed',
  'cancelled',
  'refused',
  'unanswered',
  'busy',
  'missed',
] as const;
export type Outcome = (typeof OUTCOMES)[number];

/** Whether the callee missed the call: it did not answer, and did not refuse either. */
export function isMissed({ status }: Pick<CallRecord, 'status'>): boolean {
  return status !== RECORD_STATUS.completed && status !== RECORD_STATUS.refused;
}

/** How long one member took part, in whole seconds, rounded down. */
export interface MemberDuration {
  readonly user: UserId;
  readonly seconds: number;
}

/** What is kept of a call, for ever unless the operator says for how long: written once, in the transaction that fixed its outcome. Instants are epoch milliseconds. */
export interface CallRecord {
  readonly call: CallId;
  /** A number that fits 53 bits, unique among all calls. */
  readonly roomId: number;
  readonly type: Media;
  readonly status: RecordStatus;
  readonly reason: EndReason;
  readonly caller: UserId;
  readonly callee: UserId;
  /** Caller first; empty unless the call was accepted. */
  readonly durations: readonly MemberDuration[];
  readonly invitedAt: number;
  readonly acceptedAt: number | null;
  readonly connectedAt: number | null;
  readonly endedAt: number;
  /** Whose act ended it; null when time or a loss did. */
  readonly endedBy: UserId | null;
}
