import type { CallId, DeviceId, UserId } from '../ids.ts';
import type { Refusal } from '../refusals.ts';
import type { CallView } from './calls.ts';
import type { Conversation } from './conversation.ts';
import type { IceConfig } from './ice.ts';
import type { InboxItem } from './inbox.ts';
import type { Presence } from './presence.ts';
import type { RtmGone, RtmServerMessage, RtmWelcome } from './rtm/from-server.ts';
import type { Signal } from './signal.ts';
import type { Prompt, VoiceEnd } from './voice.ts';

/** The answer to hello; the views of the device's calls and its inbox follow. */
export interface Welcome {
  readonly type: 'welcome';
  /** The server's clock, in epoch milliseconds: by it the device tells how long later views were on their way. */
  readonly at: number;
  readonly version: number;
  readonly user: UserId;
  readonly device: DeviceId;
  /** Secret of this device, for its next hello. */
  readonly resumeKey: string;
  /** The highest sequence number done; the device continues above it. */
  readonly lastSeq: number;
  readonly inbox: InboxState;
  /** Calls named in hello that this device has no part in any more, or never had. */
  readonly gone: readonly CallId[];
  /** Milliseconds until the token expires; absent when it never does. */
  readonly tokenExpiresMs?: number;
  /** How this device connects to its peers; absent for an expired token. */
  readonly ice?: IceConfig;
  /** The server has a voice, so this device waits a moment for it before it plays a tone of its own. */
  readonly voice?: true;
  /** That voice plays the ringing tone to callers, so this device waits a moment for it as well. */
  readonly ringback?: true;
  /** Of a page that speaks RTM. */
  readonly rtm?: RtmWelcome;
}

/** An inbox as it stands at a welcome. */
export interface InboxState {
  /** The last item written. */
  readonly head: number;
  /** Items after this one follow. */
  readonly from: number;
  /** What changed of conversations after this revision follows. */
  readonly revision: number;
}

/** The request was done. */
export interface Done {
  readonly type: 'done';
  readonly re: number;
  /** Of a token that was renewed: milliseconds until it expires; absent when it never does. */
  readonly tokenExpiresMs?: number;
}

/** The invitation stands; `call` is another one when glare merged the two. */
export interface Invited {
  readonly type: 'invited';
  readonly re: number;
  readonly call: CallId;
}

/** The message is in both inboxes; of a repeated key, `id` and `at` are those of the first. */
export interface Sent {
  readonly type: 'sent';
  readonly re: number;
  readonly id: string;
  readonly at: number;
}

/** Messages exchanged with a peer, newest first. */
export interface HistoryPage {
  readonly type: 'history-page';
  readonly re: number;
  readonly items: readonly InboxItem[];
  /** Whether older ones exist. */
  readonly more: boolean;
}

/** Where users stand at this moment, in the order in which they were asked for. */
export interface PresenceFound {
  readonly type: 'presence-found';
  readonly re: number;
  readonly users: readonly Presence[];
}

/** ICE servers with fresh credentials. */
export interface IceRenewed {
  readonly type: 'ice-renewed';
  readonly re: number;
  readonly ice: IceConfig;
}

/** The request, or with `re: 0` a message that carried no number, was not done. */
export interface Refused extends Refusal {
  readonly type: 'refused';
  readonly re: number;
}

/** The whole view of one call. */
export interface CallUpdate {
  readonly type: 'call';
  /** The server's clock when it was sent: a view that was held up rings no longer than a fresh one. */
  readonly at: number;
  readonly call: CallView;
}

/** The next items of the inbox, in order. */
export interface InboxUpdate {
  readonly type: 'inbox';
  readonly items: readonly InboxItem[];
}

/** Conversations that changed, by revision: a message came, one was read or delivered. */
export interface ConversationUpdate {
  readonly type: 'conversations';
  readonly items: readonly Conversation[];
}

/** How many calls this user has missed and not seen, MAX_MISSED at most; 0 until told otherwise. */
export interface MissedCalls {
  readonly type: 'missed';
  readonly count: number;
}

/** A signal from the other device of a call. */
export interface SignalReceived {
  readonly type: 'signal';
  readonly call: CallId;
  readonly from: DeviceId;
  readonly epoch: number;
  readonly signal: Signal;
}

/** The server has something for this device to hear: an offer (RFC 8829) of sound alone, which `answer-voice` answers. */
export interface VoiceOffered {
  readonly type: 'voice-offered';
  /** Grows with every offer on this connection: it names what belongs to it. */
  readonly voice: number;
  readonly prompt: Prompt;
  readonly sdp: string;
}

/** Over the same connection now this is played. */
export interface VoiceChanged {
  readonly type: 'voice-changed';
  readonly voice: number;
  readonly prompt: Prompt;
}

/** Nothing more comes of this voice: it has said everything, or is lost. */
export interface VoiceEnded {
  readonly type: 'voice-ended';
  readonly voice: number;
  /** `said`: to its end; `over`: there is no reason any more; `lost`: it failed, and the device plays its own tone if it has to. */
  readonly why: VoiceEnd;
}

/** Where watched users stand: those that changed, or all of a new list. */
export interface PresenceUpdate {
  readonly type: 'presence';
  readonly users: readonly Presence[];
}

/** The answer to a heartbeat: calls it named that this device has no part in any more. */
export interface Alive {
  readonly type: 'alive';
  /** The server's clock, in epoch milliseconds. */
  readonly at: number;
  readonly gone: readonly CallId[];
  /** Of a page that speaks RTM. */
  readonly rtm?: RtmGone;
}

/** This server goes away, or has no store: say hello to another after `afterMs`, best before this connection is closed, and close this one with 4000 once that has welcomed you; commands that have no answer yet are sent again there. Where none takes you, stay and try again, as after a loss. */
export interface Leaving {
  readonly type: 'leaving';
  readonly afterMs: number;
}

/** Everything a server says. */
export type ServerMessage =
  | Welcome
  | Done
  | Invited
  | Sent
  | HistoryPage
  | PresenceFound
  | IceRenewed
  | Refused
  | CallUpdate
  | InboxUpdate
  | ConversationUpdate
  | MissedCalls
  | SignalReceived
  | VoiceOffered
  | VoiceChanged
  | VoiceEnded
  | PresenceUpdate
  | Alive
  | Leaving
  | RtmServerMessage;

/** The messages that answer a request. */
export type Reply = Extract<ServerMessage, { readonly re: number }>;
