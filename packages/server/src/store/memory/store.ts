import { isOpen, isOpenInvitation } from '@ringline/call';
import type { Actor, Call, Invitation } from '@ringline/call';
import type { CallId, Conversation, InboxItem, InvitationId, UserId } from '@ringline/protocol';
import type { Clock } from '../../clock.ts';
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
import { invitationOfKey } from '../outbox.ts';
import type { DueClaim, Duty, Orphan } from '../leases.ts';
import type { PastDone, PastPortion } from '../past-calls.ts';
import type { LostDone, LostPortion } from '../past-devices.ts';
import { guardsHold, snapshotOf } from '../rows.ts';
import type { Rows } from '../rows.ts';
import type { ChannelMembers } from '../rtm.ts';
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
import { MemoryAudit } from './audit.ts';
import type { AuditedParts } from './audit.ts';
import { MemoryCalls } from './calls.ts';
import { MemoryChannels } from './channels.ts';
import { MemoryConversations } from './conversations.ts';
import { MemoryDevices } from './devices.ts';
import { MemoryInboxes } from './inbox.ts';
import { MemoryOutbox } from './outbox.ts';
import { MemoryPastCalls } from './past-calls.ts';
import { MemoryPastDevices } from './past-devices.ts';
import { MemoryQuality } from './quality.ts';
import { MemoryRecords } from './records.ts';
import { MemoryRemoval } from './removal.ts';
import { MemoryRtm } from './rtm.ts';

/**
 * A store that lasts as long as its process; several nodes may share one. Every request waits
 * for `settle` on its way in and on its way out, so that nodes race as over a network.
 */
