import { columns } from '../columns.ts';
import { median, percentile } from '../statistics.ts';
import type { ClusterFindings } from './measure.ts';
import { SETUPS } from './setup.ts';
import type { ClusterCosts, SetupName, UsedPart } from './setup.ts';

/** What the design aims at. */
export const CLUSTER_AIMS = {
  /** With PostgreSQL, a node's own processor time per call against that with SQLite. */
  nodeRatio: 1.5,
  /** What crossing from one node to another adds to the median from invitation to ring. */
  crossingMs: 2,
} as const;

/** A ring within one node that takes longer waits for the machine: differences of a few milliseconds are chance then. */
export const TOO_BUSY_MS = 10;

/** One line of the result: a number for each setup that has one. */
export interface ClusterFigure {
  readonly name: string;
  readonly of: Readonly<Partial<Record<SetupName, number>>>;
  /** Whether it is also told as a multiple of the floor's. */
  readonly hasRatio: boolean;
}

/** The figures of one measurement: medians over rounds, times over all calls. */
export function clusterFiguresOf(findings: ClusterFindings): readonly ClusterFigure[] {
  const saturated = (figure: (costs: ClusterCosts) => number) =>
    each((name) => median(findings[name].saturated.map(figure)));
  const paced = (figure: (costs: ClusterCosts) => number) =>
    each((name) => median(findings[name].paced.map(figure)));
  const ring = (part: number) =>
    each((name) =>
      percentile(
        findings[name].paced.flatMap(({ ringsMs }) => ringsMs),
        part,
      ),
    );
  const local = each((name) =>
    percentile(
      findings[name].paced.flatMap(({ localRingsMs }) => localRingsMs),
      0.5,
    ),
  );
  return [
    of('calls a second', saturated(callsPerSecond)),
    of('CPU per call: nodes, µs', saturated(perCall('nodeMicros'))),
    of('CPU per call: PostgreSQL, µs', saturated(perCall('postgresMicros')), false),
    of('CPU per call: NATS, µs', saturated(perCall('natsMicros')), false),
    of('CPU per call: all, µs', saturated(allMicros)),
    of('invite to ring at 100 a second, median, ms', ring(0.5)),
    of('  within one of the nodes meanwhile, ms', local, false),
    of('invite to ring, p99, ms', ring(0.99)),
    of('CPU per call at that rate: nodes, µs', paced(perCall('nodeMicros'))),
    of('CPU per call at that rate: PostgreSQL, µs', paced(perCall('postgresMicros')), false),
    of('steps per call', saturated(perCall('steps')), false),
    of('steps decided again per call', saturated(perCall('races')), false),
    of('steps decided again at that rate', paced(perCall('races')), false),
    of('transactions in PostgreSQL per call', saturated(perCall('commits')), false),
    of('transactions at 100 a second', paced(perCall('commits')), false),
    of('transactions that write at 100 a second', paced(perCall('writes')), false),
    of('write-ahead log per call, bytes', saturated(perCall('walBytes')), false),
    of('deliveries given to the bus per call', saturated(perCall('busSent')), false),
    of('bytes that NATS reads per call', saturated(perCall('natsBytes')), false),
    of('NATS at that rate, CPU per call, µs', paced(perCall('natsMicros')), false),
    of('write-ahead log at that rate, bytes', paced(perCall('walBytes')), false),
  ];
}

/** What was aimed at, and whether it is met. */
export function verdictsOf(figures: readonly ClusterFigure[]): readonly string[] {
  const node = valuesOf(figures, 'CPU per call: nodes, µs');
  const ring = valuesOf(figures, 'invite to ring at 100 a second, median, ms');
  const within = valuesOf(figures, '  within one of the nodes meanwhile, ms');
  return (['notify', 'nats'] as const).flatMap((bus) => [
    ...(['1', '2'] as const).map((nodes) => {
      const ratio = node(`${bus}-${nodes}`) / node('sqlite');
      return `${bus}-${nodes}: CPU of nodes per call is ${ratio.toFixed(2)} × that with SQLite, aim ≤ ${CLUSTER_AIMS.nodeRatio} ×: ${met(ratio <= CLUSTER_AIMS.nodeRatio)}`;
    }),
    crossingVerdict(bus, ring(`${bus}-2`), within(`${bus}-2`)),
  ]);
}

function crossingVerdict(bus: string, crossingMs: number, withinMs: number): string {
  const added = crossingMs - withinMs;
  const verdict =
    withinMs > TOO_BUSY_MS
      ? 'NOT KNOWN, the machine was too busy for milliseconds to tell'
      : met(added < CLUSTER_AIMS.crossingMs);
  return `${bus}: crossing nodes adds ${added.toFixed(2)} ms, aim < ${CLUSTER_AIMS.crossingMs} ms: ${verdict}`;
}

/** The figures as a table for a terminal; multiples of the floor in a second line. */
export function clusterTable(figures: readonly ClusterFigure[]): string {
  const rows = figures.flatMap(({ name, of: values, hasRatio }) => {
    const line = [name, ...SETUPS.map((setup) => written(values[setup]))];
    if (!hasRatio) return [line];
    const floor = values.floor ?? NaN;
    const ratios = SETUPS.map((setup) => `${written((values[setup] ?? NaN) / floor)} ×`);
    return [line, ['  as a multiple of the floor', ...ratios]];
  });
  const places = SETUPS.map((_, place) => place + 1);
  return `${columns([['', ...SETUPS], ...rows], places)}\n\n${verdictsOf(figures).join('\n')}`;
}

function of(name: string, values: ClusterFigure['of'], hasRatio = true): ClusterFigure {
  return { name, of: values, hasRatio };
}

function each(figure: (name: SetupName) => number): ClusterFigure['of'] {
  const values = SETUPS.map((name) => [name, figure(name)] as const);
  return Object.fromEntries(values.filter(([, value]) => Number.isFinite(value)));
}

function valuesOf(figures: readonly ClusterFigure[], sought: string) {
  const found = figures.find(({ name }) => name === sought);
  return (setup: SetupName) => found?.of[setup] ?? NaN;
}

function met(isMet: boolean): string {
  return isMet ? 'met' : 'MISSED';
}

function callsPerSecond({ calls, ms }: ClusterCosts): number {
  return (calls / ms) * 1000;
}

function perCall(part: UsedPart): (costs: ClusterCosts) => number {
  return (costs) => costs[part] / costs.calls;
}

function allMicros({ nodeMicros, postgresMicros, natsMicros, calls }: ClusterCosts): number {
  return (nodeMicros + postgresMicros + natsMicros) / calls;
}

/** Three digits that mean something; nothing where there is nothing of the kind. */
function written(value: number | undefined): string {
  if (value === undefined || Number.isNaN(value) || value === 0) return '–';
  if (Math.abs(value) >= 100) return value.toFixed(0);
  return value.toFixed(Math.abs(value) >= 10 ? 1 : 2);
}
