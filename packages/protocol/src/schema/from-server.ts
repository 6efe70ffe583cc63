import { z } from 'zod';
import {
  INBOX_WINDOW,
  MAX_ID_BYTES,
  MAX_NAMED_CALLS,
  MAX_MISSED,
  MAX_PAGE_ITEMS,
  MAX_SDP_BYTES,
  MAX_WATCHED_USERS,
} from '../limits.ts';
import type { ServerMessage } from '../messages/from-server.ts';
import { PROMPTS, VOICE_ENDS } from '../messages/voice.ts';
import type { RefusalCode } from '../refusals.ts';
import { REFUSALS } from '../refusals.ts';
import { callView } from './calls.ts';
import { conversation } from './conversation.ts';
import { iceConfig } from './ice.ts';
import { inboxItem } from './inbox.ts';
import { presence } from './presence.ts';
import { RTM_SERVER_SCHEMAS, rtmGone, rtmWelcome } from './rtm/from-server.ts';
import type { Same } from './same.ts';
import { callId, deviceId, instant, integer, shortList, text, userId } from './scalars.ts';
import { signal } from './signal.ts';

const re = integer(1).describe('the `seq` that it answers');
const serverTime = integer(0).describe('the server’s clock, epoch milliseconds');
const gone = shortList(callId, MAX_NAMED_CALLS);
const voice = integer(1);
const prompt = z.enum(PROMPTS);
const codes = Object.keys(REFUSALS) as RefusalCode[];

/** The schema of every message of a server, by its type: for documentation and tests. */
export const SERVER_SCHEMAS = {
  welcome: z.strictObject({
    type: z.literal('welcome'),
    at: serverTime,
    version: integer(1),
    user: userId,
    device: deviceId,
    resumeKey: text(MAX_ID_BYTES),
    lastSeq: integer(0),
    inbox: z.strictObject({ head: integer(0), from: integer(0), revision: integer(0) }),
    gone,
    tokenExpiresMs: integer(0).exactOptional(),
    ice: iceConfig.exactOptional(),
    voice: z.literal(true).exactOptional(),
    ringback: z.literal(true).exactOptional(),
    rtm: rtmWelcome.exactOptional(),
  }),
  done: z.strictObject({
    type: z.literal('done'),
    re,
    tokenExpiresMs: integer(0).exactOptional(),
  }),
  invited: z.strictObject({ type: z.literal('invited'), re, call: callId }),
  sent: z.strictObject({
    type: z.literal('sent'),
    re,
    id: text(MAX_ID_BYTES, { min: 1 }),
    at: instant,
  }),
  'history-page': z.strictObject({
    type: z.literal('history-page'),
    re,
    items: shortList(inboxItem, MAX_PAGE_ITEMS),
    more: z.boolean(),
  }),
  'presence-found': z.strictObject({
    type: z.literal('presence-found'),
    re,
    users: shortList(presence, MAX_WATCHED_USERS),
  }),
  'ice-renewed': z.strictObject({ type: z.literal('ice-renewed'), re, ice: iceConfig }),
  refused: z.strictObject({
    type: z.literal('refused'),
    re: integer(0).describe('the `seq` that it answers, or 0'),
    code: z.enum(codes).describe('[refusal code](errors.md#refusals)'),
    message: z.string(),
    path: z.string().exactOptional(),
    retryAfterMs: integer(0).exactOptional(),
  }),
  call: z.strictObject({ type: z.literal('call'), at: serverTime, call: callView }),
  inbox: z.strictObject({ type: z.literal('inbox'), items: shortList(inboxItem, INBOX_WINDOW) }),
  missed: z.strictObject({ type: z.literal('missed'), count: integer(0, MAX_MISSED) }),
  conversations: z.strictObject({
    type: z.literal('conversations'),
    items: shortList(conversation, MAX_PAGE_ITEMS),
  }),
  signal: z.strictObject({
    type: z.literal('signal'),
    call: callId,
    from: deviceId,
    epoch: integer(0),
    signal,
  }),
  'voice-offered': z.strictObject({
    type: z.literal('voice-offered'),
    voice,
    prompt,
    sdp: text(MAX_SDP_BYTES),
  }),
  'voice-changed': z.strictObject({ type: z.literal('voice-changed'), voice, prompt }),
  'voice-ended': z.strictObject({
    type: z.literal('voice-ended'),
    voice,
    why: z.enum(VOICE_ENDS),
  }),
  presence: z.strictObject({
    type: z.literal('presence'),
    users: shortList(presence, MAX_WATCHED_USERS),
  }),
  alive: z.strictObject({
    type: z.literal('alive'),
    at: serverTime,
    gone,
    rtm: rtmGone.exactOptional(),
  }),
  leaving: z.strictObject({ type: z.literal('leaving'), afterMs: integer(0) }),
  ...RTM_SERVER_SCHEMAS,
} satisfies Record<ServerMessage['type'], z.ZodType<ServerMessage>>;

type Schemas = typeof SERVER_SCHEMAS;
type ByType = { [Type in keyof Schemas]: z.infer<Schemas[Type]> };
type Written = { [Message in ServerMessage as Message['type']]: Message };

/** Fails to compile when a schema and the type written by hand differ in any field. */
export const serversAgree: Same<ByType, Written> = true;
