import assert from 'node:assert/strict';
import type { CallId, CallRecord } from '@ringline/protocol';
import type { RecordQuery, StoredRecord } from '../store.ts';
import { freeze } from './freeze.ts';

/** Call records in the order in which they were written; never changed, one per call. */
export class MemoryRecords {
  readonly #records: StoredRecord[] = [];
  readonly #recorded = new Set<CallId>();

  get all(): readonly CallRecord[] {
    return this.#records.map(({ record }) => record);
  }

  find(query: RecordQuery): readonly StoredRecord[] {
    return this.#records
      .filter((stored) => isWanted(stored, query))
      .toReversed()
      .slice(0, query.limit);
  }

  /** Throws before anything is written when the step is a defect. */
  check(records: readonly CallRecord[]): void {
    for (const { call } of records) assert(!this.#recorded.has(call), 'a call has two records');
  }

  write(record: CallRecord): void {
    this.#recorded.add(record.call);
    this.#records.push(freeze({ position: this.#records.length + 1, record }));
  }
}

function isWanted({ position, record }: StoredRecord, query: RecordQuery): boolean {
  const { user, peer, from = -Infinity, to = Infinity, before = Infinity } = query;
  const { caller, callee, endedAt } = record;
  if (position >= before || endedAt < from || endedAt >= to) return false;
  if (caller === user) return peer === undefined || callee === peer;
  return callee === user && (peer === undefined || caller === peer);
}
