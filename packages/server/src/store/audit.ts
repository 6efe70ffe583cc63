import type { CallId, CallRecord, InboxItem, UserId } from '@ringline/protocol';
import type { LogRow } from './store.ts';

/** All that is kept of one call. */
export interface AuditedCall {
  /** Its place among all calls, for the next page. */
  readonly n: number;
  readonly id: CallId;
  readonly version: number;
  readonly isOpen: boolean;
  readonly log: readonly LogRow[];
  readonly records: readonly CallRecord[];
  /** Where its record lies as a message. */
  readonly messages: readonly { readonly owner: UserId; readonly item: InboxItem }[];
  /** The numbers of its events that are kept for customers' servers. */
  readonly events: readonly number[];
}

/** A user's line and inbox. */
export interface AuditedUser {
  readonly user: UserId;
  /** The open calls that its line names. */
  readonly line: readonly CallId[];
  readonly inbox: AuditedInbox;
}

export interface AuditedInbox {
  readonly head: number;
  readonly acknowledged: number;
  /** Its items: how many, the first and the last cursor, and when the first came; 0 when there are none. */
  readonly count: number;
  readonly first: number;
  readonly last: number;
  readonly firstAt: number;
}

/** Reading everything, page by page, to see whether it fits together; a part of the store. */
export interface AuditStore {
  /** Calls after a place, in order. */
  auditCalls(after: number, limit: number): Promise<readonly AuditedCall[]>;
  /** Users who have a line or an inbox, by id, after one of them. */
  auditUsers(after: UserId | undefined, limit: number): Promise<readonly AuditedUser[]>;
  /** Calls that have a record and nothing else. */
  strayRecords(limit: number): Promise<readonly CallId[]>;
  /** Deliveries that wait behind nothing: nobody would ever make them. */
  stuckDeliveries(limit: number): Promise<readonly number[]>;
}
