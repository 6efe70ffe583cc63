import type { Actor, Call, Invitation } from '@ringline/call';
import type { CallId, Conversation, InboxItem, InvitationId, UserId } from '@ringline/protocol';
import type { DueClaim, Duty, Orphan } from '../leases.ts';
import type { PastDone, PastPortion } from '../past-calls.ts';
import type { LostDone, LostPortion } from '../past-devices.ts';
import { guardsHold, snapshotOf } from '../rows.ts';
import type { Rows } from '../rows.ts';
import type { ChannelMembers } from '../rtm.ts';
import type { Audit } from '../audit.ts';
import type {
  Claim,
  DeliveryQuery,
  DueDelivery,
  Endpoint,
  MissedEndpoint,
  OutboxPortion,
  PortionDone,
  ResendQuery,
  Settled,
  StoredDelivery,
  StoredEvent,
} from '../outbox.ts';
import type {
  CallQuality,
  Committed,
  ConversationQuery,
  Device,
  DirectoryEntry,
  InboxStanding,
  ListedConversation,
  LogRow,
  Move,
  Moves,
  RecordQuery,
  RemovalPortion,
  Removed,
  Scope,
  Snapshot,
  Step,
  Store,
  StoredRecord,
  UserPresence,
} from '../store.ts';
import { SqliteAudit } from './audit.ts';
import { SqliteCalls } from './calls.ts';
import { SqliteChannels } from './channels.ts';
import { SqliteConversations } from './conversations.ts';
import { SqliteDevices } from './devices.ts';
import { named } from './driver.ts';
import type { Database, OpenDatabase } from './driver.ts';
import { GroupCommit } from './group-commit.ts';
import { inTurns } from './in-turns.ts';
import { SqliteInboxes } from './inbox.ts';
import { openSqliteFile } from './open-file.ts';
import { SqliteOutbox } from './outbox.ts';
import { SqlitePastCalls } from './past-calls.ts';
import { SqlitePastDevices } from './past-devices.ts';
import { SqliteQuality } from './quality.ts';
import { SqliteRecords } from './records.ts';
import { SqliteRemoval } from './removal.ts';
import { SqliteRtm } from './rtm.ts';
import { SqliteStandings } from './standings.ts';

/** Opens the store in a file, which then belongs to this process; throws StoreFault when it cannot. */
export function openSqliteStore(file: string, open?: OpenDatabase): SqliteStore {
  return openSqliteFile(file, (database) => new SqliteStore(database), open);
}

