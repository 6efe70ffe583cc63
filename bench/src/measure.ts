import { KINDS, startFloor, startServer, stepsOf } from './measured.ts';
import type { Kind, Measured } from './measured.ts';
import type { Plan } from './plan.ts';
import { record } from './recording.ts';
import type { Recording } from './recording.ts';
import { Subject } from './subject.ts';
import type { Costs } from './subject.ts';

/** One of something for the floor, one for the server. */
export type Both<T> = Readonly<Record<Kind, T>>;

/** All that one measurement saw. */
export interface Findings {
  readonly recording: Recording;
  /** Runs with as many calls under way as the plan says. */
  readonly saturated: Both<readonly Costs[]>;
  /** Runs with as many calls a second as the plan says. */
  readonly paced: Both<readonly Costs[]>;
  readonly stepsPerCall: number;
  readonly bytesPerConnection: Both<readonly number[]>;
}

type Say = (what: string) => void;

/** Measures floor and server in turns, so that whatever else the machine does meets both. */
export async function measure(plan: Plan, say: Say): Promise<Findings> {
  say('recording one call');
  const server = await startServer();
  const recording = await record(server.url);
  const calls = await measureCalls(plan, server, recording, say);
  say(`connecting ${plan.idleConnections} silent devices, ${plan.idleRounds} rounds`);
  const bytesPerConnection = await measureIdle(plan, recording);
  return { recording, ...calls, bytesPerConnection };
}

async function measureCalls(
  plan: Plan,
  server: Measured,
  recording: Recording,
  say: Say,
): Promise<Omit<Findings, 'recording' | 'bytesPerConnection'>> {
  const subjects = {
    floor: await Subject.of(await startFloor(recording), recording),
    server: await Subject.of(server, recording),
  };
  say(`connecting ${plan.pairs} pairs of devices`);
  for (const kind of KINDS) await subjects[kind].connectPairs(plan.pairs);
  for (const kind of KINDS) await subjects[kind].callsInFlight(plan.inFlight, plan.warmUpMs);
  const stepsBefore = await stepsOf(server);
  say(`${plan.inFlight} calls at once, ${plan.rounds} rounds`);
  const saturated = await inTurns(subjects, plan.rounds, (subject) =>
    subject.callsInFlight(plan.inFlight, plan.saturationMs),
  );
  say(`${plan.perSecond} calls a second, ${plan.rounds} rounds`);
  const paced = await inTurns(subjects, plan.rounds, (subject) =>
    subject.callsAtRate(plan.perSecond, plan.paceMs),
  );
  const steps = (await stepsOf(server)) - stepsBefore;
  for (const kind of KINDS) await subjects[kind].stop();
  return {
    saturated,
    paced,
    stepsPerCall: steps / callsIn([...saturated.server, ...paced.server]),
  };
}

async function inTurns(
  subjects: Both<Subject>,
  rounds: number,
  run: (subject: Subject) => Promise<Costs>,
): Promise<Both<readonly Costs[]>> {
  const costs: Both<Costs[]> = { floor: [], server: [] };
  for (let round = 0; round < rounds; round++) {
    for (const kind of KINDS) costs[kind].push(await run(subjects[kind]));
  }
  return costs;
}

function callsIn(costs: readonly Costs[]): number {
  return costs.reduce((sum, { calls }) => sum + calls, 0);
}

/** V8 keeps up to 100 MB free for young objects: that is no connection's, and would hide what is. */
const SMALL_NURSERY = ['--max-semi-space-size=1'];

async function measureIdle(plan: Plan, recording: Recording): Promise<Both<readonly number[]>> {
  const bytes: Both<number[]> = { floor: [], server: [] };
  for (let round = 0; round < plan.idleRounds; round++) {
    const floor = await startFloor(recording, SMALL_NURSERY);
    bytes.floor.push(await idleBytes(floor, recording, plan));
    const server = await startServer(SMALL_NURSERY);
    bytes.server.push(await idleBytes(server, recording, plan));
  }
  return bytes;
}

/** What one more silent connection keeps in memory, of a process that has already seen many. */
async function idleBytes(of: Measured, recording: Recording, plan: Plan): Promise<number> {
  const subject = await Subject.of(of, recording);
  await subject.connectIdle(0, plan.idleWarmUp / 2);
  const before = await subject.residentBytes();
  await subject.connectIdle(plan.idleWarmUp / 2, plan.idleConnections / 2);
  const after = await subject.residentBytes();
  await subject.stop();
  return (after - before) / plan.idleConnections;
}
