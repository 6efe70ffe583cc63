import type { Clock, Timer } from '../clock.ts';
import type { Store } from '../store/store.ts';

/**
 * Heartbeats that come within this are carried out together, where the store reads in one statement what is asked
 * at once. It is the most by which one is answered later, and no person waits for that answer; and it is enough for
 * some forty at a node of 20,000 connections, and for four at one that has a hundred heartbeats a second.
 */
export const HEARTBEAT_ROUND_MS = 30;

/** Lets heartbeats wait for each other: the first that comes opens a round, and no other puts it off. */
export class HeartbeatRounds {
  readonly #clock: Clock;
  readonly #isWorthIt: boolean;
  #next: Promise<void> | undefined;
  #timer: Timer | undefined;

  constructor(clock: Clock, { gathersReadings = false }: Pick<Store, 'gathersReadings'>) {
    this.#clock = clock;
    this.#isWorthIt = gathersReadings;
  }

  /** Resolves when the round that is open begins, for all who wait for it at once; undefined where nothing is gained by waiting. */
  next(): Promise<void> | undefined {
    return this.#isWorthIt ? (this.#next ??= this.#open()) : undefined;
  }

  /** No round begins any more: all connections are closed. */
  stop(): void {
    this.#timer?.cancel();
  }

  #open(): Promise<void> {
    return new Promise((resolve) => {
      this.#timer = this.#clock.after(HEARTBEAT_ROUND_MS, () => {
        this.#next = undefined;
        resolve();
      });
    });
  }
}
