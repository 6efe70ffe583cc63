import type { CallRecord, EndReason, MemberDuration, RecordStatus } from '@ringline/protocol';
import { RECORD_STATUS } from '@ringline/protocol';
import type { Call, Ended, Established, Role } from './call.ts';
import { ROLES } from './call.ts';

/**
 * The record of a call from its log: all its versions, in order. A second opinion beside
 * `recordOf`, which sees the last state only: here everything is taken from the version in which
 * it first appears. Undefined while the call is not over.
 *
 * One thing no log can tell: the moment of a hang-up that was made while disconnected. It is taken
 * from the record, if it lies between the last version before the end and the end.
 */
export function foldRecord(log: readonly Call[]): CallRecord | undefined {
  const [first] = log;
  const last = log.at(-1);
  if (!first || last?.state !== 'ended') return undefined;
  const talks = log.filter(isEstablished);
  const acceptedAt = talks[0]?.changedAt ?? null;
  const connectedAt = talks.find((call) => call.connectedAt !== null)?.changedAt ?? null;
  const endedAt = momentOfEnd(last, talks.at(-1));
  return {
    call: first.id,
    roomId: first.roomId,
    type: typeOf(first, talks, connectedAt),
    status: acceptedAt === null ? STATUS[last.reason] : RECORD_STATUS.completed,
    reason: last.reason,
    caller: first.caller.user,
    callee: first.callee.user,
    durations: durationsOf(talks.at(-1), connectedAt, endedAt),
    invitedAt: first.changedAt,
    acceptedAt,
    connectedAt,
    endedAt,
    endedBy: last.endedBy?.user ?? null,
  };
}

function isEstablished(call: Call): call is Established {
  return call.state === 'established';
}

/** What it means for the status that a call, which nobody answered, came to its end so. */
const STATUS: Readonly<Record<EndReason, RecordStatus>> = {
  cancelled: RECORD_STATUS.cancelled,
  'connection-lost': RECORD_STATUS.cancelled,
  refused: RECORD_STATUS.refused,
  busy: RECORD_STATUS.busy,
  'no-answer': RECORD_STATUS.unanswered,
  offline: RECORD_STATUS.unanswered,
  completed: RECORD_STATUS.unanswered,
  'media-failed': RECORD_STATUS.unanswered,
  'resume-failed': RECORD_STATUS.unanswered,
};

function momentOfEnd({ record, changedAt }: Ended, talk: Established | undefined): number {
  const { endedAt } = record;
  const earliest = talk?.connectedAt ?? talk?.acceptedAt ?? record.invitedAt;
  return endedAt >= earliest && endedAt <= changedAt ? endedAt : changedAt;
}

/** Video if a picture was on in any version, or was asked for and the call never connected. */
function typeOf(
  { invitedMedia }: Call,
  talks: readonly Established[],
  connectedAt: number | null,
): CallRecord['type'] {
  if (talks.some(({ video }) => video.state === 'on')) return 'video';
  return connectedAt === null ? invitedMedia : 'audio';
}

function durationsOf(
  talk: Established | undefined,
  connectedAt: number | null,
  endedAt: number,
): readonly MemberDuration[] {
  if (!talk) return [];
  return ROLES.map((role) => {
    const user = talk[role].user;
    if (connectedAt === null) return { user, seconds: 0 };
    return { user, seconds: wholeSeconds(leftAt(talk, role, endedAt) - connectedAt) };
  });
}

/** Who is lost at the end has left when it was lost. */
function leftAt({ sides }: Established, role: Role, endedAt: number): number {
  const { loss } = sides[role];
  return loss === null ? endedAt : Math.min(loss.at, endedAt);
}

/** The one rounding of durations: begun seconds do not count. */
function wholeSeconds(milliseconds: number): number {
  return Math.max(0, Math.floor(milliseconds / 1000));
}
