import type { CallRecord, InboxItem, Json, UserId } from '@ringline/protocol';

/** A message in this user's inbox: text or data of a user, or the record of a call. */
export type Message = {
  /** The same in both parties' inboxes. */
  readonly id: string;
  /** Its place in this user's inbox; a later message has a higher one. */
  readonly cursor: number;
  readonly from: UserId;
  readonly to: UserId;
  /** Epoch milliseconds. */
  readonly at: number;
} & (
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'data'; readonly data: Json }
  | { readonly kind: 'record'; readonly record: CallRecord }
);

/** What `send` takes: a text, or any JSON. */
export type Outgoing = string | { readonly text: string } | { readonly data: Json };

/** How a message is sent. */
export interface SendOptions {
  /**
   * Of the app's own making, for each message another: 1 to MAX_ID_BYTES bytes without control characters. A
   * message that is sent again with its key, from any device of the user, is in the inboxes once.
   */
  readonly key?: string;
}

/** Where a message that was sent ended up. */
export interface Sent {
  readonly id: string;
  /** Epoch milliseconds. */
  readonly at: number;
}

/** Messages exchanged with a peer, newest first. */
export interface HistoryPage {
  readonly messages: readonly Message[];
  /** Whether older ones exist: ask with `before` the last one's cursor. */
  readonly more: boolean;
}

/** An inbox item as the app sees it. */
export function messageOf({ body, ...envelope }: InboxItem): Message {
  return { ...envelope, ...body };
}
