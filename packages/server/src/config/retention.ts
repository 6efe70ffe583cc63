import { INBOX_WINDOW } from '@ringline/protocol';
import type { Retention } from '../inbox/retention.ts';
import type { CallRetentionLimits } from '../records/call-retention.ts';
import type { Problem } from './check.ts';
import { wholeNumber } from './readers.ts';
import type { SettingValues } from './settings.ts';

const DAY_MS = 86_400_000;

/** A century: longer than anybody keeps a server. */
const MAX_DAYS = 36_500;
/** A `ringline verify` each night has compared every log with its record before it goes, and a page that slept over it learns how its call ended. */
const MIN_CALL_DAYS = 1;
/** What a device is sent ahead of what it acknowledged (INBOX_WINDOW) is kept at least. */
const MIN_INBOX_MESSAGES = INBOX_WINDOW;
const MAX_INBOX_MESSAGES = 1_000_000_000;

/** Reads for how many days items of inboxes are kept. */
export const inboxDays = wholeNumber(1, MAX_DAYS);
/** Reads how many items of an inbox are kept. */
export const inboxMessages = wholeNumber(MIN_INBOX_MESSAGES, MAX_INBOX_MESSAGES);
/** Reads for how many days something of a call that is over is kept. */
export const callDays = wholeNumber(MIN_CALL_DAYS, MAX_DAYS);

/** A log goes with its call at the latest: who asks for more would not get it. */
export function retentionFlaws({
  CALL_LOG_DAYS: log = 0,
  RECORD_DAYS: record = log,
}: SettingValues): Problem[] {
  if (log <= record) return [];
  const flaw = `is ${log}, but with RECORD_DAYS ${record} each call is forgotten before, with its log`;
  return [{ name: 'CALL_LOG_DAYS', flaw }];
}

/** How much of inboxes is kept. */
export function retentionOf({
  INBOX_DAYS: days,
  INBOX_MESSAGES: maxItems,
}: SettingValues): Retention {
  return {
    ...(days !== undefined && { maxAgeMs: days * DAY_MS }),
    ...(maxItems !== undefined && { maxItems }),
  };
}

/** How long calls that are over are kept, and their logs. */
export function callRetentionOf({
  CALL_LOG_DAYS: log,
  RECORD_DAYS: record,
}: SettingValues): CallRetentionLimits {
  return {
    ...(log !== undefined && { logMs: log * DAY_MS }),
    ...(record !== undefined && { recordMs: record * DAY_MS }),
  };
}
