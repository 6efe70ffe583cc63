import * as fc from 'fast-check';
import {
  END_REASONS,
  LEG_END_REASONS,
  LEG_STATES,
  MAX_ANNOUNCING_MS,
  MAX_FREEZES,
  MAX_MEASURED_MS,
  MAX_MEASURED_SECONDS,
  MAX_MOS,
  MAX_PAGE_ITEMS,
  MAX_RING_TIMEOUT_MS,
  MAX_UNREAD,
  MEDIA,
  MIN_RING_TIMEOUT_MS,
  PRECONNECT,
  PRESENCE_STATES,
  PROMPTS,
  RECEIPTS,
  RECORD_STATUS,
  REFUSALS,
  SILENCES,
  VIDEO_ENDS,
  VOICE_ENDS,
  WHO,
} from '../src/index.ts';
import type { DeviceMessage, Json, RefusalCode, ServerMessage } from '../src/index.ts';
import { callId, from0, from1, id, record, text, type } from './arbitrary-parts.ts';
import type { Arbitraries } from './arbitrary-parts.ts';
import {
  RTM_FROM_DEVICE,
  RTM_FROM_SERVER,
  rtmGone,
  rtmHello,
  rtmStanding,
  rtmWelcome,
} from './rtm-arbitraries.ts';

const media = fc.constantFrom(...MEDIA);
const prompt = fc.constantFrom(...PROMPTS);
const silence = fc.constantFrom(...SILENCES);

const data = fc
  .jsonValue({ maxDepth: 4, stringUnit: 'binary' })
  .map((value) => JSON.parse(JSON.stringify(value)) as Json)
  .filter((value) => !JSON.stringify(value).includes('"__proto__":'));

const callVersions = fc.array(fc.record({ id: callId, version: from0 }), { maxLength: 16 });

const body = fc.oneof(
  fc.record({ kind: fc.constant('text' as const), text: text() }),
  fc.record({ kind: fc.constant('data' as const), data }),
);

const signal = fc.oneof(
  fc.record({
    kind: fc.constant('description' as const),
    description: fc.record({ type: fc.constantFrom('offer' as const, 'answer'), sdp: text() }),
  }),
  fc.record({
    kind: fc.constant('candidate' as const),
    candidate: fc.record({
      candidate: text(),
      sdpMid: fc.option(text(10)),
      sdpMLineIndex: fc.option(fc.integer({ min: 0, max: 65_535 })),
    }),
  }),
  fc.record({ kind: fc.constant('restart' as const) }),
);

const call = callId;
const seq = from1;
const response = text();
const yes = fc.constant(true as const);
const no = fc.constant(false as const);
const who = fc.constantFrom(...WHO);

const ring = fc.oneof(
  fc.record({ type: type('ring'), seq, call, receipt: fc.constantFrom(...RECEIPTS) }),
  fc.record({ type: type('ring'), seq, call, receipt: fc.constant('silent' as const), silence }),
);

const decimal = (min: number, max: number) =>
  fc.double({ min, max, noNaN: true }).map((value) => (Object.is(value, -0) ? 0 : value));
const measuredMs = fc.integer({ min: 0, max: MAX_MEASURED_MS });
const summary = record(
  {
    seconds: fc.integer({ min: 1, max: MAX_MEASURED_SECONDS }),
    mos: decimal(1, MAX_MOS),
    mosMin: decimal(1, MAX_MOS),
    lossRatio: decimal(0, 1),
    concealedRatio: decimal(0, 1),
    rttMs: measuredMs,
    jitterMs: measuredMs,
    relayed: fc.boolean(),
    freezes: fc.integer({ min: 0, max: MAX_FREEZES }),
  },
  'concealedRatio',
  'rttMs',
  'jitterMs',
  'relayed',
  'freezes',
);

