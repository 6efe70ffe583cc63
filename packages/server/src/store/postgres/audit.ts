import type { Call, Invitation } from '@ringline/call';
import type { CallRecord, Conversation, EventType, InboxItem, UserId } from '@ringline/protocol';
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
  Strays,
} from '../audit.ts';
import { keyOfInvitation } from '../outbox.ts';
import { forgottenOf } from '../past-calls.ts';
import type { Forgotten, ForgottenRow } from '../past-calls.ts';
import type { LogRow } from '../store.ts';
import * as statements from './audit-statements.ts';
import { conversationOf } from './conversations.ts';
import { Client } from './driver.ts';
import type { Statement, Value } from './driver.ts';
import type { MessageRow } from './message-row.ts';
import { itemOf } from './message-row.ts';
import { given, held } from './text.ts';

/** Of what a row is: the number or the id of a call, or of a message. */
interface Part<Of = string> {
  readonly of: Of;
}

interface CallRow {
  readonly n: number;
  readonly id: string;
  readonly room_id: number;
  readonly version: number;
  readonly open: boolean;
  readonly deadline: number | null;
}

interface LogLine extends Part<number> {
  readonly version: number;
  readonly at: number;
  readonly cause: string;
  readonly after: string;
}

interface RecordRow {
  readonly position: number;
  readonly caller: string;
  readonly callee: string;
  readonly ended_at: number;
  readonly status: CallRecord['status'];
  readonly body: string;
}

interface EventRow extends Part {
  readonly sequence: number;
  readonly type: EventType;
  readonly at: number;
  readonly data: string;
}

interface UserRow {
  readonly user: string;
  readonly line: readonly string[];
  readonly head: number;
  readonly first: number;
  readonly acknowledged: number;
  readonly count: number;
  readonly first_item: number;
  readonly last_item: number;
  readonly position: number | null;
  readonly body: string | null;
  readonly missed: number;
}

interface StandingRow {
  readonly line: readonly string[];
  readonly first: number;
  readonly oldest_at: number | null;
}

interface MessageEventRow {
  readonly n: number;
  readonly key: string;
  readonly data: string;
}

/** Of the message all are null when it is gone. */
interface ItemRow extends InboxPlace {
  readonly n: number | null;
  readonly id: string;
  readonly sender: string;
  readonly recipient: string;
  readonly sender_cursor: number;
  readonly recipient_cursor: number;
  readonly user_a: string;
  readonly user_b: string;
  readonly other_message: number | null;
  readonly other_first: number | null;
  readonly last: number | null;
}

interface InvitationRow {
  readonly n: number;
  readonly caller: string;
  readonly callee: string;
  readonly deadline: number | null;
  readonly body: string;
}

interface ConversationRow extends Conversation {
  readonly owner: string;
  readonly last: number;
  readonly head: number | null;
  readonly first: number | null;
  readonly newest: number | null;
  readonly peer_acknowledged: number;
  readonly peer_first: number;
  readonly peer_has_read: number;
}

/** Reads everything as it was at one moment, a page at a time, on a connection of its own; servers may run meanwhile. */
export class PostgresAudit implements Audit {
  readonly #client: Client;

  private constructor(client: Client) {
    this.#client = client;
  }

  /** Fixes the moment; throws StoreFault when it cannot. */
  static async begin(url: string): Promise<PostgresAudit> {
    const client = await Client.connect({ url, statementTimeoutMs: 0, findsByIndex: true });
    try {
      await client.exec(statements.BEGIN);
      return new PostgresAudit(client);
    } catch (error) {
      await client.close();
      throw error;
    }
  }

  async calls(after: number, limit: number): Promise<readonly AuditedCall[]> {
    const rows = await this.#rows<CallRow>(statements.CALLS, [after, limit]);
    const [numbers, ids] = [rows.map(({ n }) => n), rows.map(({ id }) => id)];
    const messageIds = ids.map((id) => `record:${id}`);
    const log = await this.#parts<LogLine, number>(statements.LOG, numbers);
    const records = await this.#parts<RecordRow & Part, string>(statements.RECORDS, ids);
    const messages = await this.#parts<MessageOf, string>(statements.MESSAGES, messageIds);
    const events = await this.#parts<EventRow, string>(statements.EVENTS, ids);
    return rows.map((row) => ({
      n: row.n,
      id: given(row.id),
      roomId: row.room_id,
      version: row.version,
      isOpen: row.open,
      deadline: row.deadline,
      log: (log.get(row.n) ?? []).map((line) => logRow(given(row.id), line)),
      records: (records.get(row.id) ?? []).map(recordOf),
      messages: (messages.get(`record:${row.id}`) ?? []).map(messageOf),
      events: (events.get(row.id) ?? []).map(eventOf),
    }));
  }

