import type { Call, Invitation } from '@ringline/call';
import type { CallRecord, Conversation, EventType, UserId } from '@ringline/protocol';
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
  NamedCall,
  StrayDelivery,
  Strays,
} from '../audit.ts';
import { keyOfInvitation } from '../outbox.ts';
import { forgottenOf } from '../past-calls.ts';
import type { Forgotten, ForgottenRow } from '../past-calls.ts';
import type { LogRow } from '../store.ts';
import { BEGIN, END, auditStatements } from './audit-statements.ts';
import { conversationOf } from './conversations.ts';
import { named } from './driver.ts';
import type { Database, Statement } from './driver.ts';
import { pairOf } from './inbox.ts';
import type { MessageRow } from './message-row.ts';
import { itemOf } from './message-row.ts';

interface CallRow {
  readonly n: number;
  readonly id: string;
  readonly room_id: number;
  readonly version: number;
  readonly open: number;
  readonly deadline: number | null;
}

interface LogLine {
  readonly version: number;
  readonly at: number;
  readonly cause: string;
  readonly after: string;
}

interface RecordRow {
  readonly position: number;
  readonly caller: UserId;
  readonly callee: UserId;
  readonly ended_at: number;
  readonly status: CallRecord['status'];
  readonly body: string;
}

interface EventRow {
  readonly sequence: number;
  readonly type: EventType;
  readonly at: number;
  readonly data: string;
}

interface InboxRow {
  readonly head: number;
  readonly first: number;
  readonly acknowledged: number;
}

interface ExtentRow {
  readonly count: number;
  readonly first: number | null;
  readonly last: number | null;
}

/** Of the message all are null when it is gone. */
interface ItemRow extends InboxPlace {
  readonly n: number | null;
  readonly id: string;
  readonly sender: UserId;
  readonly recipient: UserId;
  readonly sender_cursor: number;
  readonly recipient_cursor: number;
  readonly user_a: UserId;
  readonly user_b: UserId;
  readonly other_message: number | null;
  readonly other_first: number | null;
  readonly last: number | null;
}

interface ConversationRow extends Conversation {
  readonly owner: UserId;
  readonly last: number;
  readonly head: number | null;
  readonly first: number | null;
  readonly newest: number | null;
  readonly peer_acknowledged: number;
  readonly peer_first: number;
  readonly peer_has_read: number;
}

interface MessageEventRow extends Omit<MessageRow, 'id' | 'cursor'> {
  readonly n: number;
  readonly key: string;
  readonly data: string;
  readonly id: string | null;
}

interface InvitationRow {
  readonly n: number;
  readonly caller: UserId;
  readonly callee: UserId;
  readonly deadline: number | null;
  readonly body: string;
}

/** Reads everything, a page at a time. */
export class SqliteAudit implements Audit {
  readonly #database: Database;
  readonly #missed: (user: UserId) => number;
  readonly #statements: ReturnType<typeof auditStatements>;

  /** `missed` is what a user is told. */
  constructor(database: Database, missed: (user: UserId) => number) {
    this.#database = database;
    this.#missed = missed;
    database.exec(BEGIN);
    this.#statements = auditStatements(database);
  }

