import { isOpen } from '@ringline/call';
import type { CallId, UserId } from '@ringline/protocol';
import type { AuditedCall, AuditedUser } from '../audit.ts';
import type { MemoryCalls } from './calls.ts';
import { compareIds } from './compare-ids.ts';
import type { MemoryInboxes } from './inbox.ts';
import type { MemoryOutbox } from './outbox.ts';
import type { MemoryRecords } from './records.ts';

/** Where everything lies. */
export interface AuditedParts {
  readonly calls: MemoryCalls;
  readonly inboxes: MemoryInboxes;
  readonly outbox: MemoryOutbox;
  readonly records: MemoryRecords;
}

/** Calls after a place, in order. */
export function auditCalls(
  { calls, inboxes, outbox, records }: AuditedParts,
  after: number,
  limit: number,
): readonly AuditedCall[] {
  return calls.all.slice(after, after + limit).map((call, i) => ({
    n: after + i + 1,
    id: call.id,
    version: call.version,
    isOpen: isOpen(call),
    log: calls.log(call.id),
    records: records.all.filter((record) => record.call === call.id),
    messages: inboxes.withId(`record:${call.id}`),
    events: outbox.sequencesOf(call.id),
  }));
}

/** Users who have a line or an inbox, by id. */
export function auditUsers(
  { calls, inboxes }: AuditedParts,
  after: UserId | undefined,
  limit: number,
): readonly AuditedUser[] {
  const users = new Set([...calls.users, ...inboxes.users]);
  return [...users]
    .filter((user) => after === undefined || compareIds(user, after) > 0)
    .toSorted(compareIds)
    .slice(0, limit)
    .map((user) => ({ user, line: calls.line(user).calls, inbox: inboxes.audited(user) }));
}

/** Calls that have a record and nothing else. */
export function strayRecords({ calls, records }: AuditedParts, limit: number): readonly CallId[] {
  return records.all
    .map(({ call }) => call)
    .filter((call) => calls.call(call) === undefined)
    .slice(0, limit);
}
