import type { Invitation } from '@ringline/call';
import type {
  CallId,
  CallRecord,
  Conversation,
  EventType,
  InboxItem,
  UserId,
} from '@ringline/protocol';
import type { Forgotten } from './past-calls.ts';
import type { LogRow } from './store.ts';

/** All that is kept of one call. */
export interface AuditedCall {
  /** Its place among all calls, for the next page. */
  readonly n: number;
  readonly id: CallId;
  readonly roomId: number;
  readonly version: number;
  readonly isOpen: boolean;
  /** When it is looked at again; null for never. */
  readonly deadline: number | null;
  readonly log: readonly LogRow[];
  readonly records: readonly AuditedRecord[];
  /** Where its record lies as a message. */
  readonly messages: readonly { readonly owner: UserId; readonly item: InboxItem }[];
  /** Its events that are kept for customers' servers, by number. */
  readonly events: readonly AuditedEvent[];
}

/** A record, and by what lists find it. */
export interface AuditedRecord {
  readonly position: number;
  readonly record: CallRecord;
  readonly listed: Pick<CallRecord, 'caller' | 'callee' | 'endedAt' | 'status'>;
}

/** An event of a call or an invitation as it is kept. */
export interface AuditedEvent {
  readonly sequence: number;
  readonly type: EventType;
  readonly at: number;
  readonly data: object;
}

/** A user's line and inbox, and how many calls it has missed. */
export interface AuditedUser {
  readonly user: UserId;
  readonly line: readonly NamedCall[];
  readonly inbox: AuditedInbox;
  /** What the user is told. */
  readonly missed: number;
  /** Up to which record it has seen what it missed; null when it has seen none. */
  readonly seen: SeenRecord | null;
}

/** A call that a line names, and whose it is; of nobody when it is not open. */
export interface NamedCall {
  readonly call: CallId;
  readonly parties: readonly UserId[];
}

/** A place in the order of records, and whose call it is; of nobody when there is no record. */
export interface SeenRecord {
  readonly position: number;
  readonly parties: readonly UserId[];
}

/** An inbox as its owner's devices are told of it, and what really lies in it. */
export interface AuditedInbox {
  readonly head: number;
  /** Items before this cursor were removed. */
  readonly first: number;
  readonly acknowledged: number;
  /** Its items: how many, the first and the last cursor; 0 when there are none. */
  readonly items: { readonly count: number; readonly first: number; readonly last: number };
}

/** What one look-up tells of a user. */
export interface AuditedStanding {
  /** The calls that its line names. */
  readonly line: readonly CallId[];
  /** Items of its inbox before this cursor were removed. */
  readonly first: number;
  /** When its oldest item that is left was written; null when none is. */
  readonly oldestAt: number | null;
}

/** A place in an inbox. */
export interface InboxPlace {
  readonly owner: UserId;
  readonly cursor: number;
}

/** A place in an inbox, and what lies there. */
export interface AuditedItem extends InboxPlace {
  /** Null when it is gone. */
  readonly message: AuditedMessage | null;
  /** The place at the other party that the message has besides, and the message that lies there; null when it has none. */
  readonly other: (InboxPlace & { readonly first: number; readonly message: number | null }) | null;
  /** Where the owner's conversation with the other party ends; null when none is kept. */
  readonly conversationEnd: number | null;
}

/** A message between two users, and where it lies. */
export interface AuditedMessage {
  readonly n: number;
  readonly id: string;
  readonly from: UserId;
  readonly to: UserId;
  /** Its place in the inbox of either; 0 for none. */
  readonly fromCursor: number;
  readonly toCursor: number;
  /** Whether it is found as one between the two. */
  readonly isListed: boolean;
}

/** Whose conversation, and with whom. */
export interface ConversationKey {
  readonly owner: UserId;
  readonly peer: UserId;
}

/** A conversation as it is kept and told, and the inboxes of the two. */
export interface AuditedConversation extends ConversationKey {
  /** The cursor of its last item. */
  readonly last: number;
  readonly told: Conversation;
  readonly inbox: {
    readonly head: number;
    readonly first: number;
    readonly revision: number;
  };
  /** Up to where a device of the peer acknowledged its inbox, and the peer read what came from the owner. */
  readonly peerAcknowledged: number;
  /** Items of the peer's inbox before this cursor were removed. */
  readonly peerFirst: number;
  readonly peerRead: number;
}

