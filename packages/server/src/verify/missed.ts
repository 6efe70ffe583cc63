import { MAX_MISSED, isMissed } from '@ringline/protocol';
import type { AuditedRecord, AuditedUser } from '../store/audit.ts';
import type { Forgotten } from '../store/past-calls.ts';

/** What is wrong with how many calls a user has missed, counted anew from the records that it has not seen. */
export async function flawsOfMissed(
  { user, missed, seen }: AuditedUser,
  { callsTo }: Forgotten,
  unseen: AsyncIterable<AuditedRecord>,
): Promise<readonly string[]> {
  const flaws: string[] = [];
  // What a user has seen last may be forgotten, like all before it.
  const isForgotten = seen?.parties.length === 0 && seen.position <= callsTo;
  if (seen && !isForgotten && !seen.parties.includes(user)) {
    const whose =
      seen.parties.length === 0 ? 'is not there' : `is of ${seen.parties.join(' and ')}`;
    flaws.push(`${user}: has seen what it missed up to record ${seen.position}, which ${whose}`);
  }
  const count = await countOf(unseen);
  if (missed !== count)
    flaws.push(`${user}: has missed ${missed} calls, and counted anew ${count}`);
  return flaws;
}

async function countOf(unseen: AsyncIterable<AuditedRecord>): Promise<number> {
  let count = 0;
  for await (const { record } of unseen) {
    if (isMissed(record)) count++;
    if (count === MAX_MISSED) break;
  }
  return count;
}
