import type { Actor, Call, Invitation, Line } from '@ringline/call';
import type {
  CallId,
  CallRecord,
  Conversation,
  DeviceId,
  InboxBody,
  InboxItem,
  MemberQuality,
  Outcome,
  Peer,
  UserId,
} from '@ringline/protocol';
import type { AuditStore } from './audit.ts';
import type { DueClaim, LeaseStore } from './leases.ts';
import type { NewEvent, OutboxStore } from './outbox.ts';
import type { PastCallStore } from './past-calls.ts';
import type { PastDeviceStore } from './past-devices.ts';
import type { Login, NewAttributes, RtmScope, RtmSnapshot, RtmStore } from './rtm.ts';

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
  /** 0 when there is no row yet; one more with every change, and never one that was there before (device-version.ts). */
  readonly version: number;
  /** Null while the device is not reachable. */
  readonly binding: Binding | null;
  /** When it was last lost, null if never or reachable. */
  readonly lostAt: number | null;
  /** It said goodbye when it went last, and is not reachable. */
  readonly hasLeft: boolean;
  /** SHA-256 of its resume key, base64url; null before the first hello. */
  readonly resumeHash: string | null;
  /** The user as the last token of this device described it. */
  readonly profile: Peer;
  /** Whether its page takes a second call beside the one that it is in, and its token permits that. */
  readonly takesSecond: boolean;
  /** Of a page that speaks RTM; null of every other. */
  readonly login: Login | null;
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
  /** Of a step of RTM. */
  readonly rtm?: RtmScope;
  /** The message wanted that a user sent under this key. */
  readonly sent?: MessageKey;
  /** No person waits for it: others go first. */
  readonly isPatient?: boolean;
}

/** By which the sender of a message knows it: no two of its messages have the same. */
export interface MessageKey {
  readonly from: UserId;
  readonly key: string;
}

/** A message that was sent. */
export interface SentMessage {
  readonly id: string;
  readonly to: UserId;
  readonly at: number;
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
  /** What was sent under the key, as long as it lies in an inbox. */
  readonly sent: SentMessage | undefined;
  /** Only when the scope asked for it. */
  readonly rtm?: RtmSnapshot;
}

/** A message for its parties' inboxes; the store gives each its cursor. */
export interface NewInboxItem {
  readonly id: string;
  readonly from: UserId;
  readonly to: UserId;
  readonly at: number;
  readonly body: InboxBody;
  /** A key of the sender's own: the step is not committed while a message of the sender has it already. */
  readonly key?: string;
  /** In whose inboxes it lies: one of the two at least; in both when absent. */
  readonly owners?: readonly UserId[];
}

/** A user has read what came from a peer, up to a place in its own inbox. */
export interface ReadMark {
  readonly user: UserId;
  readonly peer: UserId;
  readonly cursor: number;
  /** Whether the peer learns of it. */
  readonly isTold: boolean;
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
  /** Marks that lie behind those that are there change nothing. */
  readonly reads: readonly ReadMark[];
  /** Each takes the place of what the same user said of the same call before. */
  readonly quality: readonly CallQuality[];
  /** Users who have seen their missed calls, up to the one of a record. */
  readonly seen: readonly SeenCalls[];
  /** What customers' servers are told of it. */
  readonly events: readonly NewEvent[];
  /** Whole bare invitations, one version on; version 1 is new. Absent in all steps but those of RTM. */
  readonly invitations?: readonly Invitation[];
  /** They commit only where the version on which they were decided still stands, and the user or a member is there. */
  readonly attributes?: readonly NewAttributes[];
}

/** A user has seen the calls that it missed, up to this one. */
export interface SeenCalls {
  readonly user: UserId;
  readonly call: CallId;
}

/** The quality of one call as one of its users received it. */
export interface CallQuality extends MemberQuality {
  readonly call: CallId;
}

/** What a committed step wrote into inboxes, with its cursors, or that the race was lost. */
export type Committed =
  | {
      readonly moved: true;
      readonly inbox: readonly StoredInboxItem[];
      /** Users of whose conversations one or more have a new revision, each once. */
      readonly revised: readonly UserId[];
    }
  | { readonly moved: false };

/** An inbox item and whose inbox it lies in. */
export interface StoredInboxItem {
  readonly owner: UserId;
  readonly item: InboxItem;
}

/** How far a user's inbox goes. */
export interface InboxStanding {
  /** The last cursor, 0 when nothing was ever written. */
  readonly head: number;
  /** Items before this cursor have been removed; one more than the head when none is left. */
  readonly first: number;
  /** The highest cursor that any device of the user acknowledged. */
  readonly acknowledged: number;
  /** The newest revision of a conversation. */
  readonly revision: number;
}

/** Which conversations of a user are wanted, those with the newest items first. */
export interface ConversationQuery {
  readonly user: UserId;
  readonly peer?: UserId;
  /** Those whose last item lies before this cursor. */
  readonly before?: number;
  readonly limit: number;
}

/** A conversation and its last item. */
export interface ListedConversation extends Conversation {
  readonly last: InboxItem;
}

