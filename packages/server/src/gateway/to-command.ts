import type { Actor, Command, SideCommand } from '@ringline/call';
import { SIDE_COMMANDS, isOfSide } from '@ringline/call';
import type { AnswerVideo, DeviceMessage, Invite as InviteMessage, Peer } from '@ringline/protocol';
import { RING_TIMEOUT_MS } from '@ringline/protocol';
import type { CallPolicy } from '../calls/call-policy.ts';
import { takesSecondCall } from '../calls/call-policy.ts';
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

/** What a command depends on besides its message. */
export interface Circumstances {
  readonly randomness: Randomness;
  /** What the server permits to this user. */
  readonly policy: CallPolicy;
  /** Whether this server tells records as messages at all. */
  readonly tellsRecords: boolean;
  /** Whether this page takes a second call. */
  readonly callWaiting: boolean;
}

/** The command that a message gives, by the device and user that the token named, and what policy lets them do. */
export function toCommand(
  message: CallMessage,
  by: Actor,
  profile: Peer,
  circumstances: Circumstances,
): Command {
  const { policy } = circumstances;
  if (isOfSide(message)) return sideCommand(message, by, policy);
  const { call } = message;
  switch (message.type) {
    case 'invite':
      return invitation(message, by, profile, circumstances);
    case 'ring':
      return { type: 'ring', call, by, receipt: message.receipt, silence: message.silence ?? null };
    case 'accept':
      return {
        type: 'accept',
        call,
        by,
        media: message.media ?? null,
        response: message.response ?? null,
        mayHoldOther: policy.hold,
      };
    case 'refuse':
      return {
        type: 'refuse',
        call,
        by,
        everywhere: message.everywhere,
        isUnseen: message.unseen ?? false,
        response: message.response ?? null,
      };
    case 'cancel':
      return { type: 'cancel', call, by };
    case 'end':
      return {
        type: 'end',
        call,
        by,
        ageMs: message.ageMs ?? 0,
        resumesOther: message.resumeOther ?? false,
      };
  }
}

function invitation(
  { call, to, media, content, ringTimeoutMs, holdable, recordMessage, raised }: InviteMessage,
  by: Actor,
  profile: Peer,
  { randomness, policy, callWaiting, tellsRecords }: Circumstances,
): Command {
  return {
    type: 'invite',
    call,
    by,
    caller: profile,
    roomId: randomNumber53(randomness),
    to,
    media,
    content: content ?? null,
    ringTimeoutMs: ringTimeoutMs ?? RING_TIMEOUT_MS,
    isHoldable: holdable ?? true,
    mayHoldOther: callWaiting && takesSecondCall(policy),
    isAnnounced: policy.announcements,
    tellsRecord: tellsRecords && recordMessage !== false,
    isRaised: raised ?? false,
  };
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
    case 'swap':
      return { type: 'swap', call, by, isPermitted: policy.hold };
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
