import type {
  CallRecord,
  ConnectionState,
  HistoryPage,
  Message,
  Outgoing,
  Peer,
  Sent,
  UserId,
} from '@ringline/client';

/** A part of a list. */
export interface Page<Item> {
  readonly items: readonly Item[];
  readonly next: string | null;
}

/** Which part of a list is wanted. */
export interface PageQuery {
  readonly cursor?: string | null;
  readonly limit?: number;
}

/** Somebody the server has seen. */
export interface Seen extends Peer {
  readonly online: boolean;
}

/** Where a watched user stands. */
export interface PresenceSeen {
  readonly user: UserId;
  readonly online: boolean;
  readonly since?: number;
}

/** A page of the inbox, and where the inbox ends. */
export interface InboxSeen {
  readonly items: readonly Message[];
  readonly head: number;
}

/** The part of a client that lists need. */
export interface ListsClient {
  readonly user: UserId | undefined;
  readonly cursor: number | undefined;
  readonly connectionState: ConnectionState;
  readonly records: { list(query?: PageQuery): Promise<Page<CallRecord>> };
  readonly users: { list(query?: PageQuery): Promise<Page<Seen>> };
  readonly inbox: {
    list(query?: { readonly cursor?: number; readonly limit?: number }): Promise<InboxSeen>;
  };
  readonly presence: {
    watch(users: readonly UserId[]): Promise<void>;
    of(user: UserId): PresenceSeen | undefined;
  };
  send(user: UserId, message: Outgoing): Promise<Sent>;
  history(
    peer: UserId,
    options?: { readonly before?: number; readonly limit?: number },
  ): Promise<HistoryPage>;
}
