import { deadlineOf } from '@ringline/call';
import type { Call } from '@ringline/call';
import type { AuditedCall } from '../store/audit.ts';
import type { LogRow } from '../store/store.ts';

/**
 * What is wrong with a call's log, and with what is kept beside it for finding the call. A log that was
 * shortened has its newest row, and no other.
 */
export function flawsOfLog(audited: AuditedCall, last: Call, isShort: boolean): readonly string[] {
  const { version, isOpen, roomId, deadline, log } = audited;
  const flaws = isShort
    ? flawsOfShortLog(audited, last)
    : log.flatMap((row, i) => flawsOfRow(audited, row, log[i - 1]));
  if (last.version !== version) {
    flaws.push(`is at version ${version}, and its log at ${last.version}`);
  }
  if ((last.state !== 'ended') !== isOpen) {
    flaws.push(`is ${isOpen ? 'open' : 'over'}, and its log says ${last.state}`);
  }
  if (last.roomId !== roomId) flaws.push(`has room ${roomId}, and its log ${last.roomId}`);
  const due = deadlineOf(last);
  if (due !== deadline) flaws.push(`is due at ${deadline}, and by its log at ${due}`);
  return flaws;
}

function flawsOfShortLog(audited: AuditedCall, last: Call): string[] {
  const { log, version } = audited;
  const flaws = log.flatMap((row) => flawsOfContent(audited, row));
  if (log.length > 1) flaws.push(`its log was shortened, and has ${log.length} rows`);
  if (last.version === version && last.state !== 'ended') {
    flaws.push('its log was shortened, and it is not over');
  }
  return flaws;
}

function flawsOfRow(audited: AuditedCall, row: LogRow, earlier?: LogRow): string[] {
  const { version, after } = row;
  const before = earlier?.version ?? 0;
  const flaws: string[] = [];
  if (version !== before + 1) flaws.push(`its log goes from ${before} to ${version}`);
  flaws.push(...flawsOfContent(audited, row));
  // By the call's own time: the clocks of two nodes may differ, and the row says when it was written.
  if (earlier && after.changedAt < earlier.after.changedAt) {
    flaws.push(`goes back in time at version ${version}`);
  }
  if (earlier?.after.state === 'ended') flaws.push(`changes after its end, at ${version}`);
  return flaws;
}

function flawsOfContent({ id }: AuditedCall, { version, after }: LogRow): string[] {
  const flaws: string[] = [];
  if (after.id !== id) flaws.push(`its log holds ${after.id}`);
  if (after.version !== version) {
    flaws.push(`version ${version} of its log says that it is ${after.version}`);
  }
  return flaws;
}
