import { foldRecord } from '@ringline/call';
import type { AuditedCall } from '../store/audit.ts';
import { differences } from './differences.ts';

/** A call that is over has one record, the one into which its log folds, and lists find it by what it says. */
export function flawsOfRecord({ log, records, messages }: AuditedCall): readonly string[] {
  const folded = foldRecord(log.map(({ after }) => after));
  if (!folded) {
    return records.length + messages.length === 0 ? [] : ['has a record, and is not over'];
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
