import type {
  CallId,
  CallRecord,
  DeviceId,
  EndReason,
  LegState,
  Media,
  Peer,
  Silence,
  UserId,
  VideoEnd,
} from '@ringline/protocol';
import type { Countdown } from './countdown.ts';

/*
 *             invite
 *               │
 *           inviting ──ring──▶ ringing ──accept──▶ established ──end──▶ ended
 *               │                 │                                       ▲
 *               └── cancel · refuse · expire · busy · offline ────────────┘
 */

/** One attempt to bring two users together and what follows from it. Instants are epoch milliseconds. */
export type Call = Inviting | Ringing | Established | Ended;

/** A call that is not over: it occupies a line of both users. */
export type OpenCall = Inviting | Ringing | Established;

/** A call that nobody has answered yet. */
export type WaitingCall = Inviting | Ringing;

/** What every call has from its first moment. */
export interface Parties {
  readonly id: CallId;
  /** 1 at the invitation, one more with every change. */
  readonly version: number;
  /** A number that fits 53 bits, unique among all calls: the room id of the record. */
  readonly roomId: number;
  readonly caller: CallerParty;
  readonly callee: Peer;
  /** What the caller asked for. */
  readonly invitedMedia: Media;
  readonly content: string | null;
  /** Whether its policy lets anybody hold it. */
  readonly isHoldable: boolean;
  /** Whether a voice tells the caller why nobody answered. */
  readonly isAnnounced: boolean;
  /** Who has its record as a message in the inbox; it is kept in any case. */
  readonly recordTo: readonly Role[];
  readonly invitedAt: number;
  /** When this version came to be: time never goes back within a call. */
  readonly changedAt: number;
  /** The callee's devices that were told of the call. */
  readonly legs: readonly Leg[];
}

/** The caller calls from one device. */
export interface CallerParty extends Peer {
  readonly device: DeviceId;
}

/** A device was lost, and comes back before `until` or counts as gone since `at`. */
export interface Loss {
  readonly at: number;
  readonly until: number;
}

/** One device of the callee while it rings. */
export interface Leg {
  readonly device: DeviceId;
  readonly state: LegState;
  /** Only with `silent`. */
  readonly silence: Silence | null;
  /** Only with `refused`: nobody looks at calls on this device, and nobody has refused. */
  readonly isUnseen?: true;
  /** By then the page has reported, or the leg is `unresponsive`; null once decided. */
  readonly receiptBy: number | null;
  /** Under which the caller's device and this one may connect before the accept; no leg of a call gets the same twice. */
  readonly epoch: number;
}

/** An invitation under way. */
export interface Attempt extends Parties {
  /** It comes of a bare invitation, and rings on pages that speak RTM alone. */
  readonly isRaised: boolean;
  readonly expiresAt: number;
  /** The call ends `offline` then, unless a leg has appeared. */
  readonly offlineAt: number;
  readonly callerLoss: Loss | null;
}

/** No device of the callee has reported (SIP 100). */
export interface Inviting extends Attempt {
  readonly state: 'inviting';
}

/** At least one device of the callee has reported that it shows the call (SIP 180). */
export interface Ringing extends Attempt {
  readonly state: 'ringing';
}

export const ROLES = ['caller', 'callee'] as const;
export type Role = (typeof ROLES)[number];

/** One of the two devices of an established call. */
export interface Side {
  readonly device: DeviceId;
  /** This device has reported media since the accept. */
  readonly connected: boolean;
  /** It is lost now; null while it is there. */
  readonly loss: Loss | null;
  /** Its last loss: a hang-up made while disconnected is no older. */
  readonly lastLostAt: number | null;
  /** It says that it sends silence. */
  readonly muted: boolean;
  /** It says that it sends no picture. */
  readonly cameraOff: boolean;
  /** It holds the call. */
  readonly holds: boolean;
}

/** The picture of an established call; it is never on, and nobody waits for one, while somebody holds. */
export type Video =
  | { readonly state: 'off' }
  /** The other side may agree until then. */
  | { readonly state: 'requested'; readonly by: Role; readonly until: number }
  | { readonly state: 'on' };

