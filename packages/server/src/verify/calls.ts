import { isDeepStrictEqual } from 'node:util';
import { foldRecord } from '@ringline/call';
import type { Call, Ended } from '@ringline/call';
import type { CallId, CallRecord, UserId } from '@ringline/protocol';
import type { AuditedCall, AuditedInbox } from '../store/audit.ts';
import type { LogRow } from '../store/store.ts';
import { messageOfRecord } from '../records/record-message.ts';

/** The clocks of two nodes differ by no more: of two instants of theirs the order is not known within this. */
export const MAX_SKEW_MS = 60_000;

/** What is known beside the calls. */
export interface Around {
  /** Inboxes of which the beginning is gone, because it was kept long enough. */
  readonly shortened: ReadonlyMap<UserId, AuditedInbox>;
  /** The calls that lines name; those that were met are taken out. */
  readonly lines: Map<UserId, readonly CallId[]>;
}

/** What is wrong with a call, its record and its deliveries, in sentences. */
export function flawsOfCall(audited: AuditedCall, around: Around): readonly string[] {
  const { id } = audited;
  const versions = audited.log.map(({ after }) => after);
  const last = versions.at(-1);
  if (!last) return [`${id}: has no log`];
  return [
    ...flawsOfLog(audited),
    ...flawsOfLines(audited, last, around),
    ...flawsOfRecord(audited, last, foldRecord(versions), around),
    ...flawsOfEvents(audited),
  ].map((flaw) => `${id}: ${flaw}`);
}

function flawsOfLog(audited: AuditedCall): readonly string[] {
  const { version, isOpen, log } = audited;
  const flaws = log.flatMap((row, i) => flawsOfRow(audited, row, log[i - 1]));
  const last = log.at(-1);
  if (last?.version !== version) {
    flaws.push(`is at version ${version}, and its log at ${last?.version}`);
  }
  if ((last?.after.state !== 'ended') !== isOpen) {
    flaws.push(`is ${isOpen ? 'open' : 'over'}, and its log says ${last?.after.state}`);
  }
  return flaws;
}

function flawsOfRow({ id }: AuditedCall, row: LogRow, earlier?: LogRow): readonly string[] {
  const { version, after } = row;
  const before = earlier?.version ?? 0;
  const flaws: string[] = [];
  if (version !== before + 1) flaws.push(`its log goes from ${before} to ${version}`);
  if (after.id !== id) flaws.push(`its log holds ${after.id}`);
  if (after.version !== version) {
    flaws.push(`version ${version} of its log says that it is ${after.version}`);
  }
  // By the call's own time: the clocks of two nodes may differ, and the row says when it was written.
  if (earlier && after.changedAt < earlier.after.changedAt) {
    flaws.push(`goes back in time at version ${version}`);
  }
  if (earlier?.after.state === 'ended') flaws.push(`changes after its end, at ${version}`);
  return flaws;
}

function flawsOfLines({ id, isOpen }: AuditedCall, call: Call, around: Around): readonly string[] {
  const flaws: string[] = [];
  if (!isOpen) return flaws;
  for (const { user } of [call.caller, call.callee]) {
    const named = around.lines.get(user) ?? [];
    if (!named.includes(id)) flaws.push(`is open, and the line of ${user} does not name it`);
    around.lines.set(
      user,
      named.filter((each) => each !== id),
    );
  }
  return flaws;
}

function flawsOfRecord(
  audited: AuditedCall,
  last: Call,
  folded: CallRecord | undefined,
  around: Around,
): readonly string[] {
  const { records, messages } = audited;
  if (!folded || last.state !== 'ended') {
    return records.length + messages.length === 0 ? [] : ['has a record, and is not over'];
  }
  const [record] = records;
  if (records.length !== 1 || !record) return [`has ${records.length} records`];
  const flaws = differences(record, folded);
  return [...flaws, ...flawsOfMessages({ ...last, record }, messages, around)];
}

/** Those who take it have the record as a message, once, and nobody else has. */
function flawsOfMessages(
  call: Ended,
  messages: AuditedCall['messages'],
  { shortened }: Around,
): readonly string[] {
  const { owners = [call.record.caller, call.record.callee], ...message } = messageOfRecord(call);
  const flaws: string[] = [];
  for (const user of [call.record.caller, call.record.callee]) {
    const found = messages.filter(({ owner }) => owner === user);
    const isDue = owners.includes(user);
    if (!isDue && found.length > 0) flaws.push(`its record lies with ${user}, who takes none`);
    if (isDue && found.length > 1) flaws.push(`its record lies ${found.length} times with ${user}`);
    if (isDue && found.length === 0 && !isForgotten(call.record, shortened.get(user))) {
      flaws.push(`its record does not lie in the inbox of ${user}`);
    }
    for (const { item } of found) {
      const { cursor: _, ...rest } = item;
      if (!isDeepStrictEqual(rest, message)) flaws.push(`the message to ${user} is not its record`);
    }
  }
  return flaws;
}

/** Items at the beginning of an inbox that were kept long enough are gone; the record is not. */
function isForgotten({ endedAt }: CallRecord, inbox: AuditedInbox | undefined): boolean {
  if (!inbox) return false;
  return inbox.count === 0 || inbox.firstAt + MAX_SKEW_MS >= endedAt;
}

function differences(record: CallRecord, folded: CallRecord): string[] {
  const names = Object.keys({ ...record, ...folded }) as (keyof CallRecord)[];
  return names.flatMap((name) => {
    const [one, other] = [record[name], folded[name]];
    if (isDeepStrictEqual(one, other)) return [];
    return [`its record has ${name} ${JSON.stringify(one)}, its log ${JSON.stringify(other)}`];
  });
}

function flawsOfEvents({ events }: AuditedCall): readonly string[] {
  // Old ones are forgotten one by one; what is left has its order.
  const rises = events.every((sequence, i) => sequence > (events[i - 1] ?? 0));
  return rises ? [] : [`its events are numbered ${events.join(', ')}`];
}
