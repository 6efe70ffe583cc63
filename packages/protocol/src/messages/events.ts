import type { CallId, InvitationId, UserId } from '../ids.ts';
import type { EndReason } from '../reasons.ts';
import type { Media, Peer, VideoEnd } from './calls.ts';
import type { MessageBody } from './inbox.ts';
import type { CallRecord } from './record.ts';
import type { InvitationFailure, InvitationState } from './rtm/invitation.ts';

/** What a customer's server can be told of, by webhook: a closed list. */
export const EVENT_TYPES = [
  'call.invited',
  'call.ringing',
  'call.accepted',
  'call.connected',
  'call.held',
  'call.resumed',
  'call.video.added',
  'call.video.removed',
  'call.ended',
  'record.created',
  'message.sent',
  'invitation.sent',
  'invitation.ended',
] as const;
export type EventType = (typeof EVENT_TYPES)[number];
/** The events of bare invitations. */
export type InvitationEventType = Extract<EventType, `invitation.${string}`>;

/** Which call, and the how-manieth of its events this is: they arrive in that order, and a repeated one has the same number. */
export interface EventOfCall {
  readonly call: CallId;
  /** 1, 2, 3 … in each call. */
  readonly sequence: number;
}

/** A call as its events describe it. Instants are epoch milliseconds. */
export interface CallEventData extends EventOfCall {
  /** A number that fits 53 bits, unique among all calls; the same in the record. */
  readonly roomId: number;
  readonly caller: Peer;
  readonly callee: Peer;
  /** What was asked for until the accept, what is on after it. */
  readonly media: Media;
}

/** A user invited another. */
export interface CallInvitedData extends CallEventData {
  readonly invitedAt: number;
  /** When ringing stops by itself. */
  readonly expiresAt: number;
  /** No device of the callee is reachable: a backend may wake one by a push notification. */
  readonly offline: boolean;
  /** What the caller sent along. */
  readonly content?: string;
}

/** The callee took the call. */
export interface CallAcceptedData extends CallEventData {
  /** What came with the answer. */
  readonly response?: string;
}

/** One of the two did something. */
export interface CallActData extends CallEventData {
  readonly by: UserId;
}

/** The picture went away. */
export interface CallVideoRemovedData extends CallEventData {
  readonly why: VideoEnd;
  /** Null when nobody did it. */
  readonly by: UserId | null;
}

/** A call is over. */
export interface CallEndedData extends CallEventData {
  readonly reason: EndReason;
  /** Whose act ended it; null when time or a loss did. */
  readonly by: UserId | null;
}

/** What is kept of a call; it comes with the call's end, or not at all. */
export interface RecordCreatedData extends EventOfCall {
  readonly record: CallRecord;
}

/** A message between users. */
export interface MessageSentData {
  readonly id: string;
  readonly from: UserId;
  readonly to: UserId;
  /** Epoch milliseconds. */
  readonly at: number;
  readonly body: MessageBody;
}

/** A bare invitation, that of RTM, as its events describe it. Instants are epoch milliseconds. */
export interface InvitationEventData {
  readonly invitation: InvitationId;
  /** 1, 2 in each invitation: they arrive in that order, and a repeated one has the same number. */
  readonly sequence: number;
  /** Only the user: no name goes with an invitation. */
  readonly caller: Peer;
  readonly callee: Peer;
  /** The caller's text; absent when there is none. */
  readonly content?: string;
  /** The channel that the caller named; absent when it named none. Means nothing to the server. */
  readonly channel?: string;
  readonly sentAt: number;
}

/** A user invited another to something, without a call. */
export interface InvitationSentData extends InvitationEventData {
  /** When it fails unless a page of the callee has it by then. */
  readonly receiveBy: number;
  /** When it fails unless it is answered by then. */
  readonly expiresAt: number;
  /** No page of the callee that speaks RTM is reachable: a backend may wake one by a push notification. */
  readonly offline: boolean;
}

/** How a bare invitation ended. */
export type InvitationOutcome = Extract<
  InvitationState,
  'accepted' | 'refused' | 'cancelled' | 'failed'
>;

/** A bare invitation is over. */
export interface InvitationEndedData extends InvitationEventData {
  readonly outcome: InvitationOutcome;
  /** Why it failed; only with `failed`. */
  readonly failure?: InvitationFailure;
  /** The callee's text; absent when it gave none. */
  readonly response?: string;
  readonly endedAt: number;
}

/** What comes with each kind of event. */
export interface EventData {
  readonly 'call.invited': CallInvitedData;
  readonly 'call.ringing': CallEventData;
  readonly 'call.accepted': CallAcceptedData;
  readonly 'call.connected': CallEventData;
  readonly 'call.held': CallActData;
  readonly 'call.resumed': CallActData;
  readonly 'call.video.added': CallEventData;
  readonly 'call.video.removed': CallVideoRemovedData;
  readonly 'call.ended': CallEndedData;
  readonly 'record.created': RecordCreatedData;
  readonly 'message.sent': MessageSentData;
  readonly 'invitation.sent': InvitationSentData;
  readonly 'invitation.ended': InvitationEndedData;
}

/** The body of a webhook, by the Standard Webhooks. */
export type WebhookEvent = {
  readonly [Type in EventType]: {
    readonly type: Type;
    /** When it happened: ISO 8601 in UTC, with milliseconds. */
    readonly timestamp: string;
    readonly data: EventData[Type];
  };
}[EventType];