/** Every message that a device may send. */
export const FROM_DEVICE: Arbitraries<DeviceMessage> = {
  hello: record(
    {
      type: type('hello'),
      versions: fc.array(from1, { minLength: 1, maxLength: 16 }),
      token: text(),
      device: id,
      resumeKey: text(10),
      calls: callVersions,
      cursor: from0,
      cursorId: id,
      revision: from0,
      callWaiting: yes,
      language: fc.constantFrom('en', 'zh-Hans-CN'),
      rtm: rtmHello,
    },
    'resumeKey',
    'cursor',
    'cursorId',
    'revision',
    'callWaiting',
    'language',
    'rtm',
  ),
  invite: record(
    {
      type: type('invite'),
      seq,
      call,
      to: id,
      media,
      content: text(),
      ringTimeoutMs: fc.integer({ min: MIN_RING_TIMEOUT_MS, max: MAX_RING_TIMEOUT_MS }),
      holdable: fc.boolean(),
      raised: fc.boolean(),
    },
    'content',
    'ringTimeoutMs',
    'holdable',
    'raised',
  ),
  ring,
  accept: record({ type: type('accept'), seq, call, media, response }, 'media', 'response'),
  refuse: record(
    { type: type('refuse'), seq, call, everywhere: fc.boolean(), unseen: yes, response },
    'unseen',
    'response',
  ),
  cancel: fc.record({ type: type('cancel'), seq, call }),
  end: record(
    { type: type('end'), seq, call, ageMs: from0, resumeOther: yes },
    'ageMs',
    'resumeOther',
  ),
  connected: record({ type: type('connected'), seq, call, epoch: from0, resume: from1 }, 'resume'),
  hold: fc.record({ type: type('hold'), seq, call }),
  resume: record({ type: type('resume'), seq, call, askVideo: fc.boolean() }, 'askVideo'),
  swap: fc.record({ type: type('swap'), seq, call }),
  'request-video': fc.record({ type: type('request-video'), seq, call }),
  'answer-video': fc.oneof(
    fc.record({ type: type('answer-video'), seq, call, accept: fc.boolean() }),
    fc.record({ type: type('answer-video'), seq, call, accept: no, unsupported: yes }),
  ),
  'remove-video': record(
    { type: type('remove-video'), seq, call, cameraFailed: yes },
    'cameraFailed',
  ),
  'report-quality': fc.record({ type: type('report-quality'), seq, call, summary }),
  declare: fc.record({
    type: type('declare'),
    seq,
    call,
    microphone: fc.boolean(),
    camera: fc.boolean(),
  }),
  signal: fc.record({ type: type('signal'), seq, call, to: id, epoch: from0, signal }),
  send: fc.record({ type: type('send'), seq, to: id, body }),
  history: record(
    {
      type: type('history'),
      seq,
      peer: id,
      before: from1,
      limit: fc.integer({ min: 1, max: MAX_PAGE_ITEMS }),
    },
    'before',
  ),
  'see-calls': fc.record({ type: type('see-calls'), seq, call }),
  read: fc.record({ type: type('read'), seq, peer: id, cursor: from0 }),
  'renew-token': fc.record({ type: type('renew-token'), seq, token: text() }),
  'renew-ice': fc.record({ type: type('renew-ice'), seq }),
  watch: fc.record({ type: type('watch'), seq, users: fc.array(id, { maxLength: 20 }) }),
  'query-presence': fc.record({
    type: type('query-presence'),
    seq,
    users: fc.array(id, { maxLength: 20 }),
  }),
  'set-call-waiting': fc.record({ type: type('set-call-waiting'), seq, on: fc.boolean() }),
  'answer-voice': fc.record({ type: type('answer-voice'), seq, voice: from1, sdp: text() }),
  'stop-voice': fc.record({ type: type('stop-voice'), seq, voice: from1 }),
  acknowledge: fc.record({ type: type('acknowledge'), cursor: from0 }),
  heartbeat: record({ type: type('heartbeat'), calls: callVersions, rtm: rtmStanding }, 'rtm'),
  ...RTM_FROM_DEVICE,
};

/** Any message of a device. */
export const anyDeviceMessage: fc.Arbitrary<DeviceMessage> = fc.oneof(
  ...Object.values<fc.Arbitrary<DeviceMessage>>(FROM_DEVICE),
);

const ofAnyState = {
  id: callId,
  version: from1,
  direction: fc.constantFrom('outgoing' as const, 'incoming'),
  peer: record({ user: id, name: text(), avatar: text() }, 'name', 'avatar'),
  media,
  content: text(),
};
const leg = record(
  { device: id, state: fc.constantFrom(...LEG_STATES), silence, epoch: from1 },
  'silence',
);
const legs = fc.array(leg, { maxLength: 10 });
const waiting = fc.constantFrom('inviting' as const, 'ringing');

const callView = fc.oneof(
  record({ ...ofAnyState, state: waiting, remainingMs: from0, legs }, 'content', 'legs'),
  record(
    { ...ofAnyState, state: waiting, remainingMs: from0, peerDevice: id, epoch: from1 },
    'content',
  ),
  record(
    {
      ...ofAnyState,
      state: type('established'),
      peerDevice: id,
      epoch: from0,
      connectedMs: from0,
      peerGraceMs: from0,
      peerMuted: yes,
      peerCameraOff: yes,
      muted: yes,
      cameraOff: yes,
      held: yes,
      peerHolds: yes,
      resuming: fc.record({ by: who, resume: from1 }),
      videoRequest: fc.record({ by: who, remainingMs: from0 }),
      videoEnd: record({ why: fc.constantFrom(...VIDEO_ENDS), by: who }, 'by'),
      response,
    },
    'content',
    'connectedMs',
    'peerGraceMs',
    'peerMuted',
    'peerCameraOff',
    'muted',
    'cameraOff',
    'held',
    'peerHolds',
    'resuming',
    'videoRequest',
    'videoEnd',
    'response',
  ),
  record(
    {
      ...ofAnyState,
      state: type('ended'),
      reason: fc.constantFrom(...END_REASONS, ...LEG_END_REASONS),
      response,
      durationSeconds: from0,
      announcingMs: fc.integer({ min: 1, max: MAX_ANNOUNCING_MS }),
    },
    'content',
    'response',
    'announcingMs',
  ),
);

