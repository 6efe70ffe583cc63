import { INBOX_WINDOW } from '@ringline/protocol';
import type { Retention } from '../inbox/retention.ts';
import type { CallRetentionLimits } from '../records/call-retention.ts';
import type { DeviceRetentionLimits } from '../registrar/device-retention.ts';
import type { Problem } from './check.ts';
import { wholeNumber } from './readers.ts';
import type { Setting, SettingValues } from './settings.ts';

const DAY_MS = 86_400_000;

/** A century: longer than anybody keeps a server. */
const MAX_DAYS = 36_500;
/** A `ringline verify` each night has compared every log with its record before it goes, and a page that slept over it learns how its call ended. */
const MIN_CALL_DAYS = 1;
/** Longer than a day, by which versions of devices are told apart (device-version.ts), whatever clocks say. */
const MIN_DEVICE_DAYS = 2;
/** A quarter: an app that comes back after that has its page, or itself, loaded anew. */
const DEFAULT_DEVICE_DAYS = 90;
/** What a device is sent ahead of what it acknowledged (INBOX_WINDOW) is kept at least. */
const MIN_INBOX_MESSAGES = INBOX_WINDOW;
const MAX_INBOX_MESSAGES = 1_000_000_000;

const inboxDays = wholeNumber(1, MAX_DAYS);
const inboxMessages = wholeNumber(MIN_INBOX_MESSAGES, MAX_INBOX_MESSAGES);
const callDays = wholeNumber(MIN_CALL_DAYS, MAX_DAYS);
const deviceDays = wholeNumber(MIN_DEVICE_DAYS, MAX_DAYS);

const DEFAULT_DAYS = String(DEFAULT_DEVICE_DAYS);

/** How long what is kept. */
export const RETENTION_SETTINGS = {
  INBOX_DAYS: {
    default: {},
    meaning:
      'Items of inboxes are removed after so many days, also those that no device of the user has had. When not set, never. Call records are kept in any case.',
    read: inboxDays,
  },
  INBOX_MESSAGES: {
    default: {},
    meaning:
      'The oldest items of an inbox beyond so many are removed, once a device of the user has had them. When not set, none. Call records are kept in any case.',
    read: inboxMessages,
  },
  CALL_LOG_DAYS: {
    default: {},
    meaning:
      'Of a call that has been over for so many days only the newest row of its log is kept, which says how it ended; its record stays. When not set, the whole log is kept. RECORD_DAYS at most.',
    read: callDays,
  },
  RECORD_DAYS: {
    default: {},
    meaning:
      'A call that has been over for so many days is forgotten, with its log, its record and what was reported of its quality; not before its webhooks are (WEBHOOK_KEEP_DAYS). When not set, never. The messages with records are kept as INBOX_DAYS says. See `docs/records.md`.',
    read: callDays,
  },
  DEVICE_DAYS: {
    default: { development: DEFAULT_DAYS, production: DEFAULT_DAYS },
    meaning:
      'A device (a tab of a browser, an app) that has been gone for so many days is forgotten, and is a new one when it comes back: what other devices of its user have had meanwhile it is not sent, unless its app says where it was. Messages, calls and records stay. See `docs/operating.md`.',
    read: deviceDays,
  },
} as const satisfies Readonly<Record<string, Setting<unknown>>>;

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

/** How long devices that are gone are known. */
export function deviceRetentionOf({
  DEVICE_DAYS: days = DEFAULT_DEVICE_DAYS,
}: SettingValues): DeviceRetentionLimits {
  return { lostMs: days * DAY_MS };
}
