/** A started timer. */
export interface Timer {
  cancel(): void;
}

/** What a machine tells of time. */
export interface MachineTime {
  /** Epoch milliseconds; a person or NTP may set it forward or back. */
  wall(): number;
  /** Milliseconds since some moment; never set, but it may stand still while the machine sleeps. */
  steady(): number;
}

/** Time, passed in so that tests can hold it. */
export interface Clock {
  /** Epoch milliseconds. */
  now(): number;
  /** Runs once after so many milliseconds. */
  after(ms: number, run: () => void): Timer;
}

/** The clock of a machine, and what it is made of. */
export interface MachineClock extends Clock, MachineTime {}