/** How a picture, or the wish for one, came to its end; `by` is null when time did it. */
export interface VideoEnding {
  readonly why: VideoEnd;
  readonly by: Role | null;
}

/** A picture that a hold took away: it comes back when the last hold is cleared. */
export interface SetAside {
  /** Since when nobody is seen: both agreed to it until then. */
  readonly since: number;
  /** Who wants it to be asked for again, whatever was agreed: its newest word about that. */
  readonly askedBy: Role | null;
}

/** The last hold was cleared, and both devices have to receive media again. */
export interface Resuming {
  readonly by: Role;
  /** Who has reported media since. */
  readonly flows: Readonly<Record<Role, boolean>>;
  readonly timer: Countdown;
}

/** Two devices talk, or are about to (SIP 200). */
export interface Established extends Parties {
  readonly state: 'established';
  readonly acceptedAt: number;
  readonly video: Video;
  /** The picture was on at some time. */
  readonly hadVideo: boolean;
  readonly videoEnding: VideoEnding | null;
  readonly setAside: SetAside | null;
  /** How often the last hold was cleared: reports of media name it. */
  readonly resumes: number;
  readonly resuming: Resuming | null;
  readonly sides: Readonly<Record<Role, Side>>;
  /** The answering leg's; grows when either page was loaded anew. */
  readonly epoch: number;
  /** What came with the answer. */
  readonly response: string | null;
  /** Since both devices reported media; null until then. */
  readonly connectedAt: number | null;
  /** Null once connected. */
  readonly connectTimer: Countdown | null;
}

/** Over: reason and record are fixed for ever. */
export interface Ended extends Parties {
  readonly state: 'ended';
  readonly reason: EndReason;
  readonly record: CallRecord;
  /** The device of the callee that answered; null when none did. */
  readonly answeredBy: DeviceId | null;
  /** Whose act ended it, and on which device; null when time or a loss did. */
  readonly endedBy: Actor | null;
  /** What came with the answer or the refusal. */
  readonly response: string | null;
}

/** A user acting on one of its devices. */
export interface Actor {
  readonly user: UserId;
  readonly device: DeviceId;
}

/** Where a user stands: its open calls. One versioned row per user, so that two decisions about one user conflict. */
export interface Line {
  readonly user: UserId;
  /** 0 when the user has no row yet. */
  readonly version: number;
  readonly calls: readonly CallId[];
  /** Whether those who do not reach this user may be told why by a voice. */
  readonly isAnnounced: boolean;
  /** Whether this user has the records of its calls as messages. */
  readonly takesRecords: boolean;
}

/** Whether the call still occupies its users' lines. */
export function isOpen(call: Call): call is OpenCall {
  return call.state !== 'ended';
}

/** Whether nobody has answered yet. */
export function isWaiting(call: Call): call is WaitingCall {
  return call.state === 'inviting' || call.state === 'ringing';
}

/** What is sent in an established call when nobody holds it. */
export function mediaOf({ video }: Pick<Established, 'video'>): Media {
  return video.state === 'on' ? 'video' : 'audio';
}

/** Whether somebody holds the call. */
export function isHeld({ sides }: Pick<Established, 'sides'>): boolean {
  return sides.caller.holds || sides.callee.holds;
}

/** The device on which a user talks in this call; undefined unless two devices do. */
export function talkingDevice(call: Call, user: UserId): DeviceId | undefined {
  const role = roleOf(call, user);
  return call.state === 'established' && role ? call.sides[role].device : undefined;
}

/** Whether a call takes up this user: it calls out, or talks and does not hold. What it holds or has not answered does not. */
export function isLiveFor(call: Call, user: UserId): boolean {
  const role = roleOf(call, user);
  switch (call.state) {
    case 'inviting':
    case 'ringing':
      return role === 'caller';
    case 'established':
      return role !== undefined && !call.sides[role].holds;
    case 'ended':
      return false;
  }
}

/** The other of the two. */
export function otherOf(role: Role): Role {
  return role === 'caller' ? 'callee' : 'caller';
}

/** The part that a user has in a call, or undefined. */
export function roleOf(call: Call, user: UserId): Role | undefined {
  if (call.caller.user === user) return 'caller';
  return call.callee.user === user ? 'callee' : undefined;
}
