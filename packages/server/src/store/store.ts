import type { Actor, Call, Line } from '@ringline/call';
import type {
  CallId,
  CallRecord,
  DeviceId,
  InboxBody,
  InboxItem,
  MemberQuality,
  Peer,
  UserId,
} from '@ringline/protocol';
import type { AuditStore } from './audit.ts';
import type { NewEvent, OutboxStore } from './outbox.ts';

/** The answer to a command as it is kept, so that a repeated command is answered and not done twice. */
export interface KeptResult {
  readonly seq: number;
  /** The server message that answered, without its `re`. */
  readonly reply: string;
}

/** A device reachable at one incarnation of a node. */
export interface Binding {
  /** Which run of which node holds its socket. */
  readonly incarnation: string;
  /** Tells sockets of the same device apart: a newer one replaces an older. */
  readonly connection: string;
  readonly boundAt: number;
}

/** What is known of one device of a user. */
export interface Device {
  readonly user: UserId;
  readonly device: DeviceId;
  /** 0 when there is no row yet; one more with every change. */
  readonly version: number;
  /** Null while the device is not reachable. */
  readonly binding: Binding | null;
  /** When it was last lost, null if never or reachable. */
  readonly lostAt: number | null;
  /** SHA-256 of its resume key, base64url; null before the first hello. */
  readonly resumeHash: string | null;
  /** The user as the last token of this device described it. */
  readonly profile: Peer;
  /** Whether its page takes a second call beside the one that it is in, and its token permits that. */
  readonly takesSecond: boolean;
  /** The highest sequence number done. */
  readonly lastSeq: number;
  /** The last KEPT_RESULTS results, oldest first. */
  readonly results: readonly KeptResult[];
  /** The inbox cursor up to which this device has everything. */
  readonly acknowledged: number;
}

/** What a step needs to be loaded. */
export interface Scope {
  /** Users whose lines, and all their open calls, are wanted. */
  readonly users: readonly UserId[];
  /** A call wanted even when it is over; its two users' lines and open calls come with it. */
  readonly call?: CallId;
  /** The device that acts, with its results. */
  readonly actor?: Actor;
  /** Users whose reachable devices are wanted. */
  readonly devicesOf?: readonly UserId[];
}

/** What was loaded, at one moment. */
export interface Snapshot {
  readonly calls: readonly Call[];
  /** One for every user of the scope and every party of a loaded call, with version 0 for users without a row. */
  readonly lines: readonly Line[];
  /** The acting device, with version 0 when it has no row yet; undefined when no actor was asked for. */
  readonly actor: Device | undefined;
  /** Reachable devices of `devicesOf`. */
  readonly devices: readonly Device[];
}

/** A message for both parties' inboxes; the store gives each its cursor. */
export interface NewInboxItem {
  readonly id: string;
  readonly from: UserId;
  readonly to: UserId;
  readonly at: number;
  readonly body: InboxBody;
}

/**
 * One durable step, all or nothing. It commits only if every call, line and device has still
 * the version before the one given here; `expect` guards lines that were relied on unchanged.
 */
export interface Step {
  readonly at: number;
  /** What caused it, for the call log: the command's type and who gave it. */
  readonly cause: { readonly type: string; readonly by?: Actor };
  /** Whole calls, one version on; version 1 is new. Each becomes a row of the call log. */
  readonly calls: readonly Call[];
  /** Whole lines, one version on. */
  readonly lines: readonly Line[];
  /** Lines that must not have moved. */
  readonly expect: readonly Pick<Line, 'user' | 'version'>[];
  /** Whole devices, one version on. */
  readonly devices: readonly Device[];
  /** Records of calls that end in this step; a second record of one call is a defect. */
  readonly records: readonly CallRecord[];
  readonly inbox: readonly NewInboxItem[];
  /** Each takes the place of what the same user said of the same call before. */
  readonly quality: readonly CallQuality[];
  /** What customers' servers are told of it. */
  readonly events: readonly NewEvent[];
}

/** The quality of one call as one of its users received it. */
export interface CallQuality extends MemberQuality {
  readonly call: CallId;
}

