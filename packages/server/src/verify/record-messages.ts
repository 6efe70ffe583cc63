import { isDeepStrictEqual } from 'node:util';
import type { Call } from '@ringline/call';
import type { UserId } from '@ringline/protocol';
import { messageOfRecord } from '../records/record-message.ts';
import type { AuditedCall, AuditedStanding } from '../store/audit.ts';
import type { Forgotten } from '../store/past-calls.ts';

/** The clocks of two nodes differ by no more: of two instants of theirs the order is not known within this. */
export const MAX_SKEW_MS = 60_000;

/** Those who take it have the record as a message, once, and nobody else has. */
export async function flawsOfRecordMessages(
  { records, messages }: AuditedCall,
  call: Call,
  { callsBefore }: Forgotten,
  standingOf: (user: UserId) => Promise<AuditedStanding>,
): Promise<readonly string[]> {
  const [kept] = records;
  if (!kept || call.state !== 'ended') return [];
  const { record } = kept;
  const parties = [record.caller, record.callee];
  const { owners = parties, ...message } = messageOfRecord({ ...call, record });
  // Another call may have had this id before, and is forgotten: its record may still lie in inboxes.
  const ofThisCall = messages.filter(
    ({ item }) => item.at === record.endedAt || item.at >= callsBefore,
  );
  const flaws: string[] = [];
  for (const user of parties) {
    const found = ofThisCall.filter(({ owner }) => owner === user);
    const isDue = owners.includes(user);
    if (!isDue && found.length > 0) flaws.push(`its record lies with ${user}, who takes none`);
    if (isDue && found.length > 1) flaws.push(`its record lies ${found.length} times with ${user}`);
    if (isDue && found.length === 0 && !isForgotten(record.endedAt, await standingOf(user))) {
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
function isForgotten(endedAt: number, { first, oldestAt }: AuditedStanding): boolean {
  if (first === 1) return false;
  return oldestAt === null || oldestAt + MAX_SKEW_MS >= endedAt;
}
