import type { UserId } from '../ids.ts';
import type { CallRecord } from './record.ts';

/** Any JSON, nested no deeper than MAX_DATA_DEPTH. */
export type Json =
  | string
  | number
  | boolean
  | null
  | readonly Json[]
  | { readonly [key: string]: Json };

/** What a user may send to another. */
export type MessageBody =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'data'; readonly data: Json };

/** What an inbox holds: messages of users, and the records of their calls. */
export type InboxBody = MessageBody | { readonly kind: 'record'; readonly record: CallRecord };

/** One message in a user's inbox. */
export interface InboxItem {
  /** Its place in this user's inbox: 1, 2, 3 … without gaps as they are written. */
  readonly cursor: number;
  /** The same in both parties' inboxes. */
  readonly id: string;
  readonly from: UserId;
  readonly to: UserId;
  /** Epoch milliseconds. */
  readonly at: number;
  readonly body: InboxBody;
}
