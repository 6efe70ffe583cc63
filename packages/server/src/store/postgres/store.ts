import type { Actor, Call, Invitation } from '@ringline/call';
import type { CallId, Conversation, InboxItem, InvitationId, UserId } from '@ringline/protocol';
import type { Audit } from '../audit.ts';
import type { DueClaim, Duty, Orphan } from '../leases.ts';
import type { PastDone, PastPortion } from '../past-calls.ts';
import type { LostDone, LostPortion } from '../past-devices.ts';
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
import type { ChannelMembers } from '../rtm.ts';
import type {
  CallQuality,
  Committed,
  ConversationQuery,
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
import { PostgresAudit } from './audit.ts';
import { PostgresCalls } from './calls.ts';
import { PostgresConversations } from './conversations.ts';
import { PostgresDevices } from './devices.ts';
import { Eras } from './eras.ts';
import { GroupCommit } from './group-commit.ts';
import { PostgresInboxes } from './inbox.ts';
import { Lanes } from './lanes.ts';
import { PostgresLeases } from './leases.ts';
import { GroupLoad } from './load.ts';
import { PostgresOutbox } from './outbox.ts';
import { PostgresPastCalls } from './past-calls.ts';
import { PostgresPastDevices } from './past-devices.ts';
import { PostgresRecords } from './records.ts';
import { PostgresRemoval } from './removal.ts';
import { PostgresRtm } from './rtm.ts';
import { migrate } from './schema.ts';

/** Connections for steps: while one waits for the disk, the next batch is on its way. */
const COMMIT_LANES = 3;
/**
 * What others lock when they write is free again after some milliseconds. It is longer than the second after which
 * PostgreSQL looks for those who wait in a circle, and much shorter than what devices wait for an answer.
 */
const COMMIT_LOCK_TIMEOUT_MS = 2_000;
/**
 * What keeps a node alive has a connection of its own, and waits for nothing else: a lease lasts ten seconds, and
 * is renewed in less also after a connection that hung.
 */
const LEASE_STATEMENT_TIMEOUT_MS = 2_000;
/** For everything else. */
const READ_LANES = 3;

/** Opens the store in a database, brought to its newest shape; throws StoreFault when it cannot. */
export async function openPostgresStore(url: string): Promise<PostgresStore> {
  await migrate(url);
  return new PostgresStore(url);
}

/** A store in a PostgreSQL database, which any number of nodes share. */
export class PostgresStore implements Store {
  readonly gathersReadings = true;
  readonly #commits: GroupCommit;
  readonly #commitLanes: Lanes;
  readonly #lanes: Lanes;
  readonly #loads: GroupLoad;
  readonly #calls: PostgresCalls;
  readonly #records: PostgresRecords;
  readonly #inboxes: PostgresInboxes;
  readonly #conversations: PostgresConversations;
  readonly #devices: PostgresDevices;
  readonly #leaseLanes: Lanes;
  readonly #leases: PostgresLeases;
  readonly #rtm: PostgresRtm;
  readonly #outbox: PostgresOutbox;
  readonly #past: PostgresPastCalls;
  readonly #pastDevices: PostgresPastDevices;
  readonly #removal: PostgresRemoval;
  readonly #url: string;
  readonly #eras = new Eras();

  constructor(url: string) {
    const eras = this.#eras;
    const begin = () => eras.begin();
    // One connection that finds its server demoted tells all: those that only read would not find out.
    const leave = () => this.#allLanes.forEach((lanes) => lanes.leave());
    const ours = { url, findsByIndex: true, demoted: leave };
    const own = { ...ours, connected: begin, broken: begin };
    const writing = { ...own, lockTimeoutMs: COMMIT_LOCK_TIMEOUT_MS };
    this.#commitLanes = new Lanes(COMMIT_LANES, writing);
    const lanes = new Lanes(READ_LANES, own);
    this.#lanes = lanes;
    this.#leaseLanes = new Lanes(1, { ...ours, statementTimeoutMs: LEASE_STATEMENT_TIMEOUT_MS });
    this.#leases = new PostgresLeases(this.#leaseLanes);
    this.#commits = new GroupCommit(this.#commitLanes, eras);
    this.#loads = new GroupLoad(lanes, eras);
    this.#calls = new PostgresCalls(lanes);
    this.#records = new PostgresRecords(lanes);
    this.#inboxes = new PostgresInboxes(lanes);
    this.#conversations = new PostgresConversations(lanes, this.#inboxes);
    this.#devices = new PostgresDevices(lanes, eras);
    this.#rtm = new PostgresRtm(lanes);
    this.#outbox = new PostgresOutbox(lanes);
    this.#past = new PostgresPastCalls(lanes);
    this.#pastDevices = new PostgresPastDevices(lanes);
    this.#removal = new PostgresRemoval(lanes);
    this.#url = url;
  }

  get era(): number {
    return this.#eras.count;
  }

  load(scope: Scope): Promise<Snapshot> {
    return this.#loads.load(scope);
  }

  commit(step: Step): Promise<Committed> {
    return this.#commits.commit(step);
  }

  call(id: CallId): Promise<Call | undefined> {
    return this.#calls.call(id);
  }

  dueCalls(now: number, limit: number): Promise<readonly CallId[]> {
    return this.#calls.due(now, limit);
  }

  claimDueCalls(claim: DueClaim): Promise<readonly CallId[]> {
    return this.#calls.claimDue(claim);
  }

  log(call: CallId): Promise<readonly LogRow[]> {
    return this.#calls.log(call);
  }

  records(query: RecordQuery): Promise<readonly StoredRecord[]> {
    return this.#records.find(query);
  }

  missedCalls(user: UserId): Promise<number> {
    return this.#records.missed(user);
  }

  quality(calls: readonly CallId[]): Promise<readonly CallQuality[]> {
    return this.#records.quality(calls);
  }

  async inboxHead(user: UserId): Promise<number> {
    return (await this.#inboxes.standing(user)).head;
  }

  inboxStanding(user: UserId): Promise<InboxStanding> {
    return this.#inboxes.standing(user);
  }

  inbox(user: UserId, after: number, limit: number): Promise<readonly InboxItem[]> {
    return this.#inboxes.after(user, after, limit);
  }

  history(
    user: UserId,
    peer: UserId,
    before: number,
    limit: number,
  ): Promise<readonly InboxItem[]> {
    return this.#inboxes.history(user, peer, before, limit);
  }

  conversations(query: ConversationQuery): Promise<readonly ListedConversation[]> {
    return this.#conversations.find(query);
  }

  conversationsSince(
    user: UserId,
    revision: number,
    limit: number,
  ): Promise<readonly Conversation[]> {
    return this.#conversations.since(user, revision, limit);
  }

  removeOlder(before: number, limit: number): Promise<Removed> {
    return this.#removal.older(before, limit);
  }

  removeBeyond(portion: RemovalPortion): Promise<Removed> {
    return this.#removal.beyond(portion);
  }

  directory(after: UserId | undefined, limit: number): Promise<readonly DirectoryEntry[]> {
    return this.#devices.directory(after, limit);
  }

  presence(users: readonly UserId[]): Promise<readonly UserPresence[]> {
    return this.#devices.presence(users);
  }

  moves(after: Move, limit: number): Promise<Moves> {
    return this.#devices.moves(after, limit);
  }

  now(): Promise<number> {
    return this.#leases.now();
  }

  renewLease(incarnation: string, until: number): Promise<boolean> {
    return this.#leases.renewLease(incarnation, until);
  }

  hasLease(now: number): Promise<boolean> {
    return this.#leases.hasLease(now);
  }

  declareDead(now: number): Promise<void> {
    return this.#leases.declareDead(now);
  }

  takeDuty(duty: Duty, incarnation: string, now: number): Promise<boolean> {
    return this.#leases.takeDuty(duty, incarnation, now);
  }

  orphans(limit: number): Promise<readonly Orphan[]> {
    return this.#devices.orphans(limit);
  }

  endOtherLeases(incarnation: string, now: number): Promise<void> {
    return this.#leases.endOtherLeases(incarnation, now);
  }

  endpoints(): Promise<readonly Endpoint[]> {
    return this.#outbox.endpoints();
  }

  addEndpoint(endpoint: Endpoint, most: number): Promise<boolean> {
    return this.#outbox.addEndpoint(endpoint, most);
  }

  changeEndpoint(endpoint: Endpoint): Promise<boolean> {
    return this.#outbox.changeEndpoint(endpoint);
  }

  removeEndpoint(id: string): Promise<void> {
    return this.#outbox.removeEndpoint(id);
  }

  noteEndpoints(known: readonly string[], now: number): Promise<readonly MissedEndpoint[]> {
    return this.#outbox.noteEndpoints(known, now);
  }

  forgetDeliveries(endpoint: string, limit: number): Promise<number> {
    return this.#outbox.forgetDeliveries(endpoint, limit);
  }

  claimDeliveries(claim: Claim): Promise<readonly DueDelivery[]> {
    return this.#outbox.claimDeliveries(claim);
  }

  settleDeliveries(settled: readonly Settled[], now: number): Promise<readonly number[]> {
    return this.#outbox.settleDeliveries(settled, now);
  }

  releaseDeliveries(now: number): Promise<void> {
    return this.#outbox.releaseDeliveries(now);
  }

  nextDelivery(endpoints: readonly string[]): Promise<number | undefined> {
    return this.#outbox.nextDelivery(endpoints);
  }

  oldestWaiting(endpoints: readonly string[]): Promise<number | undefined> {
    return this.#outbox.oldestWaiting(endpoints);
  }

  deliveries(query: DeliveryQuery): Promise<readonly StoredDelivery[]> {
    return this.#outbox.deliveries(query);
  }

  event(id: string): Promise<StoredEvent | undefined> {
    return this.#outbox.event(id);
  }

  resend(query: ResendQuery & OutboxPortion, now: number): Promise<PortionDone> {
    return this.#outbox.resend(query, now);
  }

  forgetEvents(before: number, portion: OutboxPortion): Promise<PortionDone> {
    return this.#outbox.forgetEvents(before, portion);
  }

  shortenLogs(before: number, limit: number): Promise<number> {
    return this.#past.shortenLogs(before, limit);
  }

  forgetCalls(before: number, portion: PastPortion): Promise<PastDone> {
    return this.#past.forget(before, portion);
  }

  forgetDevices(before: number, portion: LostPortion): Promise<LostDone> {
    return this.#pastDevices.forget(before, portion);
  }

  audit(): Promise<Audit> {
    return PostgresAudit.begin(this.#url);
  }

  invitations(ids: readonly InvitationId[]): Promise<readonly Invitation[]> {
    return this.#rtm.invitations(ids);
  }

  openInvitations(user: UserId, limit: number): Promise<readonly Invitation[]> {
    return this.#rtm.openInvitations(user, limit);
  }

  claimDueInvitations(claim: DueClaim): Promise<readonly InvitationId[]> {
    return this.#rtm.claimDue(claim);
  }

  forgetEmptyChannels(before: number, limit: number): Promise<number> {
    return this.#rtm.forgetEmptyChannels(before, limit);
  }

  forgetInvitations(before: number, limit: number): Promise<number> {
    return this.#rtm.forget(before, limit);
  }

  dueLogins(now: number, limit: number): Promise<readonly Actor[]> {
    return this.#rtm.dueLogins(now, limit);
  }

  claimDueLogins(claim: DueClaim): Promise<readonly Actor[]> {
    return this.#rtm.claimDueLogins(claim);
  }

  members(channels: readonly string[], limit: number): Promise<readonly ChannelMembers[]> {
    return this.#rtm.members(channels, limit);
  }

  countMembers(channels: readonly string[]): Promise<readonly number[]> {
    return this.#rtm.countMembers(channels);
  }

  async close(): Promise<void> {
    await this.#commits.finish();
    await Promise.all(this.#allLanes.map((lanes) => lanes.close()));
  }

  get #allLanes(): readonly Lanes[] {
    return [this.#commitLanes, this.#lanes, this.#leaseLanes];
  }
}
