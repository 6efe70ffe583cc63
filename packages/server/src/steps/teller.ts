import type { NewEvent } from '../store/outbox.ts';
import type { Snapshot, Step } from '../store/store.ts';

/** A step before it is known what customers' servers are told of it. */
export type Changes = Omit<Step, 'events'>;

/** What customers' servers are told; written in the same transaction as what it tells of. */
export interface Teller {
  /** The events of a step that was planned on this snapshot. */
  eventsOf(before: Snapshot, changes: Changes): readonly NewEvent[];
  /** Some of them are durable now. */
  committed(): void;
}

/** Nobody is told anything. */
export const SILENT_TELLER: Teller = { eventsOf: () => [], committed: () => {} };