/** A portion of what inboxes have beyond a number of items. */
export interface RemovalPortion {
  readonly keep: number;
  /** The inboxes looked at, by user id: after this one, and how many. */
  readonly after?: UserId | undefined;
  readonly inboxes: number;
  /** Items removed at most. */
  readonly limit: number;
}

/** What one portion of removing came to. */
export interface Removed {
  /** Users of whose conversations one or more have a new revision, because something unread is gone. */
  readonly revised: readonly UserId[];
  /** Whether something may be left to remove. */
  readonly more: boolean;
  /** Of removing user by user: who was looked at to the end last, none before the first. */
  readonly done?: UserId | undefined;
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
  readonly outcome?: Outcome;
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
  /** Whether its last device went by saying goodbye; false while one is reachable. */
  readonly hasLeft: boolean;
  /** The number of its last move, by which one knows whether it has moved since; 0 for a user never seen. */
  readonly move: number;
}

/**
 * A device of a user came or went. The number is that of the step that did it: no other move of this user
 * has the same, and a later one need not have a higher.
 */
export type Move = Pick<UserPresence, 'user' | 'move'>;

/** Some of those who moved, each with its last move. */
export interface Moves {
  /** By number, and by user where that is the same. */
  readonly moves: readonly Move[];
  /** Whatever is committed after this was read has this number or a higher one. */
  readonly horizon: number;
}

/** Everything durable. Faults of the world are thrown as StoreFault; a lost race is a value. */
export interface Store
  extends AuditStore, LeaseStore, OutboxStore, PastCallStore, PastDeviceStore, RtmStore {
  /**
   * Another number when what was read before may not be true any more, though its version says so: another server of
   * the database may stand in for one that lost its last steps. Absent: that cannot be.
   */
  readonly era?: number;
  /**
   * What is asked in one tick is read together and costs little more than one of it: those whom nobody waits for
   * do well to ask at once. Absent: each reading costs as much as it does alone.
   */
  readonly gathersReadings?: boolean;
  /** One moment's truth about a scope. */
  load(scope: Scope): Promise<Snapshot>;
  /** Resolves when the step is durable, or has lost a race; steps that arrive together are committed together. */
  commit(step: Step): Promise<Committed>;

  /** One call, over or not. */
  call(id: CallId): Promise<Call | undefined>;
  /** Ids of open calls whose deadline has passed, earliest first. */
  dueCalls(now: number, limit: number): Promise<readonly CallId[]>;
  /** Of those, such as are claimed by nobody, earliest first; a claim is over too with the next step of its call. */
  claimDueCalls(claim: DueClaim): Promise<readonly CallId[]>;
  /** The log of one call, in order of version. */
  log(call: CallId): Promise<readonly LogRow[]>;

  /** Records of a user, newest first. */
  records(query: RecordQuery): Promise<readonly StoredRecord[]>;
  /** How many calls the user has missed after the last that it has seen, MAX_MISSED at most. */
  missedCalls(user: UserId): Promise<number>;
  /** What was reported of these calls, by user id within each call. */
  quality(calls: readonly CallId[]): Promise<readonly CallQuality[]>;
  /** The last cursor of a user's inbox, 0 when it is empty. */
  inboxHead(user: UserId): Promise<number>;
  inboxStanding(user: UserId): Promise<InboxStanding>;
  /** Items after a cursor, in order. */
  inbox(user: UserId, after: number, limit: number): Promise<readonly InboxItem[]>;
  /** Items between the user and a peer, older than a cursor, newest first. */
  history(user: UserId, peer: UserId, before: number, limit: number): Promise<readonly InboxItem[]>;
  /** A user's conversations of which an item is left, newest first. */
  conversations(query: ConversationQuery): Promise<readonly ListedConversation[]>;
  /** Conversations with a higher revision than this, by revision. */
  conversationsSince(
    user: UserId,
    revision: number,
    limit: number,
  ): Promise<readonly Conversation[]>;
  /** Removes the oldest items of all inboxes that were written before that moment, so many at most. */
  removeOlder(before: number, limit: number): Promise<Removed>;
  /** Removes the oldest of those items that inboxes have beyond a number and a device of their owner acknowledged. */
  removeBeyond(portion: RemovalPortion): Promise<Removed>;

  /** Users seen, by user id, after one of them. */
  directory(after: UserId | undefined, limit: number): Promise<readonly DirectoryEntry[]>;
  /** Whether these users can be reached: one for each that is asked for, in that order, at one moment. */
  presence(users: readonly UserId[]): Promise<readonly UserPresence[]>;
  /** Users whose last move comes after that place in their order, so many at most; `user` may be empty. */
  moves(after: Move, limit: number): Promise<Moves>;

  /** Finishes what is under way and releases the store. */
  close(): Promise<void>;
}

/** The store cannot answer: disk full, file locked, server away. */
export class StoreFault extends Error {
  readonly code = 'store-unavailable';
  /** Whether what was asked may be done all the same, or may yet be: only the answer is missing. */
  readonly mayBeDone: boolean;

  constructor(message: string, cause: unknown, mayBeDone = false) {
    super(message, { cause });
    this.name = 'StoreFault';
    this.mayBeDone = mayBeDone;
  }
}
