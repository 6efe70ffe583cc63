import { startServer } from '../measured.ts';
import { record } from '../recording.ts';
import type { Recording } from '../recording.ts';
import { SETUPS, Setup } from './setup.ts';
import type { ClusterCosts, Programs, SetupName } from './setup.ts';

/** How much is measured of each setup. */
export interface ClusterPlan {
  /** Pairs of devices that make calls: enough that no device meets its rate limit. */
  readonly pairs: number;
  readonly inFlight: number;
  readonly warmUpMs: number;
  /** All setups take turns this often. */
  readonly rounds: number;
  readonly saturationMs: number;
  readonly perSecond: number;
  readonly paceMs: number;
}

export const FULL: ClusterPlan = {
  pairs: 1_000,
  inFlight: 256,
  warmUpMs: 3_000,
  rounds: 5,
  saturationMs: 3_000,
  perSecond: 100,
  paceMs: 3_000,
};

export const QUICK: ClusterPlan = {
  ...FULL,
  warmUpMs: 2_000,
  rounds: 2,
  saturationMs: 1_500,
  paceMs: 1_500,
};

/** The runs of one setup. */
export interface SetupRuns {
  readonly saturated: ClusterCosts[];
  readonly paced: ClusterCosts[];
}
export type ClusterFindings = Readonly<Record<SetupName, SetupRuns>>;

/** Measures all setups in turns, so that whatever else the machine does meets all of them. */
export async function measureCluster(
  plan: ClusterPlan,
  programs: Programs,
  say: (what: string) => void,
): Promise<ClusterFindings> {
  const recording = await recordedCall();
  const setups: Setup[] = [];
  try {
    for (const name of SETUPS) {
      say(`starting ${name} and connecting ${plan.pairs} pairs of devices`);
      const setup = await Setup.start(name, recording, programs);
      setups.push(setup);
      await setup.connectPairs(plan.pairs);
      await setup.callsInFlight(plan.inFlight, plan.warmUpMs);
    }
    return await inTurns(plan, setups, say);
  } finally {
    for (const setup of setups) await setup.stop();
  }
}

/** The call that the floor replays, and whose frames tell when a call is done. */
export async function recordedCall(): Promise<Recording> {
  const server = await startServer();
  try {
    return await record(server.url);
  } finally {
    await server.stop();
  }
}

async function inTurns(
  plan: ClusterPlan,
  setups: readonly Setup[],
  say: (what: string) => void,
): Promise<ClusterFindings> {
  const runs = new Map<SetupName, SetupRuns>(
    setups.map(({ name }) => [name, { saturated: [], paced: [] }]),
  );
  for (let round = 1; round <= plan.rounds; round++) {
    say(`round ${round} of ${plan.rounds}`);
    for (const setup of setups) {
      const { saturated, paced } = runs.get(setup.name) ?? { saturated: [], paced: [] };
      saturated.push(await setup.callsInFlight(plan.inFlight, plan.saturationMs));
      paced.push(await setup.callsAtRate(plan.perSecond, plan.paceMs));
    }
  }
  return Object.fromEntries(runs) as unknown as ClusterFindings;
}
