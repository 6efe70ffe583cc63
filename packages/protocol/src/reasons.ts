/** Why a call ended: a closed list, fixed with the record. */
export const END_REASONS = [
  'completed',
  'cancelled',
  'refused',
  'no-answer',
  'busy',
  'offline',
  'connection-lost',
  'media-failed',
  'resume-failed',
] as const;
export type EndReason = (typeof END_REASONS)[number];

/** Why a call stopped on one device of the callee while its outcome was decided elsewhere. */
export const LEG_END_REASONS = [
  'answered-elsewhere',
  'refused-elsewhere',
  'cancelled',
  'expired',
  'lost',
] as const;
export type LegEndReason = (typeof LEG_END_REASONS)[number];

/** What each reason means, for the documentation and for people who read a log. */
export const REASON_MEANINGS: Readonly<Record<EndReason | LegEndReason, string>> = {
  completed: 'one side hung up an established call',
  cancelled: 'the caller took the invitation back before anybody accepted',
  refused: 'the callee refused, or every one of its devices did',
  'no-answer': 'it rang until its time ran out',
  busy: 'the callee was in another call',
  offline: 'no device of the callee was reachable since the invitation',
  'connection-lost': 'a device was lost for longer than its grace',
  'media-failed': 'accepted, but no media flowed between the two devices in time',
  'resume-failed': 'no media flowed between the two devices in time after a hold',
  'answered-elsewhere': 'another device of the same user accepted',
  'refused-elsewhere': 'another device of the same user refused for all of them',
  expired: 'it rang here until its time ran out',
  lost: 'the caller was lost while it rang here',
};
