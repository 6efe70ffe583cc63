import type { CallId, DeviceId, UserId } from '../ids.ts';
import type { EndReason, LegEndReason } from '../reasons.ts';

/** What a call carries: sound alone, or sound and picture. */
export const MEDIA = ['audio', 'video'] as const;
export type Media = (typeof MEDIA)[number];

/** A person as its token describes it. */
export interface Peer {
  readonly user: UserId;
  readonly name?: string;
  readonly avatar?: string;
}

/** A device's own word about its ringing. */
export const RECEIPTS = ['alerting', 'silent'] as const;
export type Receipt = (typeof RECEIPTS)[number];

/** Why a device that shows the call makes no sound. */
export const SILENCES = ['autoplay-blocked', 'no-microphone', 'muted-by-user'] as const;
export type Silence = (typeof SILENCES)[number];

/** How far the invitation came on one device of the callee; `refused` means on this device only. */
export const LEG_STATES = [
  'delivered',
  'alerting',
  'silent',
  'unresponsive',
  'refused',
  'lost',
] as const;
export type LegState = (typeof LEG_STATES)[number];

/** Why a picture, or the wish for one, is over: a closed list. */
export const VIDEO_ENDS = [
  'removed',
  'refused',
  'unsupported',
  'expired',
  'withdrawn',
  'camera-failed',
  'held',
] as const;
export type VideoEnd = (typeof VIDEO_ENDS)[number];

/** Which of the two devices of a call, as one of them sees it. */
export const WHO = ['self', 'peer'] as const;
export type Who = (typeof WHO)[number];

/** Somebody asked for a picture, and the other side has not answered yet. */
export interface VideoRequestView {
  readonly by: Who;
  /** Milliseconds until it expires. */
  readonly remainingMs: number;
}

/** How the picture, or the wish for one, came to its end last. */
export interface VideoEndView {
  readonly why: VideoEnd;
  /** Whose act it was; absent when time did it. */
  readonly by?: Who;
}

/** The last hold was cleared, and media begin to flow again. */
export interface ResumingView {
  readonly by: Who;
  /** What a report of media names, so that an old one does not count. */
  readonly resume: number;
}

/** One device of the callee, as the caller sees it. */
export interface LegView {
  readonly device: DeviceId;
  readonly state: LegState;
  readonly silence?: Silence;
  /** Under which the two devices may connect before the accept. */
  readonly epoch: number;
}

interface CallViewOfAnyState {
  readonly id: CallId;
  /** Grows with every change; the newest view wins. */
  readonly version: number;
  readonly direction: 'outgoing' | 'incoming';
  readonly peer: Peer;
  /** What was asked for until the accept, what is on after it. */
  readonly media: Media;
  /** What the caller sent along with the invitation. */
  readonly content?: string;
}

/** A call that waits for an answer; `remainingMs` is when ringing must stop by itself. */
export interface WaitingCallView extends CallViewOfAnyState {
  readonly state: 'inviting' | 'ringing';
  readonly remainingMs: number;
  /** The callee's devices, told to the caller only. */
  readonly legs?: readonly LegView[];
  /** The caller's device, and this device's epoch with it: told to the callee only. */
  readonly peerDevice?: DeviceId;
  readonly epoch?: number;
}

/** A call between two devices. */
export interface EstablishedCallView extends CallViewOfAnyState {
  readonly state: 'established';
  /** The other end of negotiation and signals. */
  readonly peerDevice: DeviceId;
  /** The answering leg's at first; grows when either page was loaded anew: both sides then build a new peer connection. */
  readonly epoch: number;
  /** Milliseconds since both devices reported media; absent until then. */
  readonly connectedMs?: number;
  /** The peer's device is lost, and the call ends when this is over; absent while it is there. */
  readonly peerGraceMs?: number;
  /** The peer's device says that it sends silence; absent while it sends sound. */
  readonly peerMuted?: true;
  /** The peer's device says that it sends no picture; absent while it sends one. */
  readonly peerCameraOff?: true;
  /** This device has declared that it sends silence. */
  readonly muted?: true;
  /** This device has declared that it sends no picture. */
  readonly cameraOff?: true;
  /** This side holds: nothing is sent and nothing is played, and only this side resumes. */
  readonly held?: true;
  /** The other side holds: nothing is sent and nothing of it is played. */
  readonly peerHolds?: true;
  readonly resuming?: ResumingView;
  readonly videoRequest?: VideoRequestView;
  readonly videoEnd?: VideoEndView;
  /** What came with the answer. */
  readonly response?: string;
}

/** A call that is over on this device, perhaps not on others (`answered-elsewhere`). */
export interface EndedCallView extends CallViewOfAnyState {
  readonly state: 'ended';
  readonly reason: EndReason | LegEndReason;
  /** What came with the refusal. */
  readonly response?: string;
  /** Whole seconds this user took part; 0 unless media connected. */
  readonly durationSeconds: number;
  /** The server's voice may tell the caller why nobody answered, for so long at most; absent when it does not. */
  readonly announcingMs?: number;
}

/** All that one device is told of a call, at one version. */
export type CallView = WaitingCallView | EstablishedCallView | EndedCallView;

/** A call and the version that a device has of it: 0 while its first view is still to come. */
export interface CallVersion {
  readonly id: CallId;
  readonly version: number;
}
