import { z } from 'zod';
import { MAX_ATTRIBUTES, MAX_COUNTED_CHANNELS } from '../../limits.ts';
import type { RtmDeviceMessage } from '../../messages/rtm/from-device.ts';
import { content } from '../calls.ts';
import { channelId, integer, invitationId, rtmMessageId, shortList, userId } from '../scalars.ts';
import { attributeKey, attributeSet, attributesOf, invitations, rtmBody } from './parts.ts';

const seq = integer(1);
const invitation = invitationId;
const channel = channelId;

export const rtmStanding = z.strictObject({ invitations });
export const rtmHello = z.strictObject({ invitations, beside: z.literal(true).exactOptional() });

/** The schema of every message of a page that speaks RTM. */
export const RTM_DEVICE_SCHEMAS = {
  'rtm-invite': z.strictObject({
    type: z.literal('rtm-invite'),
    seq,
    invitation,
    to: userId,
    content,
    channel: content,
  }),
  'rtm-receive': z.strictObject({ type: z.literal('rtm-receive'), seq, invitation }),
  'rtm-accept': z.strictObject({
    type: z.literal('rtm-accept'),
    seq,
    invitation,
    response: content,
  }),
  'rtm-confirm': z.strictObject({ type: z.literal('rtm-confirm'), seq, invitation }),
  'rtm-refuse': z.strictObject({
    type: z.literal('rtm-refuse'),
    seq,
    invitation,
    response: content,
  }),
  'rtm-cancel': z.strictObject({ type: z.literal('rtm-cancel'), seq, invitation }),
  'rtm-send': z.strictObject({
    type: z.literal('rtm-send'),
    seq,
    message: rtmMessageId,
    to: userId,
    body: rtmBody,
  }),
  'rtm-got': z.strictObject({
    type: z.literal('rtm-got'),
    from: userId,
    message: rtmMessageId,
  }),
  'rtm-set-attributes': z.strictObject({
    type: z.literal('rtm-set-attributes'),
    seq,
    of: attributesOf,
    replace: z.boolean(),
    set: shortList(attributeSet, MAX_ATTRIBUTES),
    remove: shortList(attributeKey, MAX_ATTRIBUTES),
    notify: z.boolean(),
  }),
  'rtm-get-attributes': z.strictObject({
    type: z.literal('rtm-get-attributes'),
    seq,
    of: attributesOf,
    keys: shortList(attributeKey, MAX_ATTRIBUTES).exactOptional(),
  }),
  'rtm-join': z.strictObject({ type: z.literal('rtm-join'), seq, channel }),
  'rtm-leave': z.strictObject({ type: z.literal('rtm-leave'), seq, channel }),
  'rtm-members': z.strictObject({ type: z.literal('rtm-members'), seq, channel }),
  'rtm-count': z.strictObject({
    type: z.literal('rtm-count'),
    seq,
    channels: shortList(channel, MAX_COUNTED_CHANNELS, 1),
  }),
  'rtm-publish': z.strictObject({
    type: z.literal('rtm-publish'),
    seq,
    message: rtmMessageId,
    channel,
    body: rtmBody,
  }),
  'rtm-ping': z.strictObject({ type: z.literal('rtm-ping'), seq }),
} satisfies Record<RtmDeviceMessage['type'], z.ZodType<RtmDeviceMessage>>;
