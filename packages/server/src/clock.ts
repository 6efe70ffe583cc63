/** A started timer. */
export interface Timer {
  cancel(): void;
}

/** Time, passed in so that tests can hold it. */
export interface Clock {
  /** Epoch milliseconds. */
  now(): number;
  /** Runs once after so many milliseconds. */
  after(ms: number, run: () => void): Timer;
}
