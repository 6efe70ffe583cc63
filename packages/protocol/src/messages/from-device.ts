import type { CallId, DeviceId, UserId } from '../ids.ts';
import type { CallVersion, Media, Receipt, Silence } from './calls.ts';
import type { MessageBody } from './inbox.ts';
import type { QualitySummary } from './quality.ts';
import type { RtmDeviceMessage, RtmHello, RtmStanding } from './rtm/from-device.ts';
import type { Signal } from './signal.ts';

/** The first message on every socket: who this is, and what it still knows. */
export interface Hello {
  readonly type: 'hello';
  readonly versions: readonly number[];
  readonly token: string;
  readonly device: DeviceId;
  /** From the last welcome: lets an expired token resume and end its open calls. */
  readonly resumeKey?: string;
  /** The calls this page holds; an established one that is missing was lost in a reload. */
  readonly calls: readonly CallVersion[];
  /** The last inbox item this device has; absent on a device that remembers none. */
  readonly cursor?: number;
  /** The id of that item: with another one in its place, as after a restored backup, the device begins where the server knows it. */
  readonly cursorId?: string;
  /** The highest revision of a conversation that this device was told; absent on a device that remembers none. */
  readonly revision?: number;
  /** This page takes a second call beside the one that it is in; absent: the user is busy then. */
  readonly callWaiting?: true;
  /** This device hears the server's voice, in this language (RFC 5646); absent: it hears none. */
  readonly language?: string;
  /** This page speaks RTM. */
  readonly rtm?: RtmHello;
}

/** Every request carries the device's next sequence number; its answer names it in `re`. */
interface Request {
  readonly seq: number;
}

/** Ring a user on all its devices. The device makes the call id. */
export interface Invite extends Request {
  readonly type: 'invite';
  readonly call: CallId;
  readonly to: UserId;
  readonly media: Media;
  readonly content?: string;
  /** Milliseconds, MIN_RING_TIMEOUT_MS to MAX_RING_TIMEOUT_MS; RING_TIMEOUT_MS when absent. */
  readonly ringTimeoutMs?: number;
  /** False: nobody may hold this call. True when absent. */
  readonly holdable?: boolean;
  /** False: its record becomes no message in the inboxes. True when absent. */
  readonly recordMessage?: boolean;
  /** True: it comes of a bare invitation that the callee has accepted; of its devices only pages that speak RTM ring. False when absent. */
  readonly raised?: boolean;
}

/** This device shows the call, with or without a sound. */
export interface Ring extends Request {
  readonly type: 'ring';
  readonly call: CallId;
  readonly receipt: Receipt;
  /** Only with `silent`. */
  readonly silence?: Silence;
}

/** Answer on this device; a video call may be answered as audio. */
export interface Accept extends Request {
  readonly type: 'accept';
  readonly call: CallId;
  readonly media?: Media;
  readonly response?: string;
}

/** Refuse for the user on all devices, or with `everywhere: false` on this one only. */
export interface Refuse extends Request {
  readonly type: 'refuse';
  readonly call: CallId;
  readonly everywhere: boolean;
  /** With `everywhere: false`: nobody looks at calls on this device; it is as if it were not there. */
  readonly unseen?: true;
  readonly response?: string;
}

/** Take back an invitation that nobody accepted yet. */
export interface Cancel extends Request {
  readonly type: 'cancel';
  readonly call: CallId;
}

/** Hang up an established call; made while disconnected, it carries its age. */
export interface End extends Request {
  readonly type: 'end';
  readonly call: CallId;
  /** Milliseconds since the user hung up. */
  readonly ageMs?: number;
  /** With it the user's other call, which this device holds, is resumed. */
  readonly resumeOther?: true;
}

/** This device receives media in the given epoch, and after a hold in the given resume. */
export interface Connected extends Request {
  readonly type: 'connected';
  readonly call: CallId;
  readonly epoch: number;
  /** The `resume` of the view's `resuming`; absent while nothing was resumed. */
  readonly resume?: number;
}

/** Hold an established call: this device has stopped sending. Its picture is set aside until the last hold is cleared. */
export interface Hold extends Request {
  readonly type: 'hold';
  readonly call: CallId;
}

/** Clear this side's own hold. */
export interface Resume extends Request {
  readonly type: 'resume';
  readonly call: CallId;
  /** True: a picture that was set aside is asked for again, whatever was agreed before. */
  readonly askVideo?: boolean;
}

/** Of two calls, take the one that this side holds, and hold the other: one step. */
export interface Swap extends Request {
  readonly type: 'swap';
  /** The call that is to be live. */
  readonly call: CallId;
}

