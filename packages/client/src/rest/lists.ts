import type {
  CallRecord,
  Conversation,
  MemberQuality,
  Outcome,
  Peer,
  UserId,
} from '@ringline/protocol';
import type { Message } from '../messages/message.ts';

/** A part of a list. */
export interface Page<Item> {
  readonly items: readonly Item[];
  /** The `cursor` of the next page; null at the end. */
  readonly next: string | null;
}

/** Which part of a list is wanted. */
export interface PageQuery {
  /** `next` of the page before; the first page when absent or null. */
  readonly cursor?: string | null;
  /** 1 to 100; 50 when absent. */
  readonly limit?: number;
}

/** Which call records are wanted, newest first. */
export interface RecordsQuery extends PageQuery {
  /** Only calls with this user. */
  readonly peer?: UserId;
  /** Only calls that ended so, or that this user missed: it was called, and neither answered nor refused. */
  readonly outcome?: Outcome;
  /** Epoch milliseconds of the end of the call, inclusive. */
  readonly from?: number;
  /** And exclusive. */
  readonly to?: number;
}

/** The record of a call, and what is known of it beside. */
export interface ListedRecord extends CallRecord {
  /** How well each user heard the other, as far as their devices have said. */
  readonly quality: readonly MemberQuality[];
}

/** A user that the server has seen. */
export interface SeenUser extends Peer {
  /** Absent where this user may not see who is there. */
  readonly online?: boolean;
  /** When it last came or went, in epoch milliseconds of the server; absent likewise. */
  readonly seenAt?: number;
}

/** A part of this user's inbox, oldest first. */
export interface InboxPage {
  readonly items: readonly Message[];
  /** The cursor of the last message that the inbox has. */
  readonly head: number;
}

/** This user's inbox: the messages with everybody, and the records of calls. */
export interface ListedInbox {
  /** Up to `limit` messages (1 to 100; 50 when absent) after the one that `cursor` names; from the first when absent. */
  list(query?: { readonly cursor?: number; readonly limit?: number }): Promise<InboxPage>;
}

/** Which conversations are wanted, those with the newest messages first. */
export interface ConversationsQuery extends PageQuery {
  /** Only the one with this user. */
  readonly peer?: UserId;
}

/** Where this user stands with a peer, and the last message that either of them has. */
export interface ListedConversation extends Conversation {
  readonly last: Message;
}

/** A list that the server keeps, read page by page over HTTP, connected or not. */
export interface Listed<Item, Query extends PageQuery = PageQuery> {
  list(query?: Query): Promise<Page<Item>>;
}
