import type {
  CallRecord,
  EndReason,
  Media,
  MemberDuration,
  RecordStatus,
} from '@ringline/protocol';
import { RECORD_STATUS } from '@ringline/protocol';
import type { Actor, Established, OpenCall, Role } from './call.ts';

/** How a call came to its end. */
export interface Ending {
  readonly reason: EndReason;
  /** Epoch milliseconds. */
  readonly at: number;
  /** Whose act it was; null when time or a loss ended it. */
  readonly by: Actor | null;
}

/** The record of a call that ends so: a pure function of the call's last open state and its ending. */
export function recordOf(call: OpenCall, ending: Ending): CallRecord {
  const accepted = call.state === 'established' ? call : undefined;
  return {
    call: call.id,
    roomId: call.roomId,
    type: typeOf(call),
    status: accepted ? RECORD_STATUS.completed : statusOfUnaccepted(ending.reason),
    reason: ending.reason,
    caller: call.caller.user,
    callee: call.callee.user,
    durations: accepted
      ? [durationOf(accepted, 'caller', ending), durationOf(accepted, 'callee', ending)]
      : [],
    invitedAt: call.invitedAt,
    acceptedAt: accepted?.acceptedAt ?? null,
    connectedAt: accepted?.connectedAt ?? null,
    endedAt: ending.at,
    endedBy: ending.by?.user ?? null,
  };
}

/** Video if it was ever on, or was invited and the call never connected. */
function typeOf(call: OpenCall): Media {
  if (call.state === 'established' && call.hadVideo) return 'video';
  return call.state !== 'established' || call.connectedAt === null ? call.invitedMedia : 'audio';
}

function statusOfUnaccepted(reason: EndReason): RecordStatus {
  switch (reason) {
    case 'cancelled':
    case 'connection-lost':
      return RECORD_STATUS.cancelled;
    case 'refused':
      return RECORD_STATUS.refused;
    case 'busy':
      return RECORD_STATUS.busy;
    case 'no-answer':
    case 'offline':
    case 'completed':
    case 'media-failed':
    case 'resume-failed':
      return RECORD_STATUS.unanswered;
  }
}

/** From both connected to this member's leaving; a lost member left when it was lost, not when its grace ended. */
function durationOf(call: Established, role: Role, ending: Ending): MemberDuration {
  const leftAt = Math.min(call.sides[role].loss?.at ?? ending.at, ending.at);
  const milliseconds = call.connectedAt === null ? 0 : Math.max(0, leftAt - call.connectedAt);
  return { user: call[role].user, seconds: Math.floor(milliseconds / 1000) };
}
