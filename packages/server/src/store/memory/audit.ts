import { deadlineOf, invitationDeadlineOf, isOpen } from '@ringline/call';
import type { Call, Invitation } from '@ringline/call';
import type { CallId, CallRecord, UserId } from '@ringline/protocol';
import type {
  Audit,
  AuditedCall,
  AuditedConversation,
  AuditedEvent,
  AuditedInvitation,
  AuditedItem,
  AuditedMessageEvent,
  AuditedRecord,
  AuditedStanding,
  AuditedUser,
  ConversationItem,
  ConversationKey,
  InboxPlace,
  Strays,
} from '../audit.ts';
import type { StoredEvent } from '../outbox.ts';
import { keyOfInvitation, subjectOf } from '../outbox.ts';
import type { Forgotten } from '../past-calls.ts';
import type { StoredInboxItem, StoredRecord } from '../store.ts';
import { AuditedMessages } from './audited-messages.ts';
import type { MemoryCalls } from './calls.ts';
import { compareIds } from '../compare-ids.ts';
import { told } from './conversations.ts';
import type { MemoryInboxes } from './inbox.ts';
import type { MemoryOutbox } from './outbox.ts';
import type { MemoryPastCalls } from './past-calls.ts';
import type { MemoryRecords } from './records.ts';
import type { MemoryRtm } from './rtm.ts';

/** Where everything lies. */
export interface AuditedParts {
  readonly calls: MemoryCalls;
  readonly inboxes: MemoryInboxes;
  readonly outbox: MemoryOutbox;
  readonly past: MemoryPastCalls;
  readonly records: MemoryRecords;
  readonly rtm: MemoryRtm;
}

/** Reads everything; what it looks up by another name than the store does is put in order once. */
export class MemoryAudit implements Audit {
  readonly #parts: AuditedParts;
  readonly #calls: readonly Call[];
  readonly #users: readonly UserId[];
  readonly #records: ReadonlyMap<CallId, readonly StoredRecord[]>;
  readonly #recordsTo: ReadonlyMap<UserId, readonly StoredRecord[]>;
  readonly #events: ReadonlyMap<string, readonly StoredEvent[]>;
  readonly #conversations: readonly ConversationKey[];
  readonly #messages: AuditedMessages;
  readonly #invitations: readonly Invitation[];

  constructor(parts: AuditedParts) {
    const { calls, inboxes, outbox, past, records, rtm } = parts;
    this.#parts = parts;
    this.#calls = calls.all;
    const users = new Set([...calls.users, ...inboxes.users, ...records.seers]);
    this.#users = [...users].toSorted(compareIds);
    this.#records = Map.groupBy(records.all, ({ record }) => record.call);
    this.#recordsTo = Map.groupBy(records.all, ({ record }) => record.callee);
    this.#events = Map.groupBy(outbox.events, ({ key }) => key);
    this.#conversations = inboxes.all
      .flatMap(({ owner, conversations }) =>
        [...conversations.keys()].map((peer) => ({ owner, peer })),
      )
      .toSorted(compareKeys);
    this.#messages = new AuditedMessages(inboxes, past.forgotten.callsBefore);
    this.#invitations = rtm.all;
  }

