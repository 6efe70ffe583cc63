import type { Ended } from '@ringline/call';
import type { NewInboxItem } from '../store/store.ts';

/** The record of a call as the message that its parties get as far as they take it, from caller to callee. */
export function messageOfRecord({ record, recordTo }: Ended): NewInboxItem {
  return {
    // One record per call, so the call's id names the message as well: it cannot double.
    id: `record:${record.call}`,
    from: record.caller,
    to: record.callee,
    at: record.endedAt,
    body: { kind: 'record', record },
    ...(recordTo.length < 2 && { owners: recordTo.map((role) => record[role]) }),
  };
}
