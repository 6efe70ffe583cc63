import type { Capacity } from './model.ts';
import { sumOf } from './work.ts';

/** Invitation and end touch lines of both users; the end their inboxes as well. */
export const STEPS_OF_BOTH = 2;

/** What partitions of the database do to a call. */
export interface Partitioned {
  readonly partitions: number;
  /** Calls whose users live in two partitions. */
  readonly crossing: number;
  /** That write. */
  readonly transactionsPerCall: number;
  readonly coresPerPartition: number;
}

/**
 * Users spread over partitions by a hash. A step that touches both users of a crossing call is committed in two:
 * the call's own partition first, then what it leaves for the other, as an outbox.
 */
export function partitioned(capacity: Capacity, calls: number, partitions: number): Partitioned {
  const { coresFor, writesFor } = capacity.database;
  const crossing = 1 - 1 / partitions;
  const perCall = writesFor.calls / calls;
  const transactionsPerCall = perCall + crossing * STEPS_OF_BOTH;
  const forCalls = coresFor.calls * (transactionsPerCall / perCall);
  const cores = sumOf({ ...coresFor, calls: forCalls });
  return { partitions, crossing, transactionsPerCall, coresPerPartition: cores / partitions };
}