/** What a committed step wrote into inboxes, with its cursors, or that the race was lost. */
export type Committed =
  | { readonly moved: true; readonly inbox: readonly StoredInboxItem[] }
  | { readonly moved: false };

/** An inbox item and whose inbox it lies in. */
export interface StoredInboxItem {
  readonly owner: UserId;
  readonly item: InboxItem;
}

/** A call log row: the call as it was after one committed step. */
export interface LogRow {
  readonly call: CallId;
  readonly version: number;
  readonly at: number;
  readonly cause: { readonly type: string; readonly by?: Actor };
  readonly after: Call;
}

/** Which records of a user are wanted, newest first. */
export interface RecordQuery {
  readonly user: UserId;
  readonly peer?: UserId;
  /** Epoch milliseconds of the end of the call: from inclusive, to exclusive. */
  readonly from?: number;
  readonly to?: number;
  /** Older than the record with this position. */
  readonly before?: number;
  readonly limit: number;
}

/** A record and its position in the order of records, for the next page. */
export interface StoredRecord {
  readonly position: number;
  readonly record: CallRecord;
}

/** A user that has been seen, and whether one of its devices is reachable. */
export interface DirectoryEntry extends Peer {
  readonly online: boolean;
  readonly seenAt: number;
}

/** Whether a user can be reached. */
export interface UserPresence {
  readonly user: UserId;
  /** Whether one of its devices is reachable. */
  readonly online: boolean;
  /** When it was last seen to come or go; null for a user never seen. */
  readonly seenAt: number | null;
}

/** Everything durable. Faults of the world are thrown as StoreFault; a lost race is a value. */
export interface Store extends AuditStore, OutboxStore {
  /** One moment's truth about a scope. */
  load(scope: Scope): Promise<Snapshot>;
  /** Resolves when the step is durable, or has lost a race; steps that arrive together are committed together. */
  commit(step: Step): Promise<Committed>;

  /** One call, over or not. */
  call(id: CallId): Promise<Call | undefined>;
  /** Ids of open calls whose deadline has passed, earliest first. */
  dueCalls(now: number, limit: number): Promise<readonly CallId[]>;
  /** The earliest deadline of all open calls. */
  nextDeadline(): Promise<number | undefined>;
  /** The log of one call, in order of version. */
  log(call: CallId): Promise<readonly LogRow[]>;

  /** Records of a user, newest first. */
  records(query: RecordQuery): Promise<readonly StoredRecord[]>;
  /** What was reported of these calls, by user id within each call. */
  quality(calls: readonly CallId[]): Promise<readonly CallQuality[]>;
  /** The last cursor of a user's inbox, 0 when it is empty. */
  inboxHead(user: UserId): Promise<number>;
  /** The highest cursor that any device of the user acknowledged. */
  inboxAcknowledged(user: UserId): Promise<number>;
  /** Items after a cursor, in order. */
  inbox(user: UserId, after: number, limit: number): Promise<readonly InboxItem[]>;
  /** Items between the user and a peer, older than a cursor, newest first. */
  history(user: UserId, peer: UserId, before: number, limit: number): Promise<readonly InboxItem[]>;

  /** Users seen, by user id, after one of them. */
  directory(after: UserId | undefined, limit: number): Promise<readonly DirectoryEntry[]>;
  /** Whether these users can be reached: one for each that is asked for, in that order, at one moment. */
  presence(users: readonly UserId[]): Promise<readonly UserPresence[]>;

  /** Hold this incarnation's lease until then. */
  renewLease(incarnation: string, until: number): Promise<void>;
  /** Reachable devices whose incarnation has no lease any more, with the end of it. */
  orphans(now: number, limit: number): Promise<readonly { device: Device; lostAt: number }[]>;
  /** At the start of a process that owns the store alone: every other incarnation's lease is over. */
  endOtherLeases(incarnation: string, now: number): Promise<void>;

  /** Finishes what is under way and releases the store. */
  close(): Promise<void>;
}

/** The store cannot answer: disk full, file locked, server away. */
export class StoreFault extends Error {
  readonly code = 'store-unavailable';
  constructor(message: string, cause: unknown) {
    super(message, { cause });
    this.name = 'StoreFault';
  }
}