const callRecord = fc.record({
  call,
  roomId: from1,
  type: media,
  status: fc.constantFrom(...Object.values(RECORD_STATUS)),
  reason: fc.constantFrom(...END_REASONS),
  caller: id,
  callee: id,
  durations: fc.array(fc.record({ user: id, seconds: from0 }), { maxLength: 2 }),
  invitedAt: from0,
  acceptedAt: fc.option(from0),
  connectedAt: fc.option(from0),
  endedAt: from0,
  endedBy: fc.option(id),
});

const item = fc.record({
  cursor: from1,
  id,
  from: id,
  to: id,
  at: from0,
  body: fc.oneof(body, fc.record({ kind: fc.constant('record' as const), record: callRecord })),
});
const items = fc.array(item, { maxLength: 5 });
const presences = fc.array(
  record(
    { user: id, state: fc.constantFrom(...PRESENCE_STATES), since: from0, left: yes },
    'since',
    'left',
  ),
  { maxLength: 20 },
);
const gone = fc.array(callId, { maxLength: 16 });
const re = from1;

const ice = record(
  {
    servers: fc.array(
      record(
        {
          urls: fc.array(fc.stringMatching(/^turn:[a-z.]{1,20}$/), { minLength: 1, maxLength: 3 }),
          username: text(),
          credential: text(),
        },
        'username',
        'credential',
      ),
      { maxLength: 2 },
    ),
    expiresMs: from0,
    relayOnly: fc.boolean(),
    preconnect: fc.constantFrom(...PRECONNECT),
  },
  'expiresMs',
);

/** Every message that a server may send. */
export const FROM_SERVER: Arbitraries<ServerMessage> = {
  welcome: record(
    {
      type: type('welcome'),
      at: from0,
      version: from1,
      user: id,
      device: id,
      resumeKey: text(10),
      lastSeq: from0,
      inbox: fc.record({ head: from0, from: from0, revision: from0 }),
      gone,
      tokenExpiresMs: from0,
      ice,
      voice: yes,
      ringback: yes,
      rtm: rtmWelcome,
    },
    'tokenExpiresMs',
    'ice',
    'voice',
    'ringback',
    'rtm',
  ),
  done: record({ type: type('done'), re, tokenExpiresMs: from0 }, 'tokenExpiresMs'),
  invited: fc.record({ type: type('invited'), re, call }),
  sent: fc.record({ type: type('sent'), re, id, at: from0 }),
  'history-page': fc.record({ type: type('history-page'), re, items, more: fc.boolean() }),
  'presence-found': fc.record({ type: type('presence-found'), re, users: presences }),
  'ice-renewed': fc.record({ type: type('ice-renewed'), re, ice }),
  refused: record(
    {
      type: type('refused'),
      re: from0,
      code: fc.constantFrom(...(Object.keys(REFUSALS) as RefusalCode[])),
      message: text(),
      path: text(),
      retryAfterMs: from0,
    },
    'path',
    'retryAfterMs',
  ),
  call: fc.record({ type: type('call'), at: from0, call: callView }),
  inbox: fc.record({ type: type('inbox'), items }),
  missed: fc.record({ type: type('missed'), count: fc.integer({ min: 0, max: 100 }) }),
  conversations: fc.record({
    type: type('conversations'),
    items: fc.array(
      fc.record({
        peer: id,
        revision: from0,
        unread: fc.integer({ min: 0, max: MAX_UNREAD }),
        readUpTo: from0,
        deliveredUpTo: from0,
        peerReadUpTo: from0,
      }),
      { maxLength: 5 },
    ),
  }),
  signal: fc.record({ type: type('signal'), call, from: id, epoch: from0, signal }),
  'voice-offered': fc.record({ type: type('voice-offered'), voice: from1, prompt, sdp: text() }),
  'voice-changed': fc.record({ type: type('voice-changed'), voice: from1, prompt }),
  'voice-ended': fc.record({
    type: type('voice-ended'),
    voice: from1,
    why: fc.constantFrom(...VOICE_ENDS),
  }),
  presence: fc.record({ type: type('presence'), users: presences }),
  alive: record({ type: type('alive'), at: from0, gone, rtm: rtmGone }, 'rtm'),
  leaving: fc.record({ type: type('leaving'), afterMs: from0 }),
  ...RTM_FROM_SERVER,
};