/** An item of a conversation in its owner's inbox. */
export interface ConversationItem {
  /** Its place among all messages, for the next page. */
  readonly n: number;
  readonly cursor: number;
  /** Whether the owner wrote it. */
  readonly isOwn: boolean;
  /** Its place at the peer; 0 for none. */
  readonly theirs: number;
}

/** What customers' servers are told of a message. */
export interface AuditedMessageEvent {
  readonly n: number;
  readonly key: string;
  readonly data: object;
  /** The message as it is kept; null when it is gone from both inboxes. */
  readonly message: Omit<InboxItem, 'cursor'> | null;
}

/** A bare invitation that is kept, and what lists find it by. */
export interface AuditedInvitation {
  /** Its place among all, for the next page. */
  readonly n: number;
  readonly invitation: Invitation;
  readonly listed: Pick<Invitation, 'caller' | 'callee'>;
  /** When it is looked at again; null for never. */
  readonly deadline: number | null;
  /** The events under its key that are kept, by number: an earlier one that had its id may have some. */
  readonly events: readonly AuditedEvent[];
}

/** What stands for itself, though it belongs to something; of each kind as many as were asked for at most. */
export interface Strays {
  /** Calls that have a record and nothing else. */
  readonly records: readonly CallId[];
  /** Calls that have a record as a message, and no record, though they may not be forgotten yet. */
  readonly recordMessages: readonly CallId[];
  /** Ids of messages that lie in no inbox. */
  readonly messages: readonly string[];
  /** Ids that more than one message has; a call that is forgotten may have left its record with the id of another one. */
  readonly doubled: readonly { readonly id: string; readonly count: number }[];
  /** Events of calls that are not there. */
  readonly events: readonly { readonly id: string; readonly call: CallId }[];
  /** Deliveries of events that are not there. */
  readonly deliveries: readonly (StrayDelivery & { readonly event: number })[];
  /** Deliveries that wait behind nothing: nobody would ever make them. */
  readonly stuck: readonly StrayDelivery[];
}

/** A delivery on its way to an endpoint. */
export interface StrayDelivery {
  readonly n: number;
  readonly endpoint: string;
  /** That of a call has the call's id in it. */
  readonly lane: string;
}

/**
 * Reading everything, page by page, to see whether it fits together. A page holds no more than the
 * limit, and is the last when it holds fewer.
 */
export interface Audit {
  /** Calls after a place, in order. */
  calls(after: number, limit: number): Promise<readonly AuditedCall[]>;
  /** Users who have a line or an inbox, or have seen what they missed, by id, after one of them. */
  users(after: UserId | undefined, limit: number): Promise<readonly AuditedUser[]>;
  standing(user: UserId): Promise<AuditedStanding>;
  /** Records of calls to a user, after a place in the order of records. */
  recordsTo(user: UserId, after: number, limit: number): Promise<readonly AuditedRecord[]>;
  /** What lies in all inboxes, by owner and cursor, after a place. */
  items(after: InboxPlace | undefined, limit: number): Promise<readonly AuditedItem[]>;
  /** All conversations, by owner and peer, after one of them. */
  conversations(
    after: ConversationKey | undefined,
    limit: number,
  ): Promise<readonly AuditedConversation[]>;
  /** The items of a conversation that are left, in order, after a place among all messages. */
  itemsOf(of: ConversationKey, after: number, limit: number): Promise<readonly ConversationItem[]>;
  /** Events of messages, after the number of one. */
  messageEvents(after: number, limit: number): Promise<readonly AuditedMessageEvent[]>;
  /** Bare invitations after a place, in order; what is over is kept for a short while. */
  invitations(after: number, limit: number): Promise<readonly AuditedInvitation[]>;
  /** What is not kept any more of calls that are over. */
  forgotten(): Promise<Forgotten>;
  strays(limit: number): Promise<Strays>;
  /** Ends the reading. */
  close(): Promise<void>;
}

/** Reading everything; a part of the store. */
export interface AuditStore {
  /** Begins a reading; nothing is written until it is closed. */
  audit(): Promise<Audit>;
}
