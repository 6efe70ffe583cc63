import type { Acknowledge, DeviceMessage, History, Read, Refusal, Send } from '@ringline/protocol';
import { refusal } from '@ringline/protocol';
import { historyPage } from '../inbox/history-page.ts';
import type { BoundDevice } from './bound-device.ts';
import { originOf } from './order.ts';
import { reply } from './reply.ts';
import type { Services } from './services.ts';

/** What concerns a user's inbox. */
export type InboxMessage = Send | History | Read | Acknowledge;

const INBOX_MESSAGES: Readonly<Record<InboxMessage['type'], true>> = {
  send: true,
  history: true,
  read: true,
  acknowledge: true,
};

/** Whether a message concerns the inbox. */
export function isInboxMessage(message: DeviceMessage): message is InboxMessage {
  return Object.hasOwn(INBOX_MESSAGES, message.type);
}

/** Does what a device asks of its user's inbox, and answers it. */
export function answerInbox(
  message: InboxMessage,
  device: BoundDevice,
  services: Services,
): Promise<void> {
  switch (message.type) {
    case 'send':
      return send(message, device, services);
    case 'history':
      return history(message, device, services);
    case 'read':
      return read(message, device, services);
    case 'acknowledge':
      return acknowledge(message, device, services);
  }
}

async function send(message: Send, device: BoundDevice, { inbox }: Services): Promise<void> {
  const { seq } = message;
  reply(device, seq, await inbox.send(device.actor, originOf(seq, device), message));
}

async function history(message: History, device: BoundDevice, { store }: Services): Promise<void> {
  const page = await historyPage(store, device.user, message);
  device.connection.send({ type: 'history-page', re: message.seq, ...page });
}

async function read(message: Read, device: BoundDevice, { inbox }: Services): Promise<void> {
  const { actor, policy } = device;
  const { seq } = message;
  const request = originOf(seq, device);
  reply(device, seq, await inbox.read(actor, request, message, policy.readReceipts));
}

async function acknowledge(
  { cursor }: Acknowledge,
  device: BoundDevice,
  { inbox }: Services,
): Promise<void> {
  if (device.acknowledges(cursor)) await inbox.acknowledge(device.actor, cursor);
  else device.connection.refuse(0, NEVER_SENT);
}

const NEVER_SENT: Refusal = refusal('malformed', {
  path: 'cursor',
  message: 'This cursor was never sent to this device.',
});