/** A store in one SQLite file that this process alone writes. */
export class SqliteStore implements Store {
  readonly #database: Database;
  readonly #calls: SqliteCalls;
  readonly #channels: SqliteChannels;
  readonly #conversations: SqliteConversations;
  readonly #devices: SqliteDevices;
  readonly #inboxes: SqliteInboxes;
  readonly #quality: SqliteQuality;
  readonly #records: SqliteRecords;
  readonly #outbox: SqliteOutbox;
  readonly #past: SqlitePastCalls;
  readonly #pastDevices: SqlitePastDevices;
  readonly #removal: SqliteRemoval;
  readonly #standings: SqliteStandings;
  readonly #rtm: SqliteRtm;
  readonly #transactions: GroupCommit;
  readonly #rows: Rows = {
    call: (id) => this.#calls.call(id),
    line: (user) => this.#calls.line(user),
    device: (of) => this.#devices.device(of),
    reachable: (user) => this.#devices.reachable(user),
    sent: (by) => this.#inboxes.sent(by),
    invitation: (id) => this.#rtm.invitation(id),
    countOpen: (of) => this.#rtm.countOpen(of),
    logins: (user) => this.#rtm.logins(user),
    attributes: (of) => this.#channels.attributes(of),
  };

  constructor(database: Database) {
    this.#database = database;
    this.#calls = new SqliteCalls(database);
    this.#devices = new SqliteDevices(database);
    this.#standings = new SqliteStandings(database);
    this.#conversations = new SqliteConversations(database, this.#standings);
    this.#inboxes = new SqliteInboxes(database, this.#standings, this.#conversations);
    this.#quality = new SqliteQuality(database);
    this.#records = new SqliteRecords(database);
    this.#outbox = new SqliteOutbox(database);
    this.#past = new SqlitePastCalls(database, this.#calls, this.#records);
    this.#pastDevices = new SqlitePastDevices(database, this.#devices);
    this.#channels = new SqliteChannels(database);
    this.#rtm = new SqliteRtm(database, this.#channels);
    const forget = () => this.#forget();
    this.#transactions = new GroupCommit(database, forget);
    this.#removal = new SqliteRemoval(database, this.#standings, this.#conversations, forget);
  }

  load(scope: Scope): Promise<Snapshot> {
    return this.#answer(() => snapshotOf(scope, this.#rows));
  }

  commit(step: Step): Promise<Committed> {
    return this.#transactions.run(() => this.#write(step));
  }

  call(id: CallId): Promise<Call | undefined> {
    return this.#answer(() => this.#calls.call(id));
  }

  dueCalls(now: number, limit: number): Promise<readonly CallId[]> {
    return this.#answer(() => this.#calls.due(now, limit));
  }

  claimDueCalls(claim: DueClaim): Promise<readonly CallId[]> {
    return this.#transactions.run(() => this.#calls.claimDue(claim));
  }

  log(call: CallId): Promise<readonly LogRow[]> {
    return this.#answer(() => this.#calls.log(call));
  }

  records(query: RecordQuery): Promise<readonly StoredRecord[]> {
    return this.#answer(() => this.#records.find(query));
  }

  missedCalls(user: UserId): Promise<number> {
    return this.#answer(() => this.#records.missed(user));
  }

  quality(calls: readonly CallId[]): Promise<readonly CallQuality[]> {
    return this.#answer(() => this.#quality.of(calls));
  }

  inboxHead(user: UserId): Promise<number> {
    return this.#answer(() => this.#standings.of(user).head);
  }

  inboxStanding(user: UserId): Promise<InboxStanding> {
    return this.#answer(() => this.#standings.of(user));
  }

  inbox(user: UserId, after: number, limit: number): Promise<readonly InboxItem[]> {
    return this.#answer(() => this.#inboxes.after(user, after, limit));
  }

  history(
    user: UserId,
    peer: UserId,
    before: number,
    limit: number,
  ): Promise<readonly InboxItem[]> {
    return this.#answer(() => this.#inboxes.history(user, peer, before, limit));
  }

  conversations(query: ConversationQuery): Promise<readonly ListedConversation[]> {
    return this.#answer(() => this.#conversations.find(query));
  }

  conversationsSince(
    user: UserId,
    revision: number,
    limit: number,
  ): Promise<readonly Conversation[]> {
    return this.#answer(() => this.#conversations.since(user, revision, limit));
  }

  removeOlder(before: number, limit: number): Promise<Removed> {
    return this.#answer(() => this.#removal.older(before, limit));
  }

  removeBeyond(portion: RemovalPortion): Promise<Removed> {
    return this.#answer(() => this.#removal.beyond(portion));
  }

  directory(after: UserId | undefined, limit: number): Promise<readonly DirectoryEntry[]> {
    return this.#answer(() => this.#devices.directory(after, limit));
  }

  presence(users: readonly UserId[]): Promise<readonly UserPresence[]> {
    return this.#answer(() => this.#devices.presence(users));
  }

  moves(after: Move, limit: number): Promise<Moves> {
    return this.#answer(() => this.#devices.moves(after, limit));
  }

  now(): Promise<undefined> {
    return Promise.resolve(undefined);
  }

  renewLease(incarnation: string, until: number): Promise<boolean> {
    return this.#answer(() => this.#devices.renewLease(incarnation, until));
  }

  hasLease(now: number): Promise<boolean> {
    return this.#answer(() => this.#devices.hasLease(now));
  }

  declareDead(now: number): Promise<void> {
    return this.#answer(() => this.#devices.declareDead(now));
  }

  orphans(limit: number): Promise<readonly Orphan[]> {
    return this.#answer(() => this.#devices.orphans(limit));
  }

  endOtherLeases(incarnation: string, now: number): Promise<void> {
    return this.#answer(() => this.#devices.endOtherLeases(incarnation, now));
  }

  takeDuty(duty: Duty, incarnation: string, now: number): Promise<boolean> {
    return this.#answer(() => this.#devices.takeDuty(duty, incarnation, now));
  }

  endpoints(): Promise<readonly Endpoint[]> {
    return this.#answer(() => this.#outbox.endpoints());
  }

  addEndpoint(endpoint: Endpoint, most: number): Promise<boolean> {
    return this.#transactions.run(() => this.#outbox.addEndpoint(endpoint, most));
  }

  changeEndpoint(endpoint: Endpoint): Promise<boolean> {
    return this.#transactions.run(() => this.#outbox.changeEndpoint(endpoint));
  }

  removeEndpoint(id: string): Promise<void> {
    return this.#transactions.run(() => this.#outbox.removeEndpoint(id));
  }

  noteEndpoints(known: readonly string[], now: number): Promise<readonly MissedEndpoint[]> {
    return this.#transactions.run(() => this.#outbox.noteEndpoints(known, now));
  }

  forgetDeliveries(endpoint: string, limit: number): Promise<number> {
    return this.#transactions.run(() => this.#outbox.forgetDeliveries(endpoint, limit));
  }

  claimDeliveries(claim: Claim): Promise<readonly DueDelivery[]> {
    return this.#transactions.run(() => this.#outbox.claim(claim));
  }

  settleDeliveries(settled: readonly Settled[], now: number): Promise<readonly number[]> {
    return this.#transactions.run(() => this.#outbox.settle(settled, now));
  }

  releaseDeliveries(now: number): Promise<void> {
    return this.#transactions.run(() => this.#outbox.release(now));
  }

  nextDelivery(endpoints: readonly string[]): Promise<number | undefined> {
    return this.#answer(() => this.#outbox.next(endpoints));
  }

  oldestWaiting(endpoints: readonly string[]): Promise<number | undefined> {
    return this.#answer(() => this.#outbox.oldestWaiting(endpoints));
  }

  deliveries(query: DeliveryQuery): Promise<readonly StoredDelivery[]> {
    return inTurns(this.#outbox.deliveries(query));
  }

  event(id: string): Promise<StoredEvent | undefined> {
    return this.#answer(() => this.#outbox.event(id));
  }

  resend(query: ResendQuery & OutboxPortion, now: number): Promise<PortionDone> {
    return this.#transactions.run(() => this.#outbox.resend(query, now));
  }

  forgetEvents(before: number, portion: OutboxPortion): Promise<PortionDone> {
    return this.#transactions.run(() => this.#outbox.forgetEvents(before, portion));
  }

  shortenLogs(before: number, limit: number): Promise<number> {
    return this.#transactions.run(() => this.#past.shortenLogs(before, limit));
  }

  forgetCalls(before: number, portion: PastPortion): Promise<PastDone> {
    return this.#transactions.run(() => this.#past.forget(before, portion));
  }

  forgetDevices(before: number, portion: LostPortion): Promise<LostDone> {
    return this.#transactions.run(() => this.#pastDevices.forget(before, portion));
  }

  audit(): Promise<Audit> {
    return this.#answer(
      () => new SqliteAudit(this.#database, (user) => this.#records.missed(user)),
    );
  }

  invitations(ids: readonly InvitationId[]): Promise<readonly Invitation[]> {
    return this.#answer(() => ids.flatMap((id) => this.#rtm.invitation(id) ?? []));
  }

  openInvitations(user: UserId, limit: number): Promise<readonly Invitation[]> {
    return this.#answer(() => this.#rtm.openInvitations(user, limit));
  }

  claimDueInvitations(claim: DueClaim): Promise<readonly InvitationId[]> {
    return this.#transactions.run(() => this.#rtm.claimDue(claim));
  }

  forgetInvitations(before: number, limit: number): Promise<number> {
    return this.#transactions.run(() => this.#rtm.forget(before, limit));
  }

  forgetEmptyChannels(before: number, limit: number): Promise<number> {
    return this.#transactions.run(() => this.#channels.forgetEmpty(before, limit));
  }

  dueLogins(now: number, limit: number): Promise<readonly Actor[]> {
    return this.#answer(() => this.#rtm.dueLogins(now, limit));
  }

  claimDueLogins(claim: DueClaim): Promise<readonly Actor[]> {
    return this.#transactions.run(() => this.#rtm.claimDueLogins(claim));
  }

  members(channels: readonly string[], limit: number): Promise<readonly ChannelMembers[]> {
    return this.#answer(() => channels.map((each) => this.#channels.members(each, limit)));
  }

  countMembers(channels: readonly string[]): Promise<readonly number[]> {
    return this.#answer(() => channels.map((channel) => this.#channels.count(channel)));
  }

  close(): Promise<void> {
    return this.#answer(() => {
      this.#transactions.flush();
      this.#database.close();
    });
  }

  async #answer<T>(work: () => T): Promise<T> {
    try {
      return work();
    } catch (error) {
      throw named(error);
    }
  }

  #write(step: Step): Committed {
    if (!guardsHold(step, this.#rows)) return { moved: false };
    this.#calls.write(step);
    const revised = new Set<UserId>();
    for (const device of step.devices) this.#writeDevice(device, step.at, revised);
    for (const record of step.records) this.#records.write(record);
    for (const quality of step.quality) this.#quality.write(quality);
    for (const seen of step.seen) this.#records.see(seen);
    for (const event of step.events) this.#outbox.write(event, step.at);
    const inbox = step.inbox.flatMap((item) => this.#inboxes.write(item, revised));
    for (const read of step.reads) this.#conversations.read(read, revised);
    for (const invitation of step.invitations ?? []) this.#rtm.write(invitation);
    for (const attributes of step.attributes ?? []) this.#channels.write(attributes, step.at);
    return { moved: true, inbox, revised: [...revised] };
  }

  #writeDevice(device: Device, at: number, revised: Set<UserId>): void {
    const before = this.#devices.write(device, at);
    if (device.login !== before.login) this.#rtm.writeLogin(device, before.login);
    if (device.acknowledged > before.acknowledged) {
      this.#inboxes.acknowledge(device.user, device.acknowledged, revised);
    }
  }

  #forget(): void {
    this.#calls.forget();
    this.#devices.forget();
    this.#standings.forget();
    this.#inboxes.forget();
    this.#conversations.forget();
    this.#records.forget();
    this.#rtm.clear();
  }
}
