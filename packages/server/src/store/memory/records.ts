import assert from 'node:assert/strict';
import { MAX_MISSED, RECORD_STATUS, isMissed } from '@ringline/protocol';
import type { CallId, CallRecord, UserId } from '@ringline/protocol';
import type { RecordQuery, SeenCalls, StoredRecord } from '../store.ts';
import { freeze } from './freeze.ts';

/** Call records in the order in which they were written; never changed, one per call. */
export class MemoryRecords {
  #records: StoredRecord[] = [];
  #last = 0;
  readonly #recorded = new Set<CallId>();
  readonly #seen = new Map<UserId, number>();

  get all(): readonly StoredRecord[] {
    return this.#records;
  }

  at(position: number): CallRecord | undefined {
    return this.#records.find((stored) => stored.position === position)?.record;
  }

  /** Those who have seen what they missed. */
  get seers(): readonly UserId[] {
    return [...this.#seen.keys()];
  }

  /** Up to which record; undefined for none. */
  seenBy(user: UserId): number | undefined {
    return this.#seen.get(user);
  }

  find(query: RecordQuery): readonly StoredRecord[] {
    return this.#records
      .filter((stored) => isWanted(stored, query))
      .toReversed()
      .slice(0, query.limit);
  }

  missed(user: UserId): number {
    const seen = this.#seen.get(user) ?? 0;
    const missed = this.#records.filter(
      ({ position, record }) => record.callee === user && isMissed(record) && position > seen,
    );
    return Math.min(missed.length, MAX_MISSED);
  }

  see({ user, call }: SeenCalls): void {
    const found = this.#records.find(({ record }) => record.call === call);
    this.#seen.set(user, Math.max(found?.position ?? 0, this.#seen.get(user) ?? 0));
  }

  /** Throws before anything is written when the step is a defect. */
  check(records: readonly CallRecord[]): void {
    for (const { call } of records) assert(!this.#recorded.has(call), 'a call has two records');
  }

  write(record: CallRecord): void {
    this.#recorded.add(record.call);
    this.#last++;
    this.#records.push(freeze({ position: this.#last, record }));
  }

  /** Its position is given to no other. */
  remove(call: CallId): void {
    this.#recorded.delete(call);
    this.#records = this.#records.filter(({ record }) => record.call !== call);
  }
}

function isWanted({ position, record }: StoredRecord, query: RecordQuery): boolean {
  const { user, peer, from = -Infinity, to = Infinity, before = Infinity } = query;
  const { caller, callee, endedAt } = record;
  if (position >= before || endedAt < from || endedAt >= to) return false;
  if (!isOfOutcome(record, query)) return false;
  if (caller === user) return peer === undefined || callee === peer;
  return callee === user && (peer === undefined || caller === peer);
}

function isOfOutcome(record: CallRecord, { user, outcome }: RecordQuery): boolean {
  if (outcome === undefined) return true;
  if (outcome === 'missed') return record.callee === user && isMissed(record);
  return record.status === RECORD_STATUS[outcome];
}
