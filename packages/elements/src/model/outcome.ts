import type { CallRecord, EndReason, UserId } from '@ringline/client';
import type { Texts } from '../text/en.ts';
import { formatDuration } from '../ui/format.ts';

/** A call as one of its two users remembers it. */
export interface Outcome {
  readonly direction: 'incoming' | 'outgoing';
  readonly peer: UserId;
  /** In words, with the length of a call that connected. */
  readonly text: string;
  /** The same for a bubble between the messages, which tells the length only. */
  readonly said: string;
  /** Somebody called and this user did not hear of it in time. */
  readonly isMissed: boolean;
}

/** Whether somebody called this user, who did not hear of it in time. */
export function isMissedBy({ callee, acceptedAt, reason }: CallRecord, me: UserId): boolean {
  return callee === me && acceptedAt === null && reason !== 'refused';
}

/** How a call ended, worded from the side of the user `me`. */
export function outcomeOf(record: CallRecord, me: UserId, { history }: Texts): Outcome {
  const isCaller = record.caller === me;
  const direction = isCaller ? 'outgoing' : 'incoming';
  const peer = isCaller ? record.callee : record.caller;
  const accepted = record.acceptedAt !== null;
  const word = isCaller || accepted ? outgoing(record, history) : incoming(record.reason, history);
  const seconds = record.durations.find(({ user }) => user === me)?.seconds ?? 0;
  const isTimed = record.connectedAt !== null;
  return {
    direction,
    peer,
    text: isTimed ? `${word} · ${formatDuration(seconds)}` : word,
    said: isTimed ? history.lasted(formatDuration(seconds)) : word,
    isMissed: isMissedBy(record, me),
  };
}

function outgoing(record: CallRecord, history: Texts['history']): string {
  const { reason, acceptedAt, connectedAt } = record;
  if (acceptedAt !== null && connectedAt === null) return history.mediaFailed;
  switch (reason) {
    case 'completed':
      return history.completed;
    case 'cancelled':
      return history.cancelled;
    case 'refused':
      return history.refused;
    case 'no-answer':
      return history.noAnswer;
    case 'busy':
      return history.busy;
    case 'offline':
      return history.offline;
    case 'media-failed':
      return history.mediaFailed;
    case 'resume-failed':
      return history.resumeFailed;
    case 'connection-lost':
      return acceptedAt === null ? history.cancelled : history.connectionLost;
  }
}

function incoming(reason: EndReason, history: Texts['history']): string {
  switch (reason) {
    case 'refused':
      return history.refusedByMe;
    case 'busy':
      return history.missedBusy;
    case 'offline':
      return history.missedOffline;
    case 'cancelled':
    case 'connection-lost':
      return history.cancelledByThem;
    case 'completed':
    case 'no-answer':
    case 'media-failed':
    case 'resume-failed':
      return history.missed;
  }
}
