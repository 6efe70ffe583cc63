import { MAX_COPY_OUT_BYTES } from '../limits.ts';
import type { Media } from '../messages/calls.ts';
import { fieldOf, idAt, instantAt, neededIdAt, secondsAt } from './fields.ts';
import { objectAt } from './json.ts';
import type { JsonObject } from './json.ts';
import { parseCallRecord, parseDurations } from './parse.ts';
import type { ParsedCallRecord, ParsedDuration, RecordMessage } from './record.ts';

/** A message that was copied to a customer's server; `text` is its `body`, `fields` everything as it came. */
export interface CopiedMessage extends RecordMessage {
  /** As in `TEXT`, `PICTURE`, `CUSTOM`: the list is the vendor's. */
  readonly msgType: string | null;
  /** As in `PERSON`, `TEAM`. */
  readonly convType: string | null;
  readonly text: string | null;
  readonly attach: string | null;
  readonly fields: JsonObject;
}

/** How long a call took, by the event of its own. */
export interface CopiedDuration {
  readonly roomId: string;
  /** The sum over all members: twice the length of a call of two. */
  readonly seconds: number;
  readonly members: readonly ParsedDuration[];
  /** Null for a kind that is no call. */
  readonly type: Media | null;
  /** As in `SUCCESS`, `TIMEOUT`, `SINGLE_PARTICIPATE`. */
  readonly status: string | null;
  /** Epoch milliseconds. */
  readonly createdAt: number | null;
  /** The call goes on: every 12 hours a long one is told of in between. */
  readonly isRunning: boolean;
  /** What the caller's app gave along. */
  readonly ext: string | null;
}

/** A room that began or ended. Instants are epoch milliseconds. */
export interface CopiedRoom {
  readonly roomId: string;
  readonly roomName: string | null;
  readonly createdAt: number | null;
  readonly at: number | null;
}

/** What a copy-out tells; `check` is the empty body by which the vendor's console tries an address. */
export type CopyOut =
  | { readonly kind: 'check' }
  | { readonly kind: 'record'; readonly message: CopiedMessage; readonly record: ParsedCallRecord }
  | { readonly kind: 'message'; readonly message: CopiedMessage }
  | { readonly kind: 'duration'; readonly duration: CopiedDuration }
  | { readonly kind: 'room-start' | 'room-end'; readonly room: CopiedRoom }
  | { readonly kind: 'unknown'; readonly body: JsonObject };

/**
 * Reads the body of a copy-out, of up to MAX_COPY_OUT_BYTES. `type` is the request's header of that name: events of rooms have
 * `G2` there, and their numbers mean other things than those of messages. Throws a CallRecordError.
 */
export function readCopyOut(text: string, type: string | undefined): CopyOut {
  const body = objectAt(text, '', MAX_COPY_OUT_BYTES);
  if (Object.keys(body).length === 0) return { kind: 'check' };
  const eventType = idAt(fieldOf(body, '', ['eventType'])) ?? '';
  return (type === 'G2' ? roomEvent(body, eventType) : event(body, eventType)) ?? unknown(body);
}

const unknown = (body: JsonObject): CopyOut => ({ kind: 'unknown', body });

function event(body: JsonObject, eventType: string): CopyOut | undefined {
  if (eventType === '1') {
    const message = messageIn(body);
    if (message.msgType !== 'NRTC_NETCALL') return { kind: 'message', message };
    return { kind: 'record', message, record: parseCallRecord(body) };
  }
  // 21 is the same event under another number.
  if (eventType === '5' || eventType === '21') {
    return { kind: 'duration', duration: durationIn(body) };
  }
  return undefined;
}

function roomEvent(body: JsonObject, eventType: string): CopyOut | undefined {
  if (eventType !== '1' && eventType !== '2') return undefined;
  const data = objectAt(body['data'], 'data');
  const room = {
    roomId: neededIdAt(fieldOf(data, 'data', ['channelId'])),
    roomName: idAt(fieldOf(data, 'data', ['channelName'])),
    // The vendor's document misspells the name for the end of a room.
    createdAt: instantAt(fieldOf(data, 'data', ['createtime', 'createTime', 'creaetime'])),
    at: instantAt(fieldOf(data, 'data', ['timestamp'])),
  };
  return { kind: eventType === '1' ? 'room-start' : 'room-end', room };
}

function messageIn(body: JsonObject): CopiedMessage {
  const id = (name: string) => idAt(fieldOf(body, '', [name]));
  const { attach } = body;
  return {
    from: id('fromAccount'),
    to: id('to'),
    at: instantAt(fieldOf(body, '', ['msgTimestamp'])),
    serverId: id('msgidServer'),
    clientId: id('msgidClient'),
    msgType: id('msgType'),
    convType: id('convType'),
    text: id('body'),
    attach: typeof attach === 'object' && attach !== null ? JSON.stringify(attach) : id('attach'),
    fields: body,
  };
}

/** The vendor writes `VEDIO`. */
const TYPES: ReadonlyMap<string | null, Media> = new Map([
  ['AUDIO', 'audio'],
  ['VEDIO', 'video'],
  ['VIDEO', 'video'],
]);

function durationIn(body: JsonObject): CopiedDuration {
  const id = (name: string) => idAt(fieldOf(body, '', [name]));
  const { running } = body;
  return {
    roomId: neededIdAt(fieldOf(body, '', ['channelId'])),
    seconds: secondsAt(fieldOf(body, '', ['duration'])) ?? 0,
    members: parseDurations(fieldOf(body, '', ['members'])),
    type: TYPES.get(id('type')) ?? null,
    status: id('status'),
    createdAt: instantAt(fieldOf(body, '', ['createtime'])),
    isRunning: running === true || running === 'true',
    ext: id('ext'),
  };
}
