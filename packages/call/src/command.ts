import type { CallId, DeviceId, Media, Peer, Receipt, Silence, UserId } from '@ringline/protocol';
import type { Actor } from './call.ts';

/** A user rings another. */
export interface Invite {
  readonly type: 'invite';
  readonly call: CallId;
  readonly roomId: number;
  readonly by: Actor;
  /** The caller as its token describes it. */
  readonly caller: Peer;
  readonly to: UserId;
  readonly media: Media;
  readonly content: string | null;
  readonly ringTimeoutMs: number;
  /** Whether the policy lets anybody hold this call. */
  readonly isHoldable: boolean;
  /** Whether this device may hold the call that it is in for this one: call waiting is on, and the policy lets its user hold. */
  readonly mayHoldOther: boolean;
  /** Whether the policy lets a voice tell the caller why nobody answered. */
  readonly isAnnounced: boolean;
  /** Whether the record of this call becomes a message, as far as its users take one. */
  readonly tellsRecord: boolean;
  /** Whether it comes of a bare invitation that the callee has accepted: it rings on pages that speak RTM alone. */
  readonly isRaised: boolean;
}

/** A device of the callee reports that it shows the call. */
export interface Ring {
  readonly type: 'ring';
  readonly call: CallId;
  readonly by: Actor;
  readonly receipt: Receipt;
  readonly silence: Silence | null;
}

/** A device of the callee answers. */
export interface Accept {
  readonly type: 'accept';
  readonly call: CallId;
  readonly by: Actor;
  /** Null: what the caller asked for. */
  readonly media: Media | null;
  readonly response: string | null;
  /** Whether the policy lets this user hold the call that it is in for this one. */
  readonly mayHoldOther: boolean;
}

/** The callee refuses, everywhere or on this device only. */
export interface Refuse {
  readonly type: 'refuse';
  readonly call: CallId;
  readonly by: Actor;
  readonly everywhere: boolean;
  /** On this device only, because nobody looks at calls there: it is as if it were not reachable. */
  readonly isUnseen: boolean;
  readonly response: string | null;
}

/** The caller takes the invitation back. */
export interface Cancel {
  readonly type: 'cancel';
  readonly call: CallId;
  readonly by: Actor;
}

/** A side hangs up; made while disconnected, it happened `ageMs` ago. */
export interface End {
  readonly type: 'end';
  readonly call: CallId;
  readonly by: Actor;
  readonly ageMs: number;
  /** With it the other call, which this side holds, is resumed. */
  readonly resumesOther: boolean;
}

/** A side receives media in the given epoch, and since the given resume; 0 when nothing was resumed. */
export interface Connected {
  readonly type: 'connected';
  readonly call: CallId;
  readonly by: Actor;
  readonly epoch: number;
  readonly resume: number;
}

/** A side holds the call; it has stopped sending. */
export interface Hold {
  readonly type: 'hold';
  readonly call: CallId;
  readonly by: Actor;
  /** Whether the policy lets this user hold. */
  readonly isPermitted: boolean;
}

/** A side clears its own hold. */
export interface Resume {
  readonly type: 'resume';
  readonly call: CallId;
  readonly by: Actor;
  readonly askVideo: boolean;
}

/** A user with two calls takes the one that it holds, and holds the other. */
export interface Swap {
  readonly type: 'swap';
  /** The call that is to be live. */
  readonly call: CallId;
  readonly by: Actor;
  /** Whether the policy lets this user hold. */
  readonly isPermitted: boolean;
}

/** A side asks the other for a picture. */
export interface RequestVideo {
  readonly type: 'request-video';
  readonly call: CallId;
  readonly by: Actor;
  /** Whether the policy lets this user have pictures. */
  readonly isPermitted: boolean;
}

/** A side agrees to the picture that the other has asked for, or does not. */
export interface AnswerVideo {
  readonly type: 'answer-video';
  readonly call: CallId;
  readonly by: Actor;
  readonly answer: 'accept' | 'refuse' | 'unsupported';
}

/** A side ends the picture, or withdraws its request. */
export interface RemoveVideo {
  readonly type: 'remove-video';
  readonly call: CallId;
  readonly by: Actor;
  readonly cameraFailed: boolean;
}

/** A side says what it sends: a muted microphone sends silence. */
export interface Declare {
  readonly type: 'declare';
  readonly call: CallId;
  readonly by: Actor;
  readonly microphone: boolean;
  readonly camera: boolean;
}

/** A device is reachable, for the first time or again. */
export interface Bind {
  readonly type: 'bind';
  readonly by: Actor;
  /** The user as the device's token describes it. */
  readonly profile: Peer;
  /** The calls that this page holds: an established one that is missing was lost in a reload. */
  readonly holds: readonly CallId[];
  /** Whether a voice may tell those who do not reach this user why. */
  readonly isAnnounced: boolean;
  /** Whether the user's token lets it have records as messages. */
  readonly takesRecords: boolean;
  readonly speaksRtm: boolean;
}

/** A device is no longer reachable. */
export interface Lose {
  readonly type: 'lose';
  readonly by: Actor;
  /** The last moment at which it was known to be reachable, also when a restarted server says so. */
  readonly at: number;
}

/** The deadline of a call may have passed. */
export interface Expire {
  readonly type: 'expire';
  readonly call: CallId;
}

/** The names of what the two devices of an established call say, and nobody else. */
export const SIDE_COMMANDS = [
  'connected',
  'hold',
  'resume',
  'swap',
  'request-video',
  'answer-video',
  'remove-video',
  'declare',
] as const;

/** What the two devices of an established call say, and nobody else. */
export type SideCommand = Extract<Command, OfSide>;

interface OfSide {
  readonly type: (typeof SIDE_COMMANDS)[number];
}

const OF_SIDE: ReadonlySet<string> = new Set(SIDE_COMMANDS);

/** Whether this command, or the message that asks for it, is one of those. */
export function isOfSide<T extends { readonly type: string }>(one: T): one is Extract<T, OfSide> {
  return OF_SIDE.has(one.type);
}

/** Everything that can happen to calls. */
export type Command =
  | Invite
  | Ring
  | Accept
  | Refuse
  | Cancel
  | End
  | Connected
  | Hold
  | Resume
  | Swap
  | RequestVideo
  | AnswerVideo
  | RemoveVideo
  | Declare
  | Bind
  | Lose
  | Expire;

/** A device of the callee that is reachable when the invitation is decided. */
export interface ReachableDevice {
  readonly user: UserId;
  readonly device: DeviceId;
  /** The user as that device's token describes it. */
  readonly profile: Peer;
  /** Whether it takes a second call beside the one that it is in: call waiting. */
  readonly takesSecond: boolean;
  /** Whether its page speaks RTM: calls that were raised from bare invitations ring there. */
  readonly speaksRtm: boolean;
}
