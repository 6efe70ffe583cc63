import type { Actor, Command, SideCommand } from '@ringline/call';
import { SIDE_COMMANDS, isOfSide } from '@ringline/call';
import type { AnswerVideo, DeviceMessage, Peer } from '@ringline/protocol';
import { RING_TIMEOUT_MS } from '@ringline/protocol';
import type { CallPolicy } from '../calls/call-policy.ts';
import type { Randomness } from '../randomness.ts';
import { randomNumber53 } from '../randomness.ts';

const CALL_MESSAGES = [
  'invite',
  'ring',
  'accept',
  'refuse',
  'cancel',
  'end',
  ...SIDE_COMMANDS,
] as const satisfies readonly DeviceMessage['type'][];

/** The messages that are commands on calls. */
export type CallMessage = Extract<DeviceMessage, { readonly type: (typeof CALL_MESSAGES)[number] }>;

const CALL_MESSAGE_TYPES: ReadonlySet<string> = new Set(CALL_MESSAGES);

/** Whether a message is a command on a call. */
export function isCallMessage(message: DeviceMessage): message is CallMessage {
  return CALL_MESSAGE_TYPES.has(message.type);
}

/** The command that a message gives, by the device and user that the token named, and what policy lets them do. */
export function toCommand(
  message: CallMessage,
  by: Actor,
  profile: Peer,
  { randomness, policy }: { readonly randomness: Randomness; readonly policy: CallPolicy },
): Command {
  if (isOfSide(message)) return sideCommand(message, by, policy);
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
        isHoldable: message.holdable ?? true,
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
  }
}

/** The command of one of the two devices of an established call. */
function sideCommand(
  message: Extract<CallMessage, { readonly type: SideCommand['type'] }>,
  by: Actor,
  policy: CallPolicy,
): Command {
  const { call } = message;
  switch (message.type) {
    case 'connected':
      return { type: 'connected', call, by, epoch: message.epoch, resume: message.resume ?? 0 };
    case 'hold':
      return { type: 'hold', call, by, isPermitted: policy.hold };
    case 'resume':
      return { type: 'resume', call, by, askVideo: message.askVideo ?? false };
    case 'request-video':
      return { type: 'request-video', call, by, isPermitted: policy.addVideo };
    case 'answer-video':
      return { type: 'answer-video', call, by, answer: answerOf(message) };
    case 'remove-video':
      return { type: 'remove-video', call, by, cameraFailed: message.cameraFailed ?? false };
    case 'declare':
      return { type: 'declare', call, by, microphone: message.microphone, camera: message.camera };
  }
}

function answerOf({ accept, unsupported }: AnswerVideo): 'accept' | 'refuse' | 'unsupported' {
  if (accept) return 'accept';
  return unsupported ? 'unsupported' : 'refuse';
}
