import type { CallView } from '../messages/calls.ts';
import type { DeviceMessage } from '../messages/from-device.ts';
import type { ServerMessage } from '../messages/from-server.ts';
import type { IceConfig } from '../messages/ice.ts';
import type { InboxItem } from '../messages/inbox.ts';
import { RTM_DEVICE_EXAMPLES, RTM_SERVER_EXAMPLES } from './rtm/examples.ts';

type Examples<Message extends { readonly type: string }> = {
  readonly [Type in Message['type']]: Extract<Message, { readonly type: Type }>;
};

const call = 'q1W7c0nYJ2s8hQmZt4xKfA';
const invitedAt = 1_767_225_600_000;

const ringing: CallView = {
  id: call,
  version: 3,
  direction: 'outgoing',
  peer: { user: 'bob', name: 'Bob' },
  media: 'video',
  state: 'ringing',
  remainingMs: 57_400,
  legs: [
    { device: 'bob1', state: 'alerting', epoch: 1 },
    { device: 'bob2', state: 'silent', silence: 'autoplay-blocked', epoch: 2 },
  ],
};

const ice: IceConfig = {
  servers: [
    { urls: ['stun:turn.example.com'] },
    {
      urls: ['turn:turn.example.com', 'turns:turn.example.com:443?transport=tcp'],
      username: '1767229200:alice',
      credential: 'wOGwSOWEqPZEzgWjzsLZtCfvuQQ=',
    },
  ],
  expiresMs: 3_600_000,
  relayOnly: false,
  preconnect: 'relay',
};

const text: InboxItem = {
  cursor: 41,
  id: 'm4bJt0Yx2mQe7wVnS5uC1g',
  from: 'bob',
  to: 'alice',
  at: invitedAt - 60_000,
  body: { kind: 'text', text: 'Can I call you?' },
};

const record: InboxItem = {
  cursor: 42,
  id: 'r8ZkD3aQv6oWc1LxN9pTyH',
  from: 'alice',
  to: 'bob',
  at: invitedAt + 95_000,
  body: {
    kind: 'record',
    record: {
      call,
      roomId: 7_351_046_829_112_345,
      type: 'video',
      status: 1,
      reason: 'completed',
      caller: 'alice',
      callee: 'bob',
      durations: [
        { user: 'alice', seconds: 89 },
        { user: 'bob', seconds: 89 },
      ],
      invitedAt,
      acceptedAt: invitedAt + 5_000,
      connectedAt: invitedAt + 5_400,
      endedAt: invitedAt + 95_000,
      endedBy: 'bob',
    },
  },
};

/** One message of every type that devices send, as the documentation shows it. */
export const DEVICE_EXAMPLES: Examples<DeviceMessage> = {
  hello: {
    type: 'hello',
    versions: [1],
    token: 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJhbGljZSJ9.c2lnbmF0dXJl',
    device: 'alice1',
    resumeKey: 'k2Vf9sXb7TqLw0RzN5uJdA',
    calls: [{ id: call, version: 3 }],
    cursor: 41,
    cursorId: 'm4bJt0Yx2mQe7wVnS5uC1g',
    revision: 17,
    callWaiting: true,
    language: 'zh-CN',
  },
  invite: {
    type: 'invite',
    seq: 1,
    call,
    to: 'bob',
    media: 'video',
    content: '{"subject":"Order 17"}',
    ringTimeoutMs: 60_000,
  },
  ring: { type: 'ring', seq: 1, call, receipt: 'silent', silence: 'autoplay-blocked' },
  accept: { type: 'accept', seq: 2, call, media: 'audio', response: 'no camera here' },
  refuse: { type: 'refuse', seq: 2, call, everywhere: true, response: 'in a meeting' },
  cancel: { type: 'cancel', seq: 2, call },
  end: { type: 'end', seq: 3, call, ageMs: 1_500 },
  connected: { type: 'connected', seq: 4, call, epoch: 1 },
  hold: { type: 'hold', seq: 4, call },
  resume: { type: 'resume', seq: 5, call },
  swap: { type: 'swap', seq: 6, call },
  'request-video': { type: 'request-video', seq: 6, call },
  'answer-video': { type: 'answer-video', seq: 7, call, accept: true },
  'remove-video': { type: 'remove-video', seq: 8, call },
  'report-quality': {
    type: 'report-quality',
    seq: 4,
    call,
    summary: {
      seconds: 89,
      mos: 4.31,
      mosMin: 3.87,
      lossRatio: 0.004,
      concealedRatio: 0.006,
      rttMs: 48,
      jitterMs: 6,
      relayed: false,
      freezes: 1,
    },
  },
  declare: { type: 'declare', seq: 4, call, microphone: false, camera: true },
  signal: {
    type: 'signal',
    seq: 5,
    call,
    to: 'bob1',
    epoch: 1,
    signal: {
      kind: 'candidate',
      candidate: {
        candidate: 'candidate:1 1 udp 2113937151 192.0.2.7 54321 typ host',
        sdpMid: '0',
        sdpMLineIndex: 0,
      },
    },
  },
  send: {
    type: 'send',
    seq: 6,
    to: 'bob',
    body: { kind: 'data', data: { order: 17 } },
    key: 'order 17 is here',
  },
  history: { type: 'history', seq: 7, peer: 'bob', before: 41, limit: 20 },
  'see-calls': { type: 'see-calls', seq: 9, call },
  read: { type: 'read', seq: 8, peer: 'bob', cursor: 41 },
  'renew-token': {
    type: 'renew-token',
    seq: 8,
    token: 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJhbGljZSJ9.c2lnbmF0dXJl',
  },
  'renew-ice': { type: 'renew-ice', seq: 9 },
  watch: { type: 'watch', seq: 9, users: ['bob', 'carol'] },
  'query-presence': { type: 'query-presence', seq: 10, users: ['bob'] },
  'set-call-waiting': { type: 'set-call-waiting', seq: 10, on: false },
  'answer-voice': {
    type: 'answer-voice',
    seq: 11,
    voice: 1,
    sdp: 'v=0\r\no=- 46118 2 IN IP4 127.0.0.1\r\n',
  },
  'stop-voice': { type: 'stop-voice', seq: 12, voice: 1 },
  acknowledge: { type: 'acknowledge', cursor: 42 },
  heartbeat: { type: 'heartbeat', calls: [{ id: call, version: 3 }] },
  ...RTM_DEVICE_EXAMPLES,
};

