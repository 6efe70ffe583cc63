import type { AnswerToInvitation, InvitationCommand } from '@ringline/call';
import type {
  DeviceMessage,
  RtmDeviceMessage,
  RtmGot,
  RtmInvite,
  RtmSend,
} from '@ringline/protocol';
import { NO_LOGIN } from '../rtm/no-login.ts';
import { askFirst } from './ask-first.ts';
import type { BoundDevice } from './bound-device.ts';
import { answerChannel } from './channel-message.ts';
import { originOf } from './order.ts';
import { reply } from './reply.ts';
import type { Services } from './services.ts';

/** Whether a message is one of RTM. */
export function isRtmMessage(message: DeviceMessage): message is RtmDeviceMessage {
  return message.type.startsWith('rtm-');
}

/** Does what a page that speaks RTM asks, and answers it; no other may ask it. */
export function answerRtm(
  message: RtmDeviceMessage,
  device: BoundDevice,
  services: Services,
): void | Promise<void> {
  if (!device.speaksRtm) {
    return device.connection.refuse('seq' in message ? message.seq : 0, NO_LOGIN);
  }
  if (isOfInvitation(message)) return invitation(message, device, services);
  switch (message.type) {
    case 'rtm-send':
      return send(message, device, services);
    case 'rtm-got':
      return got(message, device, services);
    case 'rtm-ping':
      return device.connection.send({ type: 'done', re: message.seq });
    case 'rtm-set-attributes':
    case 'rtm-get-attributes':
    case 'rtm-join':
    case 'rtm-leave':
    case 'rtm-members':
    case 'rtm-count':
    case 'rtm-publish':
      return answerChannel(message, device, services);
  }
}

const OF_INVITATIONS: Readonly<Record<OfInvitation['type'], true>> = {
  'rtm-invite': true,
  'rtm-receive': true,
  'rtm-accept': true,
  'rtm-confirm': true,
  'rtm-refuse': true,
  'rtm-cancel': true,
};

function isOfInvitation(message: RtmDeviceMessage): message is OfInvitation {
  return Object.hasOwn(OF_INVITATIONS, message.type);
}

type OfInvitation = RtmInvite | Extract<RtmDeviceMessage, { type: AnswerToInvitation['type'] }>;

async function invitation(
  message: OfInvitation,
  device: BoundDevice,
  services: Services,
): Promise<void> {
  if (message.type !== 'rtm-invite') return decide(message, device, services);
  const asked = await askFirst(message, device, services);
  if ('answer' in asked) return reply(device, message.seq, asked.answer);
  return decide(asked.invite, device, services);
}

async function decide(
  message: OfInvitation,
  device: BoundDevice,
  { rtm }: Services,
): Promise<void> {
  const { seq, ...wish } = message;
  const command: InvitationCommand = { ...wish, by: device.actor };
  reply(device, seq, await rtm.invitations.execute(command, originOf(seq, device)));
}

/** Answered once the peer has it, or has not in time; what follows does not wait for that. */
async function send(
  { seq, message, to, body }: RtmSend,
  device: BoundDevice,
  { clock, rtm }: Services,
): Promise<void> {
  const said = { type: 'rtm-message', message, from: device.user, at: clock.now(), body } as const;
  const { received } = await rtm.messages.say(to, said);
  void received.then((isThere) =>
    device.connection.send({ type: 'rtm-sent', re: seq, received: isThere }),
  );
}

function got({ from, message }: RtmGot, device: BoundDevice, { rtm }: Services): void {
  rtm.messages.acknowledge(from, device.user, message);
}