/** Ask the other side to agree to a picture. */
export interface RequestVideo extends Request {
  readonly type: 'request-video';
  readonly call: CallId;
}

/** Agree to the picture that the other side has asked for, or do not. */
export interface AnswerVideo extends Request {
  readonly type: 'answer-video';
  readonly call: CallId;
  readonly accept: boolean;
  /** With a refusal: this device has no pictures at all. */
  readonly unsupported?: true;
}

/** End the picture, and whatever was agreed on it; or withdraw one's own request. */
export interface RemoveVideo extends Request {
  readonly type: 'remove-video';
  readonly call: CallId;
  /** The camera could not be opened, or was lost. */
  readonly cameraFailed?: true;
}

/** How this side received the other so far; repeated, the last one counts. */
export interface ReportQuality extends Request {
  readonly type: 'report-quality';
  readonly call: CallId;
  readonly summary: QualitySummary;
}

/** What this device sends in an established call: shown at the other one, and taken for both until it is said. */
export interface Declare extends Request {
  readonly type: 'declare';
  readonly call: CallId;
  /** False: silence. */
  readonly microphone: boolean;
  /** False: no picture. */
  readonly camera: boolean;
}

/** Pass a signal to the other device of a call; answered only when refused. */
export interface SendSignal extends Request {
  readonly type: 'signal';
  readonly call: CallId;
  readonly to: DeviceId;
  readonly epoch: number;
  readonly signal: Signal;
}

/** Send a message into another user's inbox, and one's own. */
export interface Send extends Request {
  readonly type: 'send';
  readonly to: UserId;
  readonly body: MessageBody;
  /** Of the sender's own making: a second message of this user with the same key is not sent, but answered as the first. */
  readonly key?: string;
}

/** Ask for messages exchanged with a peer, newest first, older than `before`. */
export interface History extends Request {
  readonly type: 'history';
  readonly peer: UserId;
  readonly before?: number;
  /** 1 to MAX_PAGE_ITEMS. */
  readonly limit: number;
}

/** This user has read what came from a peer, up to a place in its own inbox; it never goes back. */
export interface Read extends Request {
  readonly type: 'read';
  readonly peer: UserId;
  /** At most the head of the inbox. */
  readonly cursor: number;
}

/** This user has seen its missed calls, up to the one of this record; it never goes back. */
export interface SeeCalls extends Request {
  readonly type: 'see-calls';
  readonly call: CallId;
}

/** A fresh token for this connection. */
export interface RenewToken extends Request {
  readonly type: 'renew-token';
  readonly token: string;
}

/** Ask for ICE servers with credentials that last, before those in hand expire. */
export interface RenewIce extends Request {
  readonly type: 'renew-ice';
}

/** Be told where these users stand, now and whenever it changes; takes the place of the list before. */
export interface Watch extends Request {
  readonly type: 'watch';
  /** At most MAX_WATCHED_USERS; an empty list ends it. */
  readonly users: readonly UserId[];
}

/** Ask where these users stand at this moment, without watching them. */
export interface QueryPresence extends Request {
  readonly type: 'query-presence';
  /** At most MAX_WATCHED_USERS. */
  readonly users: readonly UserId[];
}

/** From now on this page takes a second call beside the one that it is in, or does not. */
export interface SetCallWaiting extends Request {
  readonly type: 'set-call-waiting';
  readonly on: boolean;
}

/** The description with which this device hears the server's voice; answered only when refused. */
export interface AnswerVoice extends Request {
  readonly type: 'answer-voice';
  /** The offer's. */
  readonly voice: number;
  readonly sdp: string;
}

/** This device hears enough of what the voice says; answered only when refused. */
export interface StopVoice extends Request {
  readonly type: 'stop-voice';
  readonly voice: number;
}

/** This device has every inbox item up to here; not answered. */
export interface Acknowledge {
  readonly type: 'acknowledge';
  readonly cursor: number;
}

/** The calls this device holds and their versions; answered by the newer views and `alive`. */
export interface Heartbeat {
  readonly type: 'heartbeat';
  readonly calls: readonly CallVersion[];
  /** Of a page that speaks RTM; answered by the newer views as well. */
  readonly rtm?: RtmStanding;
}

/** Everything a device says. */
export type DeviceMessage =
  | Hello
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
  | ReportQuality
  | Declare
  | SendSignal
  | Send
  | History
  | Read
  | SeeCalls
  | RenewToken
  | RenewIce
  | Watch
  | QueryPresence
  | SetCallWaiting
  | AnswerVoice
  | StopVoice
  | Acknowledge
  | Heartbeat
  | RtmDeviceMessage;

/** The messages that carry a sequence number. */
export type DeviceRequest = Extract<DeviceMessage, Request>;
