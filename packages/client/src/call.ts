import type {
  CallId,
  EndReason,
  LegEndReason,
  LegView,
  Media,
  Peer,
  Receipt,
  Silence,
  VideoEndView,
  Who,
} from '@ringline/protocol';
import type { Listenable } from './emitter.ts';
import type { RinglineError } from './errors.ts';
import type { Elements } from './media/elements.ts';
import type { Quality } from './quality/call-quality.ts';
import type { VideoLimit } from './quality/video-limit.ts';

/**
 * Where a call stands, in the server's words; `ended` also when this device knows it first. `announcing`:
 * it is over and nobody answered, and a voice tells this user why.
 */
export type CallState = 'inviting' | 'ringing' | 'established' | 'announcing' | 'ended';

/**
 * Whether the two devices hear each other: `none` before the accept and after the end,
 * `reconnecting` while the path between them or the peer's device is away.
 */
export type CallConnection = 'none' | 'connecting' | 'connected' | 'reconnecting';

/** What a call tells. Each event but `problem` comes with the call itself; all its fields are new already. */
export interface CallEvents {
  /** A device of the callee rings. */
  ringing: Call;
  /** Somebody answered: the two devices connect now. */
  accepted: Call;
  /** Both devices receive media: the duration runs from here. */
  connected: Call;
  /** The path to the peer, or the peer's device, is away for the moment. */
  reconnecting: Call;
  /** And is back. */
  reconnected: Call;
  /** Nobody answered, `endReason` says why, and a voice tells it: both users are free, and `ended` follows. */
  announcing: Call;
  /** Over, once; `endReason` says why. */
  ended: Call;
  /** Who holds, or whether media are on their way back: `localHold`, `remoteHold` and `resuming` say how it stands. */
  holdChanged: Call;
  /** The other side asks for a picture: answer with `replyVideo`. */
  videoRequested: Call;
  /** A request for a picture came to nothing, here or there; `call.videoEnd` says why. */
  videoRefused: Call;
  /** The call has a picture now, agreed to by both. */
  videoAdded: Call;
  /** The call has no picture any more; `call.videoEnd` says why. */
  videoRemoved: Call;
  /** The quality is of another level, or its score has moved by a step; `call.quality` says what it is. */
  quality: Call;
  /** More of the own picture is given up for the sound, or less; `call.videoLimit` says how much. */
  videoLimited: Call;
  /** Anything above, a leg, or a detail of the end that the server knew better. */
  stateChanged: Call;
  /** The browser plays no sound before the user does something on the page: `play()` from a click, or any gesture, ends it. */
  needsGesture: Call;
  /** Media fails, or a device is lost and there is no other; the call goes on. */
  problem: RinglineError;
}

export interface AcceptOptions {
  /** `audio` answers a video call without a picture; what was asked for when absent. */
  readonly media?: Media;
  /** Sent to the caller with the answer; at most MAX_CONTENT_BYTES. */
  readonly response?: string;
}

export interface RefuseOptions {
  /** False: on this device only, the user's others ring on. True when absent. */
  readonly everywhere?: boolean;
  /** Sent to the caller; at most MAX_CONTENT_BYTES. */
  readonly reason?: string;
}

export interface EndOptions {
  /** True: the user's other call, which this side holds, is resumed with it. */
  readonly resumeOther?: boolean;
}

export interface ResumeOptions {
  /** True: a picture that the hold took away is asked for again, whatever was agreed to before. */
  readonly askVideo?: boolean;
}

export interface ReplyOptions {
  /** False: agrees to see without being seen. True when absent. */
  readonly camera?: boolean;
}

