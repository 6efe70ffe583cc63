import { z } from 'zod';
import {
  MAX_ATTRIBUTES,
  MAX_COUNTED_CHANNELS,
  MAX_LISTED_MEMBERS,
  MAX_NAMED_INVITATIONS,
  MAX_TOLD_MEMBERS,
} from '../../limits.ts';
import type { RtmServerMessage } from '../../messages/rtm/from-server.ts';
import {
  channelId,
  instant,
  integer,
  invitationId,
  rtmMessageId,
  shortList,
  userId,
} from '../scalars.ts';
import { attribute, invitationView, rtmBody } from './parts.ts';

const re = integer(1).describe('the `seq` that it answers');
const gone = shortList(invitationId, MAX_NAMED_INVITATIONS);
const members = shortList(userId, MAX_TOLD_MEMBERS);
const attributes = shortList(attribute, MAX_ATTRIBUTES);

export const rtmGone = z.strictObject({ gone });
export const rtmWelcome = z.strictObject({ gone, resumed: z.boolean() });

/** The schema of every message to pages that speak RTM: for documentation and tests. */
export const RTM_SERVER_SCHEMAS = {
  'rtm-invitation': z.strictObject({
    type: z.literal('rtm-invitation'),
    at: instant,
    invitation: invitationView,
  }),
  'rtm-sent': z.strictObject({ type: z.literal('rtm-sent'), re, received: z.boolean() }),
  'rtm-message': z.strictObject({
    type: z.literal('rtm-message'),
    message: rtmMessageId,
    from: userId,
    at: instant,
    body: rtmBody,
  }),
  'rtm-attributes-found': z.strictObject({
    type: z.literal('rtm-attributes-found'),
    re,
    attributes,
  }),
  'rtm-members-found': z.strictObject({
    type: z.literal('rtm-members-found'),
    re,
    members: shortList(userId, MAX_LISTED_MEMBERS),
  }),
  'rtm-counted': z.strictObject({
    type: z.literal('rtm-counted'),
    re,
    counts: shortList(integer(0), MAX_COUNTED_CHANNELS),
  }),
  'rtm-members-changed': z.strictObject({
    type: z.literal('rtm-members-changed'),
    channel: channelId,
    joined: members,
    left: members,
    count: integer(0),
  }),
  'rtm-channel-message': z.strictObject({
    type: z.literal('rtm-channel-message'),
    message: rtmMessageId,
    channel: channelId,
    from: userId,
    at: instant,
    body: rtmBody,
  }),
  'rtm-attributes-changed': z.strictObject({
    type: z.literal('rtm-attributes-changed'),
    channel: channelId,
    attributes,
  }),
} satisfies Record<RtmServerMessage['type'], z.ZodType<RtmServerMessage>>;
