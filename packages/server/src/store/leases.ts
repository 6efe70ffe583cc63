import type { Device } from './store.ts';

/** Work of which one node at a time is enough, whoever it is. */
export const DUTIES = [
  'lose-devices',
  'remove-items',
  'forget-calls',
  'forget-devices',
  'forget-events',
  'forget-rtm',
] as const;
export type Duty = (typeof DUTIES)[number];

/** Each start of a node is a lease: those that ended so long ago and hold no device are forgotten. Any time would do, for who renews one that is forgotten is told. */
export const LEASE_KEPT_MS = 3_600_000;

/** Which passed deadlines are given out, and until when to nobody else. */
export interface DueClaim {
  /** Deadlines up to this moment. */
  readonly before: number;
  readonly now: number;
  readonly until: number;
  readonly limit: number;
}

/** A device whose node is dead, and since when nobody has held it. */
export interface Orphan {
  readonly device: Device;
  readonly lostAt: number;
}

/** Which runs of which nodes are there, and what each has taken upon itself; a part of the store. */
export interface LeaseStore {
  /** The store's own time, epoch milliseconds; undefined of a store that has no clock but its process's. */
  now(): Promise<number | undefined>;
  /** Hold this incarnation's lease until then; whether it goes on, and was not declared dead since it was taken. */
  renewLease(incarnation: string, until: number): Promise<boolean>;
  /** Whether the lease of any incarnation runs. */
  hasLease(now: number): Promise<boolean>;
  /** Every incarnation whose lease has ended is dead, until it holds one again; those without devices are forgotten after LEASE_KEPT_MS. */
  declareDead(now: number): Promise<void>;
  /** Reachable devices whose incarnation is dead, with the end of its lease. */
  orphans(limit: number): Promise<readonly Orphan[]>;
  /** At the start of a process that owns the store alone: every other incarnation's lease is over. */
  endOtherLeases(incarnation: string, now: number): Promise<void>;
  /** Takes a duty that nobody has whose lease runs; whether this incarnation has it now. */
  takeDuty(duty: Duty, incarnation: string, now: number): Promise<boolean>;
}
