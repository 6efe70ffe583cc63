import type { UserId } from '../ids.ts';
import { RECORD_STATUS } from '../messages/record.ts';
import type { RecordStatus } from '../messages/record.ts';
import type { ParsedCallRecord } from './record.ts';

/** Which way a call went, seen from one user. */
export type RecordDirection = 'outgoing' | 'incoming';

/** Which way the call went for this user; null when the record does not tell, or the user had no part in it. */
export function directionOf(
  { message, durations }: Pick<ParsedCallRecord, 'message' | 'durations'>,
  user: UserId,
): RecordDirection | null {
  // The record goes from caller to callee, so whom it is addressed to decides.
  if (message?.to === user) return 'incoming';
  if (message?.from === user) return 'outgoing';
  const own = durations.find((each) => each.user === user);
  const caller = durations.find(({ isCaller }) => isCaller === true);
  if (own === undefined || caller === undefined) return null;
  return caller === own ? 'outgoing' : 'incoming';
}

/** Whose duration is meant: members' durations may differ, and the vendor's own programs choose differently. */
export type DurationChoice =
  | { readonly of: 'first' }
  | { readonly of: 'own' | 'other'; readonly user: UserId };

/** The seconds of the chosen member; null when the record has none for it. */
export function secondsOf(
  { durations }: Pick<ParsedCallRecord, 'durations'>,
  choice: DurationChoice,
): number | null {
  return durations.find((member) => isChosen(member.user, choice))?.seconds ?? null;
}

function isChosen(member: UserId, choice: DurationChoice): boolean {
  switch (choice.of) {
    case 'first':
      return true;
    case 'own':
      return member === choice.user;
    case 'other':
      return member !== choice.user;
  }
}

/** The longest that a clock shows. */
const MAX_CLOCK_SECONDS = 99 * 3600 + 59 * 60 + 59;

/** Seconds as `mm:ss`, or `hh:mm:ss` from an hour on; what is longer than 99:59:59 stays at that. */
export function clockOf(seconds: number): string {
  const shown = Math.floor(Math.min(Math.max(seconds, 0), MAX_CLOCK_SECONDS));
  const parts = [Math.floor(shown / 60) % 60, shown % 60];
  if (shown >= 3600) parts.unshift(Math.floor(shown / 3600));
  return parts.map((part) => String(part).padStart(2, '0')).join(':');
}

export const RECORD_LANGUAGES = ['zh', 'en'] as const;
export type RecordLanguage = (typeof RECORD_LANGUAGES)[number];

type Words = Readonly<Record<RecordLanguage, string>>;

/** What each side reads, by the table of the vendor's call kit; a callee who was busy only sees a missed call. */
const WORDS: Readonly<Record<RecordStatus, Readonly<Record<RecordDirection, Words>>>> = {
  [RECORD_STATUS.completed]: {
    outgoing: { zh: '已完成', en: 'Completed' },
    incoming: { zh: '已完成', en: 'Completed' },
  },
  [RECORD_STATUS.cancelled]: {
    outgoing: { zh: '已取消', en: 'Cancelled' },
    incoming: { zh: '对方已取消', en: 'Cancelled by the other side' },
  },
  [RECORD_STATUS.refused]: {
    outgoing: { zh: '对方已拒绝', en: 'Refused by the other side' },
    incoming: { zh: '已拒绝', en: 'Refused' },
  },
  [RECORD_STATUS.unanswered]: {
    outgoing: { zh: '未接听', en: 'Not answered' },
    incoming: { zh: '未接听', en: 'Not answered' },
  },
  [RECORD_STATUS.busy]: {
    outgoing: { zh: '对方忙线', en: 'The other side is busy' },
    incoming: { zh: '未接听', en: 'Not answered' },
  },
};

/** How a record is worded for whom. */
export interface Wording {
  readonly direction: RecordDirection;
  readonly language: RecordLanguage;
  /** Of the member whom you chose (`secondsOf`); shown with a completed call when it is more than 0. */
  readonly seconds?: number | null;
}

/** A record in words, as in `已完成 01:05` or `Refused by the other side`. */
export function wordsOf(
  { status }: Pick<ParsedCallRecord, 'status'>,
  { direction, language, seconds }: Wording,
): string {
  const words = WORDS[status][direction][language];
  const isTimed = status === RECORD_STATUS.completed && (seconds ?? 0) > 0;
  return isTimed ? `${words} ${clockOf(seconds ?? 0)}` : words;
}