  async users(after: UserId | undefined, limit: number): Promise<readonly AuditedUser[]> {
    const from = after === undefined ? '' : held(after);
    const users = await this.#rows<{ user: string }>(statements.USERS, [from, limit]);
    const rows = await this.#rows<UserRow>(statements.USER, [users.map(({ user }) => user)]);
    const named = await this.#openCalls([...new Set(rows.flatMap(({ line }) => line))]);
    return rows.map((row) => userOf(row, named));
  }

  /** The parties of those that are open. */
  async #openCalls(ids: readonly string[]): Promise<ReadonlyMap<string, readonly UserId[]>> {
    const rows = await this.#rows<{ id: string; after: string }>(statements.OPEN_CALLS, [ids]);
    return new Map(
      rows.map(({ id, after }) => {
        const { caller, callee } = JSON.parse(after) as Call;
        return [id, [caller.user, callee.user]];
      }),
    );
  }

  async standing(user: UserId): Promise<AuditedStanding> {
    const [row] = await this.#rows<StandingRow>(statements.STANDING, [held(user)]);
    const { line = [], first = 1, oldest_at: oldestAt = null } = row ?? {};
    return { line: line.map(given), first, oldestAt };
  }

  async recordsTo(user: UserId, after: number, limit: number): Promise<readonly AuditedRecord[]> {
    const values = [held(user), after, limit];
    return (await this.#rows<RecordRow>(statements.RECORDS_TO, values)).map(recordOf);
  }

  async items(after: InboxPlace | undefined, limit: number): Promise<readonly AuditedItem[]> {
    const { owner, cursor } = after ?? { owner: '', cursor: 0 };
    const values = [held(owner), cursor, limit];
    return (await this.#rows<ItemRow>(statements.ITEMS, values)).map(auditedItem);
  }

  async conversations(
    after: ConversationKey | undefined,
    limit: number,
  ): Promise<readonly AuditedConversation[]> {
    const { owner, peer } = after ?? { owner: '', peer: '' };
    const values = [held(owner), held(peer), limit];
    const rows = await this.#rows<ConversationRow>(statements.CONVERSATIONS, values);
    return rows.map(auditedConversation);
  }

  itemsOf(
    { owner, peer }: ConversationKey,
    after: number,
    limit: number,
  ): Promise<readonly ConversationItem[]> {
    return this.#rows(statements.ITEMS_OF, [held(owner), held(peer), after, limit]);
  }

  /** Data is read here and not by the server, whose JSON functions cannot read every string that we write. */
  async messageEvents(after: number, limit: number): Promise<readonly AuditedMessageEvent[]> {
    const rows = await this.#rows<MessageEventRow>(statements.MESSAGE_EVENTS, [after, limit]);
    const events = rows.map(({ n, key, data }) => {
      return { n, key: given(key), data: JSON.parse(data) as { id?: unknown } };
    });
    const ids = events.flatMap(({ data: { id } }) => (typeof id === 'string' ? [held(id)] : []));
    const found = await this.#rows<Omit<MessageRow, 'cursor'>>(statements.MESSAGES_BY_ID, [ids]);
    const messages = new Map<unknown, Omit<InboxItem, 'cursor'>>(
      found.map((row) => {
        const { cursor: _, ...message } = itemOf({ ...row, cursor: 0 });
        return [message.id, message] as const;
      }),
    );
    return events.map((event) => ({ ...event, message: messages.get(event.data.id) ?? null }));
  }

  async invitations(after: number, limit: number): Promise<readonly AuditedInvitation[]> {
    const rows = await this.#rows<InvitationRow>(statements.INVITATIONS, [after, limit]);
    const found = rows.map(({ body, ...row }) => {
      const invitation = JSON.parse(body) as Invitation;
      return { ...row, invitation, key: held(keyOfInvitation(invitation.id)) };
    });
    const keys = found.map(({ key }) => key);
    const events = await this.#parts<EventRow, string>(statements.EVENTS, keys);
    return found.map(({ n, invitation, caller, callee, deadline, key }) => ({
      n,
      invitation,
      listed: { caller: given(caller), callee: given(callee) },
      deadline,
      events: (events.get(key) ?? []).map(eventOf),
    }));
  }

  async forgotten(): Promise<Forgotten> {
    return forgottenOf(await this.#rows<ForgottenRow>(statements.FORGOTTEN, []));
  }

  async strays(limit: number): Promise<Strays> {
    const callsOf = async (statement: Statement) =>
      (await this.#rows<{ call: string }>(statement, [limit])).map(({ call }) => given(call));
    const idsOf = async <Row extends { readonly id: string }>(statement: Statement) =>
      (await this.#rows<Row>(statement, [limit])).map((row) => ({ ...row, id: given(row.id) }));
    type Doubled = Strays['doubled'][number];
    type Event = Strays['events'][number];
    return {
      records: await callsOf(statements.STRAY_RECORDS),
      recordMessages: await callsOf(statements.STRAY_RECORD_MESSAGES),
      messages: (await idsOf(statements.STRAY_MESSAGES)).map(({ id }) => id),
      doubled: await idsOf<Doubled>(statements.DOUBLED),
      events: (await idsOf<Event>(statements.STRAY_EVENTS)).map((event) => {
        return { ...event, call: given(event.call) };
      }),
      deliveries: await this.#deliveries(statements.STRAY_DELIVERIES, limit),
      stuck: await this.#deliveries(statements.STUCK, limit),
    };
  }

  async #deliveries(statement: Statement, limit: number): Promise<Strays['deliveries']> {
    const rows = await this.#rows<Strays['deliveries'][number]>(statement, [limit]);
    return rows.map((row) => {
      return { ...row, endpoint: given(row.endpoint), lane: given(row.lane) };
    });
  }

  async close(): Promise<void> {
    await this.#client.exec(statements.END).catch(() => undefined);
    await this.#client.close();
  }

  #rows<Row>(statement: Statement, values: readonly Value[]): Promise<readonly Row[]> {
    return this.#client.rows<Row>(statement, values);
  }

  /** The rows of each of these, in order. */
  async #parts<Row extends Part<Of>, Of extends string | number>(
    statement: Statement,
    of: readonly Of[],
  ): Promise<ReadonlyMap<Of, readonly Row[]>> {
    const parts = new Map<Of, Row[]>();
    for (const row of await this.#rows<Row>(statement, [of])) {
      const found = parts.get(row.of);
      if (found) found.push(row);
      else parts.set(row.of, [row]);
    }
    return parts;
  }
}

type MessageOf = MessageRow & Part & { readonly owner: string };

function messageOf({ owner, ...row }: MessageOf): { owner: UserId; item: InboxItem } {
  return { owner: given(owner), item: itemOf(row) };
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
  const { position, ended_at: endedAt, status, body } = row;
  const record = JSON.parse(body) as CallRecord;
  const [caller, callee] = [given(row.caller), given(row.callee)];
  return { position, record, listed: { caller, callee, endedAt, status } };
}

function eventOf({ sequence, type, at, data }: EventRow): AuditedEvent {
  return { sequence, type, at, data: JSON.parse(data) as object };
}

function userOf(row: UserRow, open: ReadonlyMap<string, readonly UserId[]>): AuditedUser {
  const { head, first, acknowledged, count, first_item, last_item, position, body, missed } = row;
  const line: readonly NamedCall[] = row.line.map((id) => {
    return { call: given(id), parties: open.get(id) ?? [] };
  });
  const items = { count, first: first_item, last: last_item };
  const seen = position === null ? null : { position, parties: partiesOfRecord(body) };
  return {
    user: given(row.user),
    line,
    inbox: { head, first, acknowledged, items },
    missed,
    seen,
  };
}

function partiesOfRecord(body: string | null): readonly UserId[] {
  if (body === null) return [];
  const { caller, callee } = JSON.parse(body) as CallRecord;
  return [caller, callee];
}

function auditedItem(row: ItemRow): AuditedItem {
  const { cursor, last: conversationEnd, n } = row;
  const owner = given(row.owner);
  if (n === null) return { owner, cursor, message: null, other: null, conversationEnd };
  const { sender, recipient, sender_cursor: fromCursor, recipient_cursor: toCursor } = row;
  const [from, to] = [given(sender), given(recipient)];
  const isListed = sameTwo([row.user_a, row.user_b], [sender, recipient]);
  const other =
    owner === from ? { owner: to, cursor: toCursor } : { owner: from, cursor: fromCursor };
  const there = { first: row.other_first ?? 1, message: row.other_message };
  return {
    owner,
    cursor,
    message: { n, id: given(row.id), from, to, fromCursor, toCursor, isListed },
    other: other.cursor === 0 ? null : { ...other, ...there },
    conversationEnd,
  };
}

/** Whether a message is found as one between its two: the smaller comes first, by bytes. */
function sameTwo(pair: readonly string[], two: readonly string[]): boolean {
  const bytes = two.map((id) => Buffer.from(id)).toSorted((one, other) => one.compare(other));
  return bytes.every((id, i) => id.equals(Buffer.from(pair[i] ?? '')));
}

function auditedConversation(row: ConversationRow): AuditedConversation {
  const { owner, peer, last, head, first, newest } = row;
  return {
    owner: given(owner),
    peer: given(peer),
    last,
    told: conversationOf(row),
    inbox: { head: head ?? 0, first: first ?? 1, revision: newest ?? 0 },
    peerAcknowledged: row.peer_acknowledged,
    peerFirst: row.peer_first,
    peerRead: row.peer_has_read,
  };
}
