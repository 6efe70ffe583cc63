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

/** The clock of a machine. */
export interface MachineClock extends Clock {
  /** Milliseconds since some moment; never set, but it may stand still while the machine sleeps. */
  steady(): number;
}
