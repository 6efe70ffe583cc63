import type { Media } from '../messages/calls.ts';
import { RECORD_STATUS } from '../messages/record.ts';
import type { RecordStatus } from '../messages/record.ts';
import { fieldOf, idAt, instantAt, isAbsent, neededIdAt, secondsAt, wholeOf } from './fields.ts';
import type { Field } from './fields.ts';
import { jsonAt, objectAt } from './json.ts';
import type { JsonObject } from './json.ts';
import type { ParsedCallRecord, ParsedDuration, RecordMessage } from './record.ts';
import { CallRecordError } from './record-error.ts';

/** SDKs that count from 0 where all others count from 1: `flutter` the status, `harmony` the `callType`. */
export const DIALECTS = ['flutter', 'harmony'] as const;
export type Dialect = (typeof DIALECTS)[number];

/** What a record itself does not tell. */
export interface ParseOptions {
  /** Who counted: their numbers cannot be told from those of the others. */
  readonly dialect?: Dialect;
}

/** The record within its message, and where it stood. */
interface Attach {
  readonly object: JsonObject;
  readonly path: string;
  readonly dialect: Dialect | undefined;
}

/**
 * Reads a call record in any known form: the attachment, the message around it or a whole copy-out
 * body, each as an object or as JSON text. Give the text where there is one: only there a room id
 * beyond 53 bits has all its digits. Throws a CallRecordError, and nothing else, that names the field.
 */
export function parseCallRecord(input: unknown, { dialect }: ParseOptions = {}): ParsedCallRecord {
  const outer = objectAt(input, '');
  const isMessage = ['attach', 'attachment', 'msgType'].some((name) => name in outer);
  const attach = wireForm({
    ...(isMessage ? within(outer) : { object: outer, path: '' }),
    dialect,
  });
  const { object, path } = attach;
  return {
    type: typeOf(attach),
    status: statusOf(attach),
    roomId: idAt(fieldOf(object, path, ['channelId', 'channelID'])),
    durations: parseDurations(fieldOf(object, path, ['durations', 'durationList'])),
    message: isMessage ? messageOf(outer) : null,
  };
}

function within(message: JsonObject): Omit<Attach, 'dialect'> {
  refuseOtherMessages(message);
  const { value, path } = fieldOf(message, '', ['attach', 'attachment']);
  return { object: objectAt(value, path), path };
}

/** A copy-out carries every kind of message; only one is a record. */
function refuseOtherMessages({ msgType }: JsonObject): void {
  if (isAbsent(msgType) || msgType === 'NRTC_NETCALL') return;
  throw new CallRecordError('msgType', 'must be NRTC_NETCALL');
}

/** Objects of V2 carry the text as it was sent in `raw`, by the names and numbers of the wire. */
function wireForm(attach: Attach): Attach {
  const raw = fieldOf(attach.object, attach.path, ['raw']);
  if (isAbsent(raw.value)) return attach;
  return { object: objectAt(raw.value, raw.path), path: raw.path, dialect: undefined };
}

function typeOf({ object, path, dialect }: Attach): Media {
  const isHarmony = dialect === 'harmony';
  const field = fieldOf(object, path, isHarmony ? ['callType', 'type'] : ['type', 'callType']);
  const audio = isHarmony && field.name === 'callType' ? 0 : 1;
  return numberWithin(field, audio, audio + 1) === audio ? 'audio' : 'video';
}

function statusOf({ object, path, dialect }: Attach): RecordStatus {
  const field = fieldOf(object, path, ['status', 'callStatus']);
  const { completed, busy } = RECORD_STATUS;
  const shift = dialect === 'flutter' ? 1 : 0;
  return (numberWithin(field, completed - shift, busy - shift) + shift) as RecordStatus;
}

function numberWithin({ value, path }: Field, lowest: number, highest: number): number {
  if (isAbsent(value)) throw new CallRecordError(path, 'is missing');
  const number = wholeOf(value);
  if (number !== undefined && number >= lowest && number <= highest) return number;
  throw new CallRecordError(path, `must be ${lowest} to ${highest}`);
}

/** The members' durations: a list, a dictionary from user to seconds, or the text of either. Throws a CallRecordError. */
export function parseDurations({ value, path }: Omit<Field, 'name'>): ParsedDuration[] {
  if (isAbsent(value)) return [];
  const held = typeof value === 'string' ? jsonAt(value, path) : value;
  if (Array.isArray(held)) return held.map((entry, index) => durationOf(entry, `${path}.${index}`));
  if (typeof held !== 'object' || held === null) {
    throw new CallRecordError(path, 'must be a list, or seconds by user');
  }
  return Object.entries(held).map(([user, seconds]: [string, unknown]) => ({
    user,
    seconds: secondsAt({ value: seconds, path: `${path}.${user}` }),
  }));
}

function durationOf(entry: unknown, path: string): ParsedDuration {
  const object = objectAt(entry, path);
  return {
    user: neededIdAt(fieldOf(object, path, ['accid', 'accountId'])),
    seconds: secondsAt(fieldOf(object, path, ['duration'])),
    ...((object['caller'] === true || object['caller'] === 'true') && { isCaller: true }),
  };
}

function messageOf(outer: JsonObject): RecordMessage {
  const id = (...names: string[]) => idAt(fieldOf(outer, '', names));
  return {
    from: id('fromAccount', 'from', 'senderId'),
    to: id('to', 'receiverId'),
    at: instantAt(fieldOf(outer, '', ['msgTimestamp', 'time', 'createTime'])),
    serverId: id('msgidServer', 'idServer', 'messageServerId'),
    clientId: id('msgidClient', 'idClient', 'messageClientId'),
  };
}