/** One call, as this device sees it. Commands may be repeated; they reject with a RinglineError. */
export interface Call extends Listenable<CallEvents> {
  readonly id: CallId;
  readonly direction: 'outgoing' | 'incoming';
  readonly peer: Peer;
  /** What was asked for until the accept, what is on after it: `audio` while the call is held. */
  readonly media: Media;
  readonly state: CallState;
  readonly connection: CallConnection;
  /** Undefined until the call is over, `announcing` or `ended`. */
  readonly endReason: EndReason | LegEndReason | undefined;
  /** The callee's devices, known to the caller while it rings; empty otherwise. */
  readonly legs: readonly LegView[];
  /** What the caller sent with the invitation. */
  readonly content: string | undefined;
  /** What the callee sent with the answer or the refusal. */
  readonly response: string | undefined;
  /** Since when both devices receive media, in epoch milliseconds of this device's clock. */
  readonly connectedAt: number | undefined;
  /** Whole seconds, once the server has said how long the call was. */
  readonly durationSeconds: number | undefined;
  /** The page was loaded anew during this call, and took it up again. */
  readonly restored: boolean;
  readonly muted: boolean;
  readonly cameraOn: boolean;
  /** The browser holds back the sound of the other side until the user does something on the page. */
  readonly needsGesture: boolean;
  /** The peer sends silence, as its device says; `stateChanged` tells. */
  readonly peerMuted: boolean;
  /** The peer sends a picture, as its device says: false in an audio call. */
  readonly peerCameraOn: boolean;
  /** This side holds: nothing is sent and nothing played until this side resumes. */
  readonly localHold: boolean;
  /** The other side holds: nothing is sent, nothing of it is played, and only it resumes. */
  readonly remoteHold: boolean;
  /** The last hold was cleared, and media begin to flow again. */
  readonly resuming: boolean;
  /** Who has asked for a picture, while the other side is still to answer. */
  readonly videoRequestedBy: Who | undefined;
  /** How the picture, or a request for one, came to its end last; undefined while one is on or asked for. */
  readonly videoEnd: VideoEndView | undefined;
  /** How well the other side is received; undefined until it was measured, some seconds after `connected`. */
  readonly quality: Quality | undefined;
  /** How much of the own picture is given up so that the sound gets through: `off` is all of it. */
  readonly videoLimit: VideoLimit;

  /**
   * Answers an incoming call: opens microphone and camera first, tells the server then. Resolves when
   * the call is established here. Rejects with `microphone-denied`, `camera-denied`, `denied-by-system`,
   * `denied-by-policy`, `no-device`, `device-busy` or `media-unavailable` (it rings on and may be accepted again), with
   * `answered-elsewhere` when another device was first, with `wrong-state`, `timeout` or `not-connected`.
   */
  accept(options?: AcceptOptions): Promise<void>;
  /** Refuses an incoming call. It ends here at once; without a connection it is told later. */
  refuse(options?: RefuseOptions): Promise<void>;
  /** Takes an outgoing call back before it is answered. It ends here at once. */
  cancel(): Promise<void>;
  /** Ends the call in any state: cancels, refuses everywhere or hangs up. It ends here at once; without a connection it is told later, with its age. */
  end(options?: EndOptions): Promise<void>;
  /** Sends silence, or with `false` sound again. */
  mute(on?: boolean): void;
  /** Gives the picture of a video call, or with `false` takes it and switches the camera off. */
  camera(on?: boolean): Promise<void>;
  /**
   * Holds the call: this side sends nothing from now on, the other as soon as it knows, and a picture is
   * taken away until the last hold is cleared. Resolves when the server has said so. Rejects with
   * `not-permitted`, `in-progress` or `wrong-state`, and all is as it was; or with `timeout`, and nothing
   * is sent before the server has said whether it holds the call.
   */
  hold(): Promise<void>;
  /**
   * Clears this side's hold. Resolves at once if the other side holds too; else when both hear each
   * other again, the picture following by itself. Rejects with `wrong-state`, also when the call has
   * ended with `resume-failed` because they did not within 10 s, or with what the server still says after
   * 10 s: `unavailable`, `internal` or `rate-limited`.
   */
  resume(options?: ResumeOptions): Promise<void>;
  /**
   * Of two calls, takes this one, which this side holds, and holds the other: one step. Resolves when both
   * sides of this one hear each other again. Rejects as `hold` and `resume` do, and changes nothing then.
   */
  swap(): Promise<void>;
  /**
   * Opens the camera and asks the other side for a picture; nothing is sent before it agrees. Resolves
   * when it is asked: `videoAdded` or `videoRefused` tell the outcome. Rejects with `on-hold`,
   * `not-permitted`, with `video-unavailable` where there are no pictures, with `wrong-state` when it is
   * taken back before it is asked, and as `accept` does when the camera cannot be opened.
   */
  addVideo(): Promise<void>;
  /** Answers `videoRequested`: opens the camera and agrees, or refuses. Rejects as `addVideo` does, and may be tried again. */
  replyVideo(accept: boolean, options?: ReplyOptions): Promise<void>;
  /** Ends the picture of both sides, or takes back the own request; the camera is switched off at once. Resolves when there is no picture any more; when it rejects, the camera stays off. */
  removeVideo(): Promise<void>;
  /**
   * Shows own and other picture, and plays the sound, in elements of the page, from now on and at any
   * time; null takes one away. A preview opens the camera of a video call before anything is sent.
   */
  attach(elements: Elements): void;
  /** Plays sound that the browser held back: call it from a click. Rejects with `autoplay-blocked` otherwise. */
  play(): Promise<void>;
  /**
   * Says how this device rings. The SDK reports `alerting` by itself once a listener of `incoming` had
   * the call; call this inside the listener to say something else, or later to change it.
   */
  reportRinging(receipt: Receipt, silence?: Silence): Promise<void>;
}
