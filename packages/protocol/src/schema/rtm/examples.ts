import type { RtmDeviceMessage } from '../../messages/rtm/from-device.ts';
import type { RtmServerMessage } from '../../messages/rtm/from-server.ts';

type Examples<Message extends { readonly type: string }> = {
  readonly [Type in Message['type']]: Extract<Message, { readonly type: Type }>;
};

const invitation = 'p3V9sLq0YbT7hXnEz5kMcQ';
const message = 'h5TgR2xWq8ZbN0yKv7LmDs';
const at = 1_767_225_600_000;
const mood = { key: 'mood', value: 'busy', by: 'alice', at } as const;

/** One message of every type that pages send which speak RTM. */
export const RTM_DEVICE_EXAMPLES: Examples<RtmDeviceMessage> = {
  'rtm-invite': {
    type: 'rtm-invite',
    seq: 1,
    invitation,
    to: 'bob',
    content: '{"room":"17"}',
    channel: '',
  },
  'rtm-receive': { type: 'rtm-receive', seq: 1, invitation },
  'rtm-accept': { type: 'rtm-accept', seq: 2, invitation, response: 'coming' },
  'rtm-confirm': { type: 'rtm-confirm', seq: 2, invitation },
  'rtm-refuse': { type: 'rtm-refuse', seq: 2, invitation, response: 'in a meeting' },
  'rtm-cancel': { type: 'rtm-cancel', seq: 2, invitation },
  'rtm-send': {
    type: 'rtm-send',
    seq: 3,
    message,
    to: 'bob',
    body: { kind: 'text', text: 'Hello' },
  },
  'rtm-got': { type: 'rtm-got', from: 'alice', message },
  'rtm-set-attributes': {
    type: 'rtm-set-attributes',
    seq: 4,
    of: { kind: 'user', user: 'alice' },
    replace: false,
    set: [{ key: 'mood', value: 'busy' }],
    remove: [],
    notify: false,
  },
  'rtm-get-attributes': {
    type: 'rtm-get-attributes',
    seq: 5,
    of: { kind: 'channel', channel: 'room 17' },
    keys: ['mood'],
  },
  'rtm-join': { type: 'rtm-join', seq: 6, channel: 'room 17' },
  'rtm-leave': { type: 'rtm-leave', seq: 7, channel: 'room 17' },
  'rtm-members': { type: 'rtm-members', seq: 8, channel: 'room 17' },
  'rtm-count': { type: 'rtm-count', seq: 9, channels: ['room 17', 'room 18'] },
  'rtm-publish': {
    type: 'rtm-publish',
    seq: 10,
    message,
    channel: 'room 17',
    body: { kind: 'raw', raw: 'AQID', description: 'three bytes' },
  },
  'rtm-ping': { type: 'rtm-ping', seq: 11 },
};

/** One message of every type that servers send to them. */
export const RTM_SERVER_EXAMPLES: Examples<RtmServerMessage> = {
  'rtm-invitation': {
    type: 'rtm-invitation',
    at,
    invitation: {
      id: invitation,
      version: 2,
      side: 'caller',
      peer: 'bob',
      content: '{"room":"17"}',
      channel: '',
      response: '',
      state: 'received',
      remainingMs: 59_000,
    },
  },
  'rtm-sent': { type: 'rtm-sent', re: 3, received: true },
  'rtm-message': {
    type: 'rtm-message',
    message,
    from: 'alice',
    at,
    body: { kind: 'text', text: 'Hello' },
  },
  'rtm-attributes-found': { type: 'rtm-attributes-found', re: 5, attributes: [mood] },
  'rtm-members-found': { type: 'rtm-members-found', re: 8, members: ['alice', 'bob'] },
  'rtm-counted': { type: 'rtm-counted', re: 9, counts: [2, 0] },
  'rtm-members-changed': {
    type: 'rtm-members-changed',
    channel: 'room 17',
    joined: ['bob'],
    left: [],
    count: 2,
  },
  'rtm-channel-message': {
    type: 'rtm-channel-message',
    message,
    channel: 'room 17',
    from: 'alice',
    at,
    body: { kind: 'text', text: 'Hello, all' },
  },
  'rtm-attributes-changed': {
    type: 'rtm-attributes-changed',
    channel: 'room 17',
    attributes: [mood],
  },
};
