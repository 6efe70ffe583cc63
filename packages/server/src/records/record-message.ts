import type { CallRecord } from '@ringline/protocol';
import type { NewInboxItem } from '../store/store.ts';

/** The record of a call as the message that both parties get, from caller to callee. */
export function messageOfRecord(record: CallRecord): NewInboxItem {
  return {
    // One record per call, so the call's id names the message as well: it cannot double.
    id: `record:${record.call}`,
    from: record.caller,
    to: record.callee,
    at: record.endedAt,
    body: { kind: 'record', record },
  };
}
