import type {
  CallId,
  CallRecord,
  ConnectionState,
  HistoryPage,
  InboxPage,
  ListedConversation,
  Outgoing,
  Page,
  Peer,
  Presence,
  SendOptions,
  Sent,
  UserId,
} from '@ringline/client';

/** Which part of a list is wanted. */
export interface PageQuery {
  readonly cursor?: string | null;
  readonly limit?: number;
}

/** Somebody the server has seen. */
export interface Seen extends Peer {
  readonly online?: boolean;
}

/** The part of a client that lists need. */
export interface ListsClient {
  readonly user: UserId | undefined;
  readonly cursor: number | undefined;
  readonly connectionState: ConnectionState;
  readonly missedCalls: number;
  readonly conversations: {
    list(query?: PageQuery & { readonly peer?: UserId }): Promise<Page<ListedConversation>>;
  };
  readonly records: { list(query?: PageQuery): Promise<Page<CallRecord>> };
  readonly users: { list(query?: PageQuery): Promise<Page<Seen>> };
  readonly inbox: {
    list(query?: { readonly cursor?: number; readonly limit?: number }): Promise<InboxPage>;
  };
  readonly presence: {
    watch(users: readonly UserId[]): Promise<void>;
    of(user: UserId): Presence | undefined;
  };
  seeCalls(call: CallId): Promise<void>;
  markRead(peer: UserId, cursor?: number): Promise<void>;
  send(user: UserId, message: Outgoing, options?: SendOptions): Promise<Sent>;
  history(
    peer: UserId,
    options?: { readonly before?: number; readonly limit?: number },
  ): Promise<HistoryPage>;
}
