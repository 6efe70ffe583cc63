import { foldRecord } from '@ringline/call';
import type { Call } from '@ringline/call';
import type { CallRecord } from '@ringline/protocol';
import type { AuditedCall } from '../store/audit.ts';
import type { Forgotten } from '../store/past-calls.ts';
import { differences } from './differences.ts';

/**
 * A call that is over has one record, the one into which its log folds, and lists find it by what it says.
 * Where the log was shortened it is the one that its newest row has. That of a forgotten call with the same id
 * may still be a message.
 */
export function flawsOfRecord(
  { log, records, messages }: AuditedCall,
  isShort: boolean,
  { callsBefore }: Forgotten,
): readonly string[] {
  const states = log.map(({ after }) => after);
  const folded = isShort ? recordIn(states.at(-1)) : foldRecord(states);
  if (!folded) {
    const isTold = messages.some(({ item }) => item.at >= callsBefore);
    return records.length > 0 || isTold ? ['has a record, and is not over'] : [];
  }
  const [kept] = records;
  if (records.length !== 1 || !kept) return [`has ${records.length} records`];
  const { record, listed } = kept;
  const { caller, callee, endedAt, status } = record;
  return [
    ...differences('its record', record, 'its log', folded),
    ...differences('its record in lists', listed, 'the record itself', {
      caller,
      callee,
      endedAt,
      status,
    }),
  ];
}

function recordIn(last: Call | undefined): CallRecord | undefined {
  return last?.state === 'ended' ? last.record : undefined;
}