  async calls(after: number, limit: number): Promise<readonly AuditedCall[]> {
    return this.#calls.slice(after, after + limit).map((call, i) => ({
      n: after + i + 1,
      id: call.id,
      roomId: call.roomId,
      version: call.version,
      isOpen: isOpen(call),
      deadline: deadlineOf(call),
      log: this.#parts.calls.log(call.id),
      records: (this.#records.get(call.id) ?? []).map(auditedRecord),
      messages: this.#messages.withId(`record:${call.id}`),
      events: (this.#events.get(call.id) ?? []).map(auditedEvent),
    }));
  }

  async users(after: UserId | undefined, limit: number): Promise<readonly AuditedUser[]> {
    const from = firstAfter(this.#users, after, compareIds);
    return this.#users.slice(from, from + limit).map((user) => this.#userOf(user));
  }

  #userOf(user: UserId): AuditedUser {
    const { calls, inboxes, records } = this.#parts;
    const { entries, head, acknowledged } = inboxes.of(user);
    const [first, last] = [entries[0]?.item.cursor ?? 0, entries.at(-1)?.item.cursor ?? 0];
    const position = records.seenBy(user);
    return {
      user,
      line: calls.line(user).calls.map((call) => ({ call, parties: partiesOf(calls.call(call)) })),
      inbox: {
        head,
        first: inboxes.standing(user).first,
        acknowledged,
        items: { count: entries.length, first, last },
      },
      missed: records.missed(user),
      seen:
        position === undefined
          ? null
          : { position, parties: partiesOfRecord(records.at(position)) },
    };
  }

  async standing(user: UserId): Promise<AuditedStanding> {
    const { calls, inboxes } = this.#parts;
    const oldestAt = inboxes.of(user).entries[0]?.item.at ?? null;
    return { line: calls.line(user).calls, first: inboxes.standing(user).first, oldestAt };
  }

  async recordsTo(user: UserId, after: number, limit: number): Promise<readonly AuditedRecord[]> {
    const records = this.#recordsTo.get(user) ?? [];
    const from = firstAfter(records, after, ({ position }, place) => position - place);
    return records.slice(from, from + limit).map(auditedRecord);
  }

  async items(after: InboxPlace | undefined, limit: number): Promise<readonly AuditedItem[]> {
    return this.#messages.items(after, limit);
  }

  async conversations(
    after: ConversationKey | undefined,
    limit: number,
  ): Promise<readonly AuditedConversation[]> {
    const from = firstAfter(this.#conversations, after, compareKeys);
    return this.#conversations.slice(from, from + limit).flatMap(({ owner, peer }) => {
      const { inboxes } = this.#parts;
      const inbox = inboxes.of(owner);
      const row = inbox.conversations.get(peer);
      if (!row) return [];
      const theirs = inboxes.of(peer);
      return [
        {
          owner,
          peer,
          last: row.last,
          told: told(inbox, peer, row),
          inbox: {
            head: inbox.head,
            first: inboxes.standing(owner).first,
            revision: inbox.revision,
          },
          peerAcknowledged: theirs.acknowledged,
          peerFirst: inboxes.standing(peer).first,
          peerRead: theirs.conversations.get(owner)?.read ?? 0,
        },
      ];
    });
  }

  async itemsOf(
    { owner, peer }: ConversationKey,
    after: number,
    limit: number,
  ): Promise<readonly ConversationItem[]> {
    const entries = this.#messages.between(owner, peer);
    const from = firstAfter(entries, after, ({ item }, cursor) => item.cursor - cursor);
    return entries.slice(from, from + limit).map(({ item, theirs }) => ({
      n: item.cursor,
      cursor: item.cursor,
      isOwn: item.from === owner,
      theirs,
    }));
  }

  async messageEvents(after: number, limit: number): Promise<readonly AuditedMessageEvent[]> {
    const events = this.#parts.outbox.events.filter(({ type }) => subjectOf(type) === 'message');
    const from = firstAfter(events, after, ({ n }, place) => n - place);
    return events.slice(from, from + limit).map(({ n, key, data }) => {
      const [found] = 'id' in data ? this.#messages.withId(String(data.id)) : [];
      return { n, key, data, message: found ? withoutCursor(found) : null };
    });
  }

  async invitations(after: number, limit: number): Promise<readonly AuditedInvitation[]> {
    return this.#invitations.slice(after, after + limit).map((invitation, i) => ({
      n: after + i + 1,
      invitation,
      listed: invitation,
      deadline: invitationDeadlineOf(invitation),
      events: (this.#events.get(keyOfInvitation(invitation.id)) ?? []).map(auditedEvent),
    }));
  }

  async forgotten(): Promise<Forgotten> {
    return this.#parts.past.forgotten;
  }

  async strays(limit: number): Promise<Strays> {
    const { calls, outbox, records } = this.#parts;
    const isCall = (id: CallId) => calls.call(id) !== undefined;
    const strays: Strays = {
      records: records.all.map(({ record }) => record.call).filter((call) => !isCall(call)),
      recordMessages: this.#messages.recordsOf.filter((call) => !this.#records.has(call)),
      // Here a message is nothing but what lies in inboxes.
      messages: [],
      doubled: this.#messages.doubled,
      events: outbox.events
        .filter(({ type, key }) => subjectOf(type) === 'call' && !isCall(key))
        .map(({ id, key }) => ({ id, call: key })),
      deliveries: outbox.withoutEvent(),
      stuck: outbox.stuck(),
    };
    return cut(strays, limit);
  }

  async close(): Promise<void> {}
}

function cut(strays: Strays, limit: number): Strays {
  const { records, recordMessages, messages, doubled, events, deliveries, stuck } = strays;
  return {
    records: records.slice(0, limit),
    recordMessages: recordMessages.slice(0, limit),
    messages: messages.slice(0, limit),
    doubled: doubled.slice(0, limit),
    events: events.slice(0, limit),
    deliveries: deliveries.slice(0, limit),
    stuck: stuck.slice(0, limit),
  };
}

/** In a sorted list the place of the first item behind this one. */
function firstAfter<Item, Key>(
  sorted: readonly Item[],
  after: Key | undefined,
  compare: (item: Item, key: Key) => number,
): number {
  if (after === undefined) return 0;
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    const item = sorted[middle];
    if (item !== undefined && compare(item, after) <= 0) low = middle + 1;
    else high = middle;
  }
  return low;
}

function compareKeys(one: ConversationKey, other: ConversationKey): number {
  return compareIds(one.owner, other.owner) || compareIds(one.peer, other.peer);
}

function partiesOf(call: Call | undefined): readonly UserId[] {
  return call && isOpen(call) ? [call.caller.user, call.callee.user] : [];
}

function partiesOfRecord(record: CallRecord | undefined): readonly UserId[] {
  return record ? [record.caller, record.callee] : [];
}

function auditedRecord({ position, record }: StoredRecord): AuditedRecord {
  const { caller, callee, endedAt, status } = record;
  return { position, record, listed: { caller, callee, endedAt, status } };
}

function auditedEvent({ type, at, data }: StoredEvent): AuditedEvent {
  return { sequence: 'sequence' in data ? Number(data.sequence) : 0, type, at, data };
}

function withoutCursor({ item }: StoredInboxItem): AuditedMessageEvent['message'] {
  const { cursor: _, ...message } = item;
  return message;
}
