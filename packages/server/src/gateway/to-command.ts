import type { Actor, Command } from '@ringline/call';
import type { DeviceMessage, Peer } from '@ringline/protocol';
import { RING_TIMEOUT_MS } from '@ringline/protocol';
import type { Randomness } from '../randomness.ts';
import { randomNumber53 } from '../randomness.ts';

const CALL_MESSAGES = [
  'invite',
  'ring',
  'accept',
  'refuse',
  'cancel',
  'end',
  'connected',
  'declare',
] as const satisfies readonly DeviceMessage['type'][];

/** The messages that are commands on calls. */
export type CallMessage = Extract<DeviceMessage, { readonly type: (typeof CALL_MESSAGES)[number] }>;

const CALL_MESSAGE_TYPES: ReadonlySet<string> = new Set(CALL_MESSAGES);

/** Whether a message is a command on a call. */
export function isCallMessage(message: DeviceMessage): message is CallMessage {
  return CALL_MESSAGE_TYPES.has(message.type);
}

/** The command that a message gives, by the device and user that the token named. */
export function toCommand(
  message: CallMessage,
  by: Actor,
  profile: Peer,
  randomness: Randomness,
): Command {
  const { call } = message;
  switch (message.type) {
    case 'invite':
      return {
        type: 'invite',
        call,
        by,
        caller: profile,
        roomId: randomNumber53(randomness),
        to: message.to,
        media: message.media,
        content: message.content ?? null,
        ringTimeoutMs: message.ringTimeoutMs ?? RING_TIMEOUT_MS,
      };
    case 'ring':
      return { type: 'ring', call, by, receipt: message.receipt, silence: message.silence ?? null };
    case 'accept':
      return {
        type: 'accept',
        call,
        by,
        media: message.media ?? null,
        response: message.response ?? null,
      };
    case 'refuse':
      return {
        type: 'refuse',
        call,
        by,
        everywhere: message.everywhere,
        response: message.response ?? null,
      };
    case 'cancel':
      return { type: 'cancel', call, by };
    case 'end':
      return { type: 'end', call, by, ageMs: message.ageMs ?? 0 };
    case 'connected':
      return { type: 'connected', call, by, epoch: message.epoch };
    case 'declare':
      return { type: 'declare', call, by, microphone: message.microphone, camera: message.camera };
  }
}
