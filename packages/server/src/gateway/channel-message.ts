import type {
  RtmCount,
  RtmGetAttributes,
  RtmJoin,
  RtmLeave,
  RtmMembers,
  RtmPublish,
  RtmSetAttributes,
} from '@ringline/protocol';
import type { BoundDevice } from './bound-device.ts';
import { originOf } from './order.ts';
import { reply } from './reply.ts';
import type { Services } from './services.ts';

/** What a page asks of attributes and channels. */
export type ChannelMessage =
  | RtmCount
  | RtmGetAttributes
  | RtmJoin
  | RtmLeave
  | RtmMembers
  | RtmPublish
  | RtmSetAttributes;

/** Does what a page asks of attributes and channels, and answers it. */
export function answerChannel(
  message: ChannelMessage,
  device: BoundDevice,
  services: Services,
): void | Promise<void> {
  switch (message.type) {
    case 'rtm-set-attributes':
      return setAttributes(message, device, services);
    case 'rtm-get-attributes':
      return getAttributes(message, device, services);
    case 'rtm-join':
      return join(message, device, services);
    case 'rtm-leave':
      return leave(message, device, services);
    case 'rtm-members':
      return members(message, device, services);
    case 'rtm-count':
      return count(message, device, services);
    case 'rtm-publish':
      return publish(message, device, services);
  }
}

async function setAttributes(
  { seq, ...change }: RtmSetAttributes,
  device: BoundDevice,
  { rtm }: Services,
): Promise<void> {
  const origin = originOf(seq, device);
  reply(device, seq, await rtm.attributes.change(change, device.actor, origin));
}

async function getAttributes(
  { seq: re, ...wanted }: RtmGetAttributes,
  { connection }: BoundDevice,
  { rtm }: Services,
): Promise<void> {
  const attributes = await rtm.attributes.find(wanted);
  if ('code' in attributes) return connection.refuse(re, attributes);
  connection.send({ type: 'rtm-attributes-found', re, attributes });
}

async function join(
  { seq, channel }: RtmJoin,
  device: BoundDevice,
  { rtm }: Services,
): Promise<void> {
  const answer = await rtm.channels.join(channel, device.actor, originOf(seq, device));
  // Of a kept answer the welcome has spoken: the page may have left the channel since.
  if (answer.kind === 'reply') await device.rtm?.enter(channel);
  reply(device, seq, answer);
}

async function leave(
  { seq, channel }: RtmLeave,
  device: BoundDevice,
  { rtm }: Services,
): Promise<void> {
  const answer = await rtm.channels.leave(channel, device.actor, originOf(seq, device));
  if (answer.kind === 'reply') device.rtm?.quit(channel);
  reply(device, seq, answer);
}

async function members(
  { seq: re, channel }: RtmMembers,
  { actor, connection }: BoundDevice,
  { rtm }: Services,
): Promise<void> {
  const found = await rtm.channels.members(channel, actor);
  if ('code' in found) return connection.refuse(re, found);
  connection.send({ type: 'rtm-members-found', re, members: found });
}

async function count(
  { seq: re, channels }: RtmCount,
  { connection }: BoundDevice,
  { rtm }: Services,
): Promise<void> {
  const counts = await rtm.channels.count(channels);
  connection.send({ type: 'rtm-counted', re, counts });
}

async function publish(
  { seq: re, message, channel, body }: RtmPublish,
  { actor, connection }: BoundDevice,
  { clock, rtm }: Services,
): Promise<void> {
  const at = clock.now();
  const from = actor.user;
  const said = { type: 'rtm-channel-message', message, channel, from, at, body } as const;
  const why = await rtm.channels.publish(said, actor);
  if (why) connection.refuse(re, why);
  else connection.send({ type: 'done', re });
}