  calls(after: number, limit: number): Promise<readonly AuditedCall[]> {
    return answer(() => rows<CallRow>(this.#statements.calls, after, limit).map(this.#callOf));
  }

  readonly #callOf = ({ n, id, room_id: roomId, version, open, deadline }: CallRow) => ({
    n,
    id,
    roomId,
    version,
    isOpen: open === 1,
    deadline,
    log: rows<LogLine>(this.#statements.log, n).map((line) => logRow(id, line)),
    records: rows<RecordRow>(this.#statements.records, id).map(recordOf),
    messages: rows<MessageRow & { owner: UserId }>(this.#statements.messages, `record:${id}`).map(
      ({ owner, ...row }) => ({ owner, item: itemOf(row) }),
    ),
    events: rows<EventRow>(this.#statements.events, id).map(eventOf),
  });

  users(after: UserId | undefined, limit: number): Promise<readonly AuditedUser[]> {
    return answer(() => {
      const users = rows<{ user: UserId }>(this.#statements.users, after ?? '', limit);
      return users.map(({ user }) => this.#userOf(user));
    });
  }

  #userOf(user: UserId): AuditedUser {
    const { inbox, extent, seen } = this.#statements;
    const { head, first, acknowledged } = (inbox.get(user) as InboxRow | undefined) ?? NO_INBOX;
    const { count, first: from, last } = extent.get(user) as ExtentRow;
    const mark = seen.get(user) as { position: number; body: string | null } | undefined;
    return {
      user,
      line: this.#lineOf(user).map((call) => this.#namedCall(call)),
      inbox: { head, first, acknowledged, items: { count, first: from ?? 0, last: last ?? 0 } },
      missed: this.#missed(user),
      seen: mark ? { position: mark.position, parties: partiesOfRecord(mark.body) } : null,
    };
  }

  #lineOf(user: UserId): readonly string[] {
    const row = this.#statements.line.get(user) as { calls: string } | undefined;
    return row ? (JSON.parse(row.calls) as string[]) : [];
  }

  #namedCall(call: string): NamedCall {
    const row = this.#statements.openCall.get(call) as { after: string } | undefined;
    if (!row) return { call, parties: [] };
    const { caller, callee } = JSON.parse(row.after) as Call;
    return { call, parties: [caller.user, callee.user] };
  }

  standing(user: UserId): Promise<AuditedStanding> {
    return answer(() => {
      const { inbox, oldest } = this.#statements;
      const { first } = (inbox.get(user) as InboxRow | undefined) ?? NO_INBOX;
      const row = oldest.get(user) as { at: number } | undefined;
      return { line: this.#lineOf(user), first, oldestAt: row?.at ?? null };
    });
  }

  recordsTo(user: UserId, after: number, limit: number): Promise<readonly AuditedRecord[]> {
    return answer(() =>
      rows<RecordRow>(this.#statements.recordsTo, user, after, limit).map(recordOf),
    );
  }

  items(after: InboxPlace | undefined, limit: number): Promise<readonly AuditedItem[]> {
    const { owner, cursor } = after ?? { owner: '', cursor: 0 };
    return answer(() =>
      rows<ItemRow>(this.#statements.items, owner, cursor, limit).map(auditedItem),
    );
  }

  conversations(
    after: ConversationKey | undefined,
    limit: number,
  ): Promise<readonly AuditedConversation[]> {
    const { owner, peer } = after ?? { owner: '', peer: '' };
    return answer(() =>
      rows<ConversationRow>(this.#statements.conversations, owner, peer, limit).map(
        auditedConversation,
      ),
    );
  }

  itemsOf(
    { owner, peer }: ConversationKey,
    after: number,
    limit: number,
  ): Promise<readonly ConversationItem[]> {
    const pair = pairOf(owner, peer);
    return answer(() =>
      rows<Omit<ConversationItem, 'isOwn'> & { own: number }>(
        this.#statements.itemsOf,
        owner,
        ...pair,
        after,
        limit,
      ).map(({ own, ...item }) => ({ ...item, isOwn: own === 1 })),
    );
  }

  messageEvents(after: number, limit: number): Promise<readonly AuditedMessageEvent[]> {
    return answer(() =>
      rows<MessageEventRow>(this.#statements.messageEvents, after, limit).map(messageEventOf),
    );
  }

  invitations(after: number, limit: number): Promise<readonly AuditedInvitation[]> {
    return answer(() =>
      rows<InvitationRow>(this.#statements.invitations, after, limit).map(this.#invitationOf),
    );
  }

  readonly #invitationOf = ({ n, caller, callee, deadline, body }: InvitationRow) => {
    const invitation = JSON.parse(body) as Invitation;
    const events = rows<EventRow>(this.#statements.events, keyOfInvitation(invitation.id));
    return { n, invitation, listed: { caller, callee }, deadline, events: events.map(eventOf) };
  };

  forgotten(): Promise<Forgotten> {
    return answer(() => forgottenOf(rows<ForgottenRow>(this.#statements.forgotten)));
  }

  strays(limit: number): Promise<Strays> {
    const statements = this.#statements;
    const callsOf = (statement: Statement) =>
      rows<{ call: string }>(statement, limit).map(({ call }) => call);
    return answer(() => ({
      records: callsOf(statements.strayRecords),
      recordMessages: callsOf(statements.strayRecordMessages),
      messages: rows<{ id: string }>(statements.strayMessages, limit).map(({ id }) => id),
      doubled: rows<Strays['doubled'][number]>(statements.doubled, limit),
      events: rows<Strays['events'][number]>(statements.strayEvents, limit),
      deliveries: rows<Strays['deliveries'][number]>(statements.strayDeliveries, limit),
      stuck: rows<StrayDelivery>(statements.stuck, limit),
    }));
  }

  close(): Promise<void> {
    return answer(() => this.#database.exec(END));
  }
}

const NO_INBOX: InboxRow = { head: 0, first: 1, acknowledged: 0 };

/** What a statement finds, as plain objects. */
function rows<Row extends object>(statement: Statement, ...given: (string | number)[]): Row[] {
  return (statement.all(...given) as Row[]).map((row) => ({ ...row }));
}

async function answer<T>(work: () => T): Promise<T> {
  try {
    return work();
  } catch (error) {
    throw named(error);
  }
}

function logRow(call: string, { version, at, cause, after }: LogLine): LogRow {
  return {
    call,
    version,
    at,
    cause: JSON.parse(cause) as LogRow['cause'],
    after: JSON.parse(after) as LogRow['after'],
  };
}

function recordOf(row: RecordRow): AuditedRecord {
  const { position, caller, callee, ended_at: endedAt, status, body } = row;
  const record = JSON.parse(body) as CallRecord;
  return { position, record, listed: { caller, callee, endedAt, status } };
}

function partiesOfRecord(body: string | null): readonly UserId[] {
  if (body === null) return [];
  const { caller, callee } = JSON.parse(body) as CallRecord;
  return [caller, callee];
}

function eventOf({ data, ...event }: EventRow): AuditedEvent {
  return { ...event, data: JSON.parse(data) as object };
}

function auditedItem({ owner, cursor, last: conversationEnd, ...row }: ItemRow): AuditedItem {
  const { n, id, sender: from, recipient: to } = row;
  if (n === null) return { owner, cursor, message: null, other: null, conversationEnd };
  const { sender_cursor: fromCursor, recipient_cursor: toCursor } = row;
  const [one, two] = pairOf(from, to);
  const isListed = row.user_a === one && row.user_b === two;
  const other =
    owner === from ? { owner: to, cursor: toCursor } : { owner: from, cursor: fromCursor };
  const there = { first: row.other_first ?? 1, message: row.other_message };
  return {
    owner,
    cursor,
    message: { n, id, from, to, fromCursor, toCursor, isListed },
    other: other.cursor === 0 ? null : { ...other, ...there },
    conversationEnd,
  };
}

function auditedConversation(row: ConversationRow): AuditedConversation {
  const { owner, peer, last, head, first, newest } = row;
  return {
    owner,
    peer,
    last,
    told: conversationOf(row),
    inbox: { head: head ?? 0, first: first ?? 1, revision: newest ?? 0 },
    peerAcknowledged: row.peer_acknowledged,
    peerFirst: row.peer_first,
    peerRead: row.peer_has_read,
  };
}

function messageEventOf({ n, key, data, id, ...row }: MessageEventRow): AuditedMessageEvent {
  const event = { n, key, data: JSON.parse(data) as object };
  if (id === null) return { ...event, message: null };
  const { cursor: _, ...message } = itemOf({ ...row, id, cursor: 0 });
  return { ...event, message };
}
