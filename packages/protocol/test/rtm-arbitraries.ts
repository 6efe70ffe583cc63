import * as fc from 'fast-check';
import { INVITATION_FAILURES, INVITATION_STATES } from '../src/index.ts';
import type { RtmDeviceMessage, RtmServerMessage } from '../src/index.ts';
import { callId, from0, from1, id, record, text, type } from './arbitrary-parts.ts';
import type { Arbitraries } from './arbitrary-parts.ts';

const seq = from1;
const invitation = callId;
const channel = fc.string({ unit: 'binary', minLength: 1, maxLength: 16 });
const invitations = fc.array(fc.record({ id: callId, version: from0 }), { maxLength: 4 });
const gone = fc.array(callId, { maxLength: 4 });
const yes = fc.constant(true as const);

export const rtmStanding = fc.record({ invitations });
export const rtmHello = record({ invitations, beside: yes }, 'beside');
export const rtmGone = fc.record({ gone });
export const rtmWelcome = fc.record({ gone, resumed: fc.boolean() });

const body = fc.oneof(
  fc.record({ kind: fc.constant('text' as const), text: text() }),
  fc.record({
    kind: fc.constant('raw' as const),
    raw: fc.base64String({ maxLength: 40 }),
    description: text(),
  }),
);

const of = fc.oneof(
  fc.record({ kind: fc.constant('user' as const), user: id }),
  fc.record({ kind: fc.constant('channel' as const), channel }),
);
const key = fc.string({ unit: 'grapheme-ascii', minLength: 1, maxLength: 32 });
const set = fc.array(fc.record({ key, value: text() }), { maxLength: 4 });
const keys = fc.array(key, { maxLength: 4 });
const attributes = fc.array(fc.record({ key, value: text(), by: id, at: from0 }), { maxLength: 4 });
const users = fc.array(id, { maxLength: 4 });

/** Every message that a page may send which speaks RTM. */
export const RTM_FROM_DEVICE: Arbitraries<RtmDeviceMessage> = {
  'rtm-invite': fc.record({
    type: type('rtm-invite'),
    seq,
    invitation,
    to: id,
    content: text(),
    channel: text(),
  }),
  'rtm-receive': fc.record({ type: type('rtm-receive'), seq, invitation }),
  'rtm-accept': fc.record({ type: type('rtm-accept'), seq, invitation, response: text() }),
  'rtm-confirm': fc.record({ type: type('rtm-confirm'), seq, invitation }),
  'rtm-refuse': fc.record({ type: type('rtm-refuse'), seq, invitation, response: text() }),
  'rtm-cancel': fc.record({ type: type('rtm-cancel'), seq, invitation }),
  'rtm-send': fc.record({ type: type('rtm-send'), seq, message: callId, to: id, body }),
  'rtm-got': fc.record({ type: type('rtm-got'), from: id, message: callId }),
  'rtm-set-attributes': fc.record({
    type: type('rtm-set-attributes'),
    seq,
    of,
    replace: fc.boolean(),
    set,
    remove: keys,
    notify: fc.boolean(),
  }),
  'rtm-get-attributes': record({ type: type('rtm-get-attributes'), seq, of, keys }, 'keys'),
  'rtm-join': fc.record({ type: type('rtm-join'), seq, channel }),
  'rtm-leave': fc.record({ type: type('rtm-leave'), seq, channel }),
  'rtm-members': fc.record({ type: type('rtm-members'), seq, channel }),
  'rtm-count': fc.record({
    type: type('rtm-count'),
    seq,
    channels: fc.array(channel, { minLength: 1, maxLength: 4 }),
  }),
  'rtm-publish': fc.record({ type: type('rtm-publish'), seq, message: callId, channel, body }),
  'rtm-ping': fc.record({ type: type('rtm-ping'), seq }),
};

/** Every message that a server may send to such a page. */
export const RTM_FROM_SERVER: Arbitraries<RtmServerMessage> = {
  'rtm-invitation': fc.record({
    type: type('rtm-invitation'),
    at: from0,
    invitation: record(
      {
        id: invitation,
        version: from1,
        side: fc.constantFrom('caller' as const, 'callee' as const),
        peer: id,
        content: text(),
        channel: text(),
        response: text(),
        state: fc.constantFrom(...INVITATION_STATES),
        failure: fc.constantFrom(...INVITATION_FAILURES),
        answeredBy: id,
        remainingMs: from0,
      },
      'failure',
      'answeredBy',
    ),
  }),
  'rtm-sent': fc.record({ type: type('rtm-sent'), re: from1, received: fc.boolean() }),
  'rtm-message': fc.record({
    type: type('rtm-message'),
    message: callId,
    from: id,
    at: from0,
    body,
  }),
  'rtm-attributes-found': fc.record({ type: type('rtm-attributes-found'), re: from1, attributes }),
  'rtm-members-found': fc.record({ type: type('rtm-members-found'), re: from1, members: users }),
  'rtm-counted': fc.record({
    type: type('rtm-counted'),
    re: from1,
    counts: fc.array(from0, { maxLength: 4 }),
  }),
  'rtm-members-changed': fc.record({
    type: type('rtm-members-changed'),
    channel,
    joined: users,
    left: users,
    count: from0,
  }),
  'rtm-channel-message': fc.record({
    type: type('rtm-channel-message'),
    message: callId,
    channel,
    from: id,
    at: from0,
    body,
  }),
  'rtm-attributes-changed': fc.record({
    type: type('rtm-attributes-changed'),
    channel,
    attributes,
  }),
};