export class MemoryStore implements Store {
  readonly #settle: () => Promise<void>;
  readonly #clock: Pick<Clock, 'now'> | undefined;
  readonly #calls = new MemoryCalls();
  readonly #devices = new MemoryDevices();
  readonly #inboxes = new MemoryInboxes();
  readonly #outbox = new MemoryOutbox();
  readonly #conversations = new MemoryConversations(this.#inboxes);
  readonly #removal = new MemoryRemoval(this.#inboxes);
  readonly #quality = new MemoryQuality();
  readonly #records = new MemoryRecords();
  readonly #past = new MemoryPastCalls({
    calls: this.#calls,
    outbox: this.#outbox,
    quality: this.#quality,
    records: this.#records,
  });
  readonly #pastDevices = new MemoryPastDevices(this.#calls, this.#devices);
  readonly #channels = new MemoryChannels();
  readonly #rtm = new MemoryRtm(this.#channels);
  readonly #parts: AuditedParts = {
    calls: this.#calls,
    inboxes: this.#inboxes,
    outbox: this.#outbox,
    past: this.#past,
    records: this.#records,
    rtm: this.#rtm,
  };
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

  /** With a clock it has a time of its own, by which its nodes set theirs. */
  constructor(settle: () => Promise<void> = () => Promise.resolve(), clock?: Pick<Clock, 'now'>) {
    this.#settle = settle;
    this.#clock = clock;
  }

  load(scope: Scope): Promise<Snapshot> {
    return this.#answer(() => snapshotOf(scope, this.#rows));
  }

  commit(step: Step): Promise<Committed> {
    return this.#answer(() => this.#write(step));
  }

  call(id: CallId): Promise<Call | undefined> {
    return this.#answer(() => this.#calls.call(id));
  }

  dueCalls(now: number, limit: number): Promise<readonly CallId[]> {
    return this.#answer(() => this.#calls.due(now, limit));
  }

  claimDueCalls(claim: DueClaim): Promise<readonly CallId[]> {
    return this.#answer(() => this.#calls.claimDue(claim));
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
    return this.#answer(() => this.#inboxes.standing(user).head);
  }

  inboxStanding(user: UserId): Promise<InboxStanding> {
    return this.#answer(() => this.#inboxes.standing(user));
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

  now(): Promise<number | undefined> {
    return this.#answer(() => this.#clock?.now());
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
    return this.#answer(() => this.#outbox.addEndpoint(endpoint, most));
  }

  changeEndpoint(endpoint: Endpoint): Promise<boolean> {
    return this.#answer(() => this.#outbox.changeEndpoint(endpoint));
  }

  removeEndpoint(id: string): Promise<void> {
    return this.#answer(() => this.#outbox.removeEndpoint(id));
  }

  noteEndpoints(known: readonly string[], now: number): Promise<readonly MissedEndpoint[]> {
    return this.#answer(() => this.#outbox.noteEndpoints(known, now));
  }

  forgetDeliveries(endpoint: string, limit: number): Promise<number> {
    return this.#answer(() => this.#outbox.forgetDeliveries(endpoint, limit));
  }

  claimDeliveries(claim: Claim): Promise<readonly DueDelivery[]> {
    return this.#answer(() => this.#outbox.claim(claim));
  }

  settleDeliveries(settled: readonly Settled[], now: number): Promise<readonly number[]> {
    return this.#answer(() => this.#outbox.settle(settled, now));
  }

  releaseDeliveries(now: number): Promise<void> {
    return this.#answer(() => this.#outbox.release(now));
  }

  nextDelivery(endpoints: readonly string[]): Promise<number | undefined> {
    return this.#answer(() => this.#outbox.next(endpoints));
  }

  oldestWaiting(endpoints: readonly string[]): Promise<number | undefined> {
    return this.#answer(() => this.#outbox.oldestWaiting(endpoints));
  }

  deliveries(query: DeliveryQuery): Promise<readonly StoredDelivery[]> {
    return this.#answer(() => this.#outbox.deliveries(query));
  }

  event(id: string): Promise<StoredEvent | undefined> {
    return this.#answer(() => this.#outbox.event(id));
  }

  resend(query: ResendQuery & OutboxPortion, now: number): Promise<PortionDone> {
    return this.#answer(() => this.#outbox.resend(query, now));
  }

  forgetEvents(before: number, portion: OutboxPortion): Promise<PortionDone> {
    return this.#answer(() =>
      this.#outbox.forgetEvents(before, portion, (key) => this.#isOpen(key)),
    );
  }

  shortenLogs(before: number, limit: number): Promise<number> {
    return this.#answer(() => this.#past.shortenLogs(before, limit));
  }

  forgetCalls(before: number, portion: PastPortion): Promise<PastDone> {
    return this.#answer(() => this.#past.forget(before, portion));
  }

  forgetDevices(before: number, portion: LostPortion): Promise<LostDone> {
    return this.#answer(() => this.#pastDevices.forget(before, portion));
  }

  audit(): Promise<Audit> {
    return this.#answer(() => new MemoryAudit(this.#parts));
  }

  invitations(ids: readonly InvitationId[]): Promise<readonly Invitation[]> {
    return this.#answer(() => ids.flatMap((id) => this.#rtm.invitation(id) ?? []));
  }

  openInvitations(user: UserId, limit: number): Promise<readonly Invitation[]> {
    return this.#answer(() => this.#rtm.openInvitations(user, limit));
  }

  claimDueInvitations(claim: DueClaim): Promise<readonly InvitationId[]> {
    return this.#answer(() => this.#rtm.claimDue(claim));
  }

  forgetInvitations(before: number, limit: number): Promise<number> {
    return this.#answer(() => this.#rtm.forget(before, limit));
  }

  forgetEmptyChannels(before: number, limit: number): Promise<number> {
    return this.#answer(() => this.#channels.forgetEmpty(before, limit));
  }

  dueLogins(now: number, limit: number): Promise<readonly Actor[]> {
    return this.#answer(() => this.#rtm.dueLogins(now, limit));
  }

  claimDueLogins(claim: DueClaim): Promise<readonly Actor[]> {
    return this.#answer(() => this.#rtm.claimDueLogins(claim));
  }

  members(channels: readonly string[], limit: number): Promise<readonly ChannelMembers[]> {
    return this.#answer(() => channels.map((each) => this.#channels.members(each, limit)));
  }

  countMembers(channels: readonly string[]): Promise<readonly number[]> {
    return this.#answer(() => channels.map((channel) => this.#channels.count(channel)));
  }

  close(): Promise<void> {
    return this.#settle();
  }

  async #answer<T>(work: () => T): Promise<T> {
    await this.#settle();
    const answer = work();
    await this.#settle();
    return answer;
  }

  #write(step: Step): Committed {
    if (!guardsHold(step, this.#rows)) return { moved: false };
    this.#calls.check(step);
    this.#records.check(step.records);
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

  /** Whether the call or the invitation with this key of events is open. */
  #isOpen(key: string): boolean {
    const id = invitationOfKey(key);
    const invitation = id === undefined ? undefined : this.#rtm.invitation(id);
    if (invitation !== undefined) return isOpenInvitation(invitation);
    const call = this.#calls.call(key);
    return call !== undefined && isOpen(call);
  }

  #writeDevice(device: Device, at: number, revised: Set<UserId>): void {
    this.#devices.write(device, at);
    this.#rtm.writeLogin(device, device.login);
    this.#inboxes.acknowledge(device.user, device.acknowledged, revised);
  }
}
