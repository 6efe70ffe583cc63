import { createHash } from 'node:crypto';
import type {
  CallAcceptedData,
  CallRecord,
  EventType,
  MemberDuration,
  MessageSentData,
  RecordCreatedData,
} from '@ringline/protocol';
import type { CopyOutForm, NeteaseEndpoint, PostForm, StoredEvent } from '../store/outbox.ts';

/*
 * NetEase's message copy-out (消息抄送) as its documents have it: bodies, header fields and
 * checksum. A receiver written for that vendor takes ours unchanged. Which of its optional
 * fields we leave out, and why, is in docs/webhooks.md.
 */

/** `type` of the two kinds of media in a record. */
const MEDIA_TYPE = { audio: 1, video: 2 } as const;
/** The same in a copy-out of durations; the spelling is the vendor's. */
const DURATION_TYPE = { audio: 'AUDIO', video: 'VEDIO' } as const;
/** Copy-outs of rooms say so in a header field, because the numbers of their events are used twice. */
const ROOM_HEADER = { type: 'G2' } as const;

/** As what an endpoint of this form is told of an event: of the vendor's bodies those that it takes. */
export function formsTaken(
  { forms }: Pick<NeteaseEndpoint, 'forms'>,
  type: EventType,
): readonly CopyOutForm[] {
  return neteaseForms(type).filter((form) => forms === null || forms.includes(form));
}

/** What is posted when the address is saved, and must be answered 200. */
export const CHECK_BODY = '{}';

/** As what the vendor's receivers are told of an event; most of ours have no counterpart there. */
export function neteaseForms(type: EventType): readonly CopyOutForm[] {
  switch (type) {
    case 'call.accepted':
      return ['room-start'];
    case 'record.created':
      return ['room-end', 'duration', 'record'];
    case 'message.sent':
      return ['message'];
    case 'call.invited':
    case 'call.ringing':
    case 'call.connected':
    case 'call.held':
    case 'call.resumed':
    case 'call.video.added':
    case 'call.video.removed':
    case 'call.ended':
    case 'invitation.sent':
    case 'invitation.ended':
      return [];
  }
}

/** Body and special header fields of one copy-out; undefined where there is nothing to tell. */
export interface CopyOut {
  readonly body: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** The copy-out of an event in one of the vendor's forms. */
export function copyOutOf(form: PostForm, event: StoredEvent): CopyOut | undefined {
  switch (form) {
    case 'record':
      return plain(recordBody(event));
    case 'duration':
      return plain(durationBody(event));
    case 'message':
      return plain(messageBody(event));
    case 'room-start':
      return room(1, roomStart(event));
    case 'room-end':
      return roomEnd(event);
    case 'event':
      return undefined;
  }
}

function plain(body: object): CopyOut {
  return { body: JSON.stringify(body), headers: {} };
}

function room(eventType: number, data: object): CopyOut {
  return { body: JSON.stringify({ eventType, data }), headers: ROOM_HEADER };
}

/** What a conversation's copy-out always has; every value is a string. */
function conversation(event: StoredEvent, from: string, to: string, at: number) {
  return {
    eventType: '1',
    convType: 'PERSON',
    fromAccount: from,
    to,
    msgTimestamp: String(at),
    msgidServer: messageNumber(event),
    resendFlag: '0',
  };
}

/**
 * The number by which receivers forget what they have seen: made from the event's id, so that a
 * database that begins anew, or comes back from a backup, uses none twice. 63 bits, as of Java's
 * `long`: of ten million messages two have the same one with a chance of one in 180,000.
 */
function messageNumber({ id }: StoredEvent): string {
  const hash = createHash('sha256').update(id).digest();
  return String(BigInt.asUintN(63, hash.readBigUInt64BE()));
}

/** eventType 1 with a call record (话单) in `attach`. */
function recordBody(event: StoredEvent) {
  const { record } = event.data as RecordCreatedData;
  return {
    ...conversation(event, record.caller, record.callee, record.endedAt),
    msgType: 'NRTC_NETCALL',
    msgidClient: `record:${record.call}`,
    body: '',
    attach: JSON.stringify({
      type: MEDIA_TYPE[record.type],
      channelId: record.roomId,
      status: record.status,
      durations: record.durations.map(({ user, seconds }) => ({ accid: user, duration: seconds })),
    }),
  };
}

/** eventType 1 with what a user wrote. */
function messageBody(event: StoredEvent) {
  const { id, from, to, at, body } = event.data as MessageSentData;
  const common = { ...conversation(event, from, to, at), msgidClient: id };
  return body.kind === 'text'
    ? { ...common, msgType: 'TEXT', body: body.text, attach: '' }
    : { ...common, msgType: 'CUSTOM', body: '', attach: JSON.stringify(body.data) };
}

/** eventType 5: how long a call lasted, as the sum over its members. */
function durationBody(event: StoredEvent) {
  const { record } = event.data as RecordCreatedData;
  const members = membersOf(record);
  return {
    eventType: '5',
    channelId: String(record.roomId),
    createtime: String(record.acceptedAt ?? record.invitedAt),
    duration: String(members.reduce((sum, { seconds }) => sum + seconds, 0)),
    live: '0',
    members: JSON.stringify(
      members.map(({ user, seconds }) => ({
        accid: user,
        ...(user === record.caller && { caller: true }),
        duration: seconds,
      })),
    ),
    status: durationStatus(record),
    type: DURATION_TYPE[record.type],
  };
}

/** Of a call that nobody answered the caller is the only member. */
function membersOf({ caller, durations }: CallRecord): readonly MemberDuration[] {
  return durations.length > 0 ? durations : [{ user: caller, seconds: 0 }];
}

function durationStatus({ acceptedAt, connectedAt }: CallRecord): string {
  if (acceptedAt === null) return 'SINGLE_PARTICIPATE';
  // Both came, and no media ever flowed: the vendor has no word of its own for that.
  return connectedAt === null ? 'UNKNOWN' : 'SUCCESS';
}

function roomStart({ at, data }: StoredEvent) {
  const { call, roomId } = data as CallAcceptedData;
  return { channelId: roomId, channelName: call, createtime: at, timestamp: at };
}

/** There is a room from the answer on; a call that nobody answered has had none. */
function roomEnd({ data }: StoredEvent): CopyOut | undefined {
  const { record } = data as RecordCreatedData;
  if (record.acceptedAt === null) return undefined;
  return room(2, {
    channelId: record.roomId,
    channelName: record.call,
    createtime: record.acceptedAt,
    // The vendor's sample of this one event spells it so; receivers may have copied it.
    creaetime: record.acceptedAt,
    timestamp: record.endedAt,
  });
}

/** The header fields by which a receiver knows who posts: the checksum is over secret, MD5 and time. */
export function copyOutHeaders(
  { appKey, appSecret }: Pick<NeteaseEndpoint, 'appKey' | 'appSecret'>,
  body: string,
  now: number,
): Record<string, string> {
  const md5 = createHash('md5').update(body).digest('hex');
  const time = String(now);
  const checkSum = createHash('sha1').update(`${appSecret}${md5}${time}`).digest('hex');
  return { AppKey: appKey, CurTime: time, MD5: md5, CheckSum: checkSum };
}
