import type { Both, Findings } from './measure.ts';
import { median, percentile } from './statistics.ts';
import type { Costs } from './subject.ts';

/** What the design aims at. */
export const AIMS = {
  cpuRatio: 2.5,
  callsRatio: 0.4,
  ringMedianMs: 1,
  idleKilobytesAbove: 4,
} as const;

/** One line of the result. */
export interface Figure {
  readonly name: string;
  /** Absent where a bare relay has nothing of the kind. */
  readonly floor?: number;
  readonly server: number;
  readonly aim?: { readonly text: string; readonly met: boolean };
}

/** The figures of one measurement: medians over its rounds, times over all of its calls. */
export function figuresOf(findings: Findings): readonly Figure[] {
  const { saturated, paced, stepsPerCall, bytesPerConnection } = findings;
  const kilobytes = both(bytesPerConnection, (rounds) => median(rounds) / 1024);
  return [
    cpu(overRounds(saturated, cpuPerCall)),
    calls(overRounds(saturated, ({ calls, ms }) => (calls / ms) * 1000)),
    { name: 'cores busy meanwhile', ...overRounds(saturated, coresBusy) },
    ring(both(paced, (rounds) => percentile(rings(rounds), 0.5))),
    {
      name: 'invite to ring, p99, ms',
      ...both(paced, (rounds) => percentile(rings(rounds), 0.99)),
    },
    { name: 'CPU per call at that rate, µs', ...overRounds(paced, cpuPerCall) },
    memory(kilobytes),
    { name: 'durable steps per call', server: stepsPerCall },
    { name: 'commits per call at saturation', server: overRounds(saturated, commits).server },
    { name: 'commits per call at 100 a second', server: overRounds(paced, commits).server },
  ];
}

function cpu(use: Both<number>): Figure {
  const met = use.server <= AIMS.cpuRatio * use.floor;
  return { name: 'CPU per completed call, µs', ...use, aim: { text: `≤ ${AIMS.cpuRatio} ×`, met } };
}

function calls(use: Both<number>): Figure {
  const met = use.server >= AIMS.callsRatio * use.floor;
  return { name: 'calls a second', ...use, aim: { text: `≥ ${AIMS.callsRatio} ×`, met } };
}

function ring(use: Both<number>): Figure {
  const met = use.server < AIMS.ringMedianMs;
  const aim = { text: `< ${AIMS.ringMedianMs} ms`, met };
  return { name: 'invite to ring at 100 a second, median, ms', ...use, aim };
}

function memory(use: Both<number>): Figure {
  const met = use.server - use.floor <= AIMS.idleKilobytesAbove;
  const aim = { text: `≤ floor + ${AIMS.idleKilobytesAbove}`, met };
  return { name: 'memory per idle connection, KB', ...use, aim };
}

function both<T, R>({ floor, server }: Both<T>, figure: (of: T) => R): Both<R> {
  return { floor: figure(floor), server: figure(server) };
}

function overRounds(rounds: Both<readonly Costs[]>, figure: (of: Costs) => number): Both<number> {
  return both(rounds, (costs) => median(costs.map(figure)));
}

function rings(rounds: readonly Costs[]): number[] {
  return rounds.flatMap((costs) => costs.ringsMs);
}

function cpuPerCall({ cpuMicros, calls }: Costs): number {
  return cpuMicros / calls;
}

function coresBusy({ cpuMicros, ms }: Costs): number {
  return cpuMicros / (ms * 1000);
}

function commits(costs: Costs): number {
  return costs.commits / costs.calls;
}