/** One message of every type that servers send, as the documentation shows it. */
export const SERVER_EXAMPLES: Examples<ServerMessage> = {
  welcome: {
    type: 'welcome',
    at: invitedAt,
    version: 1,
    user: 'alice',
    device: 'alice1',
    resumeKey: 'k2Vf9sXb7TqLw0RzN5uJdA',
    lastSeq: 8,
    inbox: { head: 42, from: 41, revision: 17 },
    gone: [],
    tokenExpiresMs: 3_600_000,
    ice,
    voice: true,
    ringback: true,
  },
  done: { type: 'done', re: 2 },
  invited: { type: 'invited', re: 1, call },
  sent: { type: 'sent', re: 6, id: 'm4bJt0Yx2mQe7wVnS5uC1g', at: invitedAt },
  'history-page': { type: 'history-page', re: 7, items: [text], more: false },
  'presence-found': {
    type: 'presence-found',
    re: 10,
    users: [{ user: 'bob', state: 'online' }],
  },
  'ice-renewed': { type: 'ice-renewed', re: 9, ice },
  refused: {
    type: 'refused',
    re: 6,
    code: 'malformed',
    message: '`body.text` must be a string.',
    path: 'body.text',
  },
  call: { type: 'call', at: invitedAt, call: ringing },
  inbox: { type: 'inbox', items: [record] },
  missed: { type: 'missed', count: 2 },
  conversations: {
    type: 'conversations',
    items: [
      {
        peer: 'bob',
        revision: 18,
        unread: 1,
        readUpTo: 38,
        deliveredUpTo: 40,
        peerReadUpTo: 37,
      },
    ],
  },
  signal: {
    type: 'signal',
    call,
    from: 'bob1',
    epoch: 1,
    signal: {
      kind: 'description',
      description: { type: 'answer', sdp: 'v=0\r\no=- 46117 2 IN IP4 127.0.0.1\r\n' },
    },
  },
  'voice-offered': {
    type: 'voice-offered',
    voice: 1,
    prompt: 'hold',
    sdp: 'v=0\r\no=- 46119 2 IN IP4 127.0.0.1\r\n',
  },
  'voice-changed': { type: 'voice-changed', voice: 1, prompt: 'busy' },
  'voice-ended': { type: 'voice-ended', voice: 1, why: 'said' },
  presence: {
    type: 'presence',
    users: [
      { user: 'bob', state: 'online' },
      { user: 'carol', state: 'offline', since: invitedAt - 3_600_000 },
    ],
  },
  alive: { type: 'alive', at: invitedAt, gone: [] },
  leaving: { type: 'leaving', afterMs: 800 },
  ...RTM_SERVER_EXAMPLES,
};
