/** How much is measured; the whole takes under three minutes, the quick one under forty seconds. */
export interface Plan {
  /** Pairs of devices that make calls: enough that no device meets its rate limit. */
  readonly pairs: number;
  /** Calls under way at once at saturation. */
  readonly inFlight: number;
  readonly warmUpMs: number;
  /** Floor and server take turns this often. */
  readonly rounds: number;
  readonly saturationMs: number;
  readonly perSecond: number;
  readonly paceMs: number;
  /** Silent connections that are measured, after so many that warm the process up. */
  readonly idleConnections: number;
  readonly idleWarmUp: number;
  readonly idleRounds: number;
}

export const FULL: Plan = {
  pairs: 1_000,
  inFlight: 256,
  warmUpMs: 4_000,
  rounds: 5,
  saturationMs: 3_000,
  perSecond: 100,
  paceMs: 3_000,
  idleConnections: 5_000,
  idleWarmUp: 2_000,
  idleRounds: 3,
};

export const QUICK: Plan = {
  ...FULL,
  warmUpMs: 2_000,
  rounds: 3,
  saturationMs: 1_000,
  paceMs: 1_500,
  idleConnections: 2_000,
  idleWarmUp: 1_000,
  idleRounds: 1,
};
