import { z } from 'zod';
import {
  MAX_ID_BYTES,
  MAX_ITEM_ID_BYTES,
  MAX_LANGUAGE_BYTES,
  MAX_NAMED_CALLS,
  MAX_OFFERED_VERSIONS,
  MAX_PAGE_ITEMS,
  MAX_RING_TIMEOUT_MS,
  MAX_SDP_BYTES,
  MAX_TOKEN_BYTES,
  MAX_WATCHED_USERS,
  MIN_RING_TIMEOUT_MS,
} from '../limits.ts';
import { RECEIPTS, SILENCES } from '../messages/calls.ts';
import type { DeviceMessage } from '../messages/from-device.ts';
import { callVersion, content, media } from './calls.ts';
import { messageBody } from './inbox.ts';
import { qualitySummary } from './quality.ts';
import { RTM_DEVICE_SCHEMAS, rtmHello, rtmStanding } from './rtm/from-device.ts';
import type { Same } from './same.ts';
import {
  callId,
  custom,
  deviceId,
  integer,
  messageKey,
  shortList,
  text,
  userId,
} from './scalars.ts';
import { signal } from './signal.ts';

const seq = integer(1);
const call = callId;
const token = text(MAX_TOKEN_BYTES);
const calls = shortList(callVersion, MAX_NAMED_CALLS);

const ring = z
  .strictObject({
    type: z.literal('ring'),
    seq,
    call,
    receipt: z.enum(RECEIPTS),
    silence: z.enum(SILENCES).exactOptional(),
  })
  .check((context) => {
    const { receipt, silence } = context.value;
    if (silence === undefined || receipt === 'silent') return;
    context.issues.push({ ...custom('goes with `silent` only', silence), path: ['silence'] });
  });

const answerVideo = z
  .strictObject({
    type: z.literal('answer-video'),
    seq,
    call,
    accept: z.boolean(),
    unsupported: z.literal(true).exactOptional(),
  })
  .check((context) => {
    const { accept, unsupported } = context.value;
    if (unsupported === undefined || !accept) return;
    context.issues.push({
      ...custom('goes with a refusal only', unsupported),
      path: ['unsupported'],
    });
  });

/** The schema of every message of a device, by its type; the fields in the order in which they are checked. */
export const DEVICE_SCHEMAS = {
  hello: z.strictObject({
    type: z.literal('hello'),
    versions: shortList(integer(1), MAX_OFFERED_VERSIONS, 1),
    token,
    device: deviceId,
    resumeKey: text(MAX_ID_BYTES).exactOptional(),
    calls,
    cursor: integer(0).exactOptional(),
    cursorId: text(MAX_ITEM_ID_BYTES, { min: 1 }).exactOptional(),
    revision: integer(0).exactOptional(),
    callWaiting: z.literal(true).exactOptional(),
    language: text(MAX_LANGUAGE_BYTES, { min: 1 }).exactOptional(),
    rtm: rtmHello.exactOptional(),
  }),
  invite: z.strictObject({
    type: z.literal('invite'),
    seq,
    call,
    to: userId,
    media,
    content: content.exactOptional(),
    ringTimeoutMs: integer(MIN_RING_TIMEOUT_MS, MAX_RING_TIMEOUT_MS).exactOptional(),
    holdable: z.boolean().exactOptional(),
    recordMessage: z.boolean().exactOptional(),
    raised: z.boolean().exactOptional(),
  }),
  ring,
  accept: z.strictObject({
    type: z.literal('accept'),
    seq,
    call,
    media: media.exactOptional(),
    response: content.exactOptional(),
  }),
  refuse: z.strictObject({
    type: z.literal('refuse'),
    seq,
    call,
    everywhere: z.boolean(),
    unseen: z.literal(true).exactOptional(),
    response: content.exactOptional(),
  }),
  cancel: z.strictObject({ type: z.literal('cancel'), seq, call }),
  end: z.strictObject({
    type: z.literal('end'),
    seq,
    call,
    ageMs: integer(0).exactOptional(),
    resumeOther: z.literal(true).exactOptional(),
  }),
  connected: z.strictObject({
    type: z.literal('connected'),
    seq,
    call,
    epoch: integer(0),
    resume: integer(1).exactOptional(),
  }),
  hold: z.strictObject({ type: z.literal('hold'), seq, call }),
  resume: z.strictObject({
    type: z.literal('resume'),
    seq,
    call,
    askVideo: z.boolean().exactOptional(),
  }),
  swap: z.strictObject({ type: z.literal('swap'), seq, call }),
  'request-video': z.strictObject({ type: z.literal('request-video'), seq, call }),
  'answer-video': answerVideo,
  'remove-video': z.strictObject({
    type: z.literal('remove-video'),
    seq,
    call,
    cameraFailed: z.literal(true).exactOptional(),
  }),
  'report-quality': z.strictObject({
    type: z.literal('report-quality'),
    seq,
    call,
    summary: qualitySummary,
  }),
  declare: z.strictObject({
    type: z.literal('declare'),
    seq,
    call,
    microphone: z.boolean(),
    camera: z.boolean(),
  }),
  signal: z.strictObject({
    type: z.literal('signal'),
    seq,
    call,
    to: deviceId,
    epoch: integer(0),
    signal,
  }),
  send: z.strictObject({
    type: z.literal('send'),
    seq,
    to: userId,
    body: messageBody,
    key: messageKey.exactOptional(),
  }),
  history: z.strictObject({
    type: z.literal('history'),
    seq,
    peer: userId,
    before: integer(1).exactOptional(),
    limit: integer(1, MAX_PAGE_ITEMS),
  }),
  'see-calls': z.strictObject({ type: z.literal('see-calls'), seq, call }),
  read: z.strictObject({ type: z.literal('read'), seq, peer: userId, cursor: integer(0) }),
  'renew-token': z.strictObject({ type: z.literal('renew-token'), seq, token }),
  'renew-ice': z.strictObject({ type: z.literal('renew-ice'), seq }),
  watch: z.strictObject({
    type: z.literal('watch'),
    seq,
    users: shortList(userId, MAX_WATCHED_USERS),
  }),
  'query-presence': z.strictObject({
    type: z.literal('query-presence'),
    seq,
    users: shortList(userId, MAX_WATCHED_USERS),
  }),
  'set-call-waiting': z.strictObject({
    type: z.literal('set-call-waiting'),
    seq,
    on: z.boolean(),
  }),
  'answer-voice': z.strictObject({
    type: z.literal('answer-voice'),
    seq,
    voice: integer(1),
    sdp: text(MAX_SDP_BYTES),
  }),
  'stop-voice': z.strictObject({ type: z.literal('stop-voice'), seq, voice: integer(1) }),
  acknowledge: z.strictObject({ type: z.literal('acknowledge'), cursor: integer(0) }),
  heartbeat: z.strictObject({
    type: z.literal('heartbeat'),
    calls,
    rtm: rtmStanding.exactOptional(),
  }),
  ...RTM_DEVICE_SCHEMAS,
} satisfies Record<DeviceMessage['type'], z.ZodType<DeviceMessage>>;

type Schemas = typeof DEVICE_SCHEMAS;
type ByType = { [Type in keyof Schemas]: z.infer<Schemas[Type]> };
type Written = { [Message in DeviceMessage as Message['type']]: Message };

/** Fails to compile when a schema and the type written by hand differ in any field. */
export const devicesAgree: Same<ByType, Written> = true;
