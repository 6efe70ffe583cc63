import { columns } from '../columns.ts';
import type { KeptRun } from '../cluster/kept.ts';
import { valueIn } from '../cluster/kept.ts';
import { clusterTable } from '../cluster/figures.ts';
import { ASSUMPTIONS } from './assumptions.ts';
import { capacityOf, costOf, partitioned } from './model.ts';
import type { Capacity, Measured } from './model.ts';
import { SCRIPTED_PER_CALL } from './routing.ts';
import type { Routed, Spread } from './routing.ts';

/** `HEARTBEAT_MS` of the protocol. */
export const HEARTBEAT_SECONDS = 15;
/** Lanes that commit, lanes that read, and the one that listens where NOTIFY is the bus. */
export const DATABASE_CONNECTIONS = 6;
/** “memory per idle connection” of docs/performance.md, KB. */
export const CONNECTION_KILOBYTES = 5.89;
/** Bytes of the frames that a call sends to its two devices, as recorded (a test compares). */
export const BYTES_TO_DEVICES_PER_CALL = 4_800;
/** Invitation and end touch lines of both users; the end their inboxes as well. */
export const STEPS_OF_BOTH = 2;

/** What the model takes from a run: two nodes over NATS, few calls at a time. */
export function measuredIn(run: KeptRun): Measured {
  const of = (name: string) => valueIn(run, name, 'nats-2');
  return {
    nodeMicros: of('CPU per call at that rate: nodes, µs'),
    postgresMicros: of('CPU per call at that rate: PostgreSQL, µs'),
    natsMicros: of('NATS at that rate, CPU per call, µs'),
    transactions: of('transactions at 100 a second'),
    walBytes: of('write-ahead log at that rate, bytes'),
    busMessages: of('deliveries given to the bus per call'),
    busBytes: of('bytes that NATS reads per call'),
    connectionBytes: CONNECTION_KILOBYTES * 1024,
  };
}

/** The capacity that the kept run leads to. */
export function capacityIn(run: KeptRun): Capacity {
  const rhythm = {
    heartbeatSeconds: HEARTBEAT_SECONDS,
    databaseConnections: DATABASE_CONNECTIONS,
  };
  return capacityOf(ASSUMPTIONS, measuredIn(run), rhythm, BYTES_TO_DEVICES_PER_CALL);
}

/** The texts of the pages, by the names of their places. */
export function textsOf(run: KeptRun, routed: Routed): Readonly<Record<string, string>> {
  const capacity = capacityIn(run);
  return {
    cluster: clusterTable(run.figures),
    circumstances: run.circumstances,
    assumptions: table(Object.entries(ASSUMPTIONS).flatMap(assumed)),
    capacity: capacityTable(capacity),
    cost: costTable(capacity),
    partitions: partitionTable(capacity),
    routing: routingTable(run, capacity, routed),
  };
}

function assumed([name, value]: [string, unknown]): readonly (readonly string[])[] {
  if (typeof value === 'number') return [[name, plain(value)]];
  return Object.entries(value as Record<string, number>).map(([of, price]) => [
    `${name}.${of}`,
    plain(price),
  ]);
}

function capacityTable(c: Capacity): string {
  return table([
    ['connections', short(c.connections)],
    ['heartbeats a second', short(c.heartbeats)],
    ['logins a second', short(c.logins)],
    ['cores that nodes are busy with', short(c.nodeCores)],
    ['nodes for the processor', short(c.nodesForCpu)],
    ['nodes for connections', short(c.nodesForConnections)],
    ['nodes', short(c.nodes)],
    ['memory of connections per node, MB', short(c.connectionMemoryPerNode / 1e6)],
    ['connections to PostgreSQL', short(c.databaseConnections)],
    ['cores of PostgreSQL, calls', short(c.databaseCoresForCalls)],
    ['cores of PostgreSQL, heartbeats', short(c.databaseCoresForHeartbeats)],
    ['transactions a second', short(c.transactions)],
    ['write-ahead log, MB a second', short(c.walBytes / 1e6)],
    ['stored, TB', short(c.storedBytes / 1e12)],
    ['bus messages a second', short(c.busMessages)],
    ['bus, MB a second', short(c.busBytes / 1e6)],
    ['bus messages heard a second, were each heard by all nodes', short(c.busMessagesHeardByAll)],
    ['cores of NATS', short(c.natsCores)],
    ['signalling to devices, Mbit/s', short(c.signallingBitsOut / 1e6)],
    ['calls under way', short(c.callsUnderWay)],
    ['media over TURN, Gbit/s', short(c.relayedBits / 1e9)],
  ]);
}

function costTable(capacity: Capacity): string {
  const cost = Object.entries<number>({ ...costOf(ASSUMPTIONS, capacity) });
  return table(cost.map(([name, dollars]) => [name, dollars.toFixed(0)]));
}

function partitionTable(capacity: Capacity): string {
  const rows = [1, 2, 4, 8, 16].map((count) => {
    const calls = ASSUMPTIONS.newCallsPerSecond;
    const of = partitioned(capacity, calls, count, STEPS_OF_BOTH);
    return [
      String(count),
      `${(of.crossing * 100).toFixed(0)} %`,
      short(of.transactionsPerCall),
      short(of.coresPerPartition),
    ];
  });
  const head = ['partitions', 'calls across', 'transactions per call', 'cores per partition'];
  return columns([head, ...rows], [0, 1, 2, 3]);
}

function routingTable({ subjectBytes }: KeptRun, capacity: Capacity, routed: Routed): string {
  const perSecond = (count: number) => short(count / 60);
  return table([
    ['calls routed', short(routed.calls)],
    ['deliveries per call by the script', short(SCRIPTED_PER_CALL)],
    [
      'deliveries per call as measured',
      short(capacity.busMessages / ASSUMPTIONS.newCallsPerSecond),
    ],
    ['published a second', perSecond(routed.published)],
    ['heard at other nodes a second', perSecond(routed.heard)],
    ['published by a node a second', spread(routed.publishedPerNode, 60)],
    ['heard by a node a second', spread(routed.heardPerNode, 60)],
    ['busiest second of a node', short(routed.busiestSecondOfANode)],
    ['to the busiest user in the minute', short(routed.busiestSubject)],
    ['subjects of a node', spread(routed.subjectsPerNode, 1)],
    ['subjects of all nodes', short(routed.subjects)],
    ['memory of a subject, at its node, bytes', short(subjectBytes.node)],
    ['memory of a subject, at NATS, bytes', short(subjectBytes.nats)],
    [
      'memory of subjects of a node, MB',
      short((routed.subjectsPerNode.mean * subjectBytes.node) / 1e6),
    ],
    ['memory of all subjects at NATS, GB', short((routed.subjects * subjectBytes.nats) / 1e9)],
  ]);
}

function table(rows: readonly (readonly string[])[]): string {
  return columns(rows, [1]);
}

function spread({ least, mean, most }: Spread, by: number): string {
  return `${short(mean / by)} (${short(least / by)}–${short(most / by)})`;
}

function plain(value: number): string {
  return value.toLocaleString('en');
}

/** Three digits of what is small, thousands apart of what is large. */
function short(value: number): string {
  if (Math.abs(value) >= 100) return Math.round(value).toLocaleString('en');
  return Number.isInteger(value) ? String(value) : value.toPrecision(3);
}
