/** How the two devices prepare while it rings; the option `preconnect` of the SDK. */
export const MODES = ['off', 'relay', 'direct'] as const;
export type Mode = (typeof MODES)[number];

/** How much is measured. */
export interface Plan {
  /** Calls of each mode on each network; modes take turns, so that whatever else the machine does meets all. */
  readonly repetitions: number;
  /** How long it rings before the accept: long enough for everything that prepares the call. */
  readonly ringMs: number;
}

export const FULL: Plan = { repetitions: 10, ringMs: 2_000 };

export const QUICK: Plan = { repetitions: 2, ringMs: 2_000 };
