import { columns } from '../columns.ts';
import type { KeptRun } from '../cluster/kept.ts';
import { clusterTable } from '../cluster/figures.ts';
import { ASSUMPTIONS } from './assumptions.ts';
import type { Assumptions } from './assumptions.ts';
import { capacityTable } from './capacity-table.ts';
import { costOf } from './cost.ts';
import { plain, short, spread, table } from './format.ts';
import { exceeded, mostThousands, mostWatched, ofSize } from './holds.ts';
import { measuredIn } from './measured.ts';
import type { Costing, Measured } from './measured.ts';
import { capacityOf } from './model.ts';
import type { Capacity } from './model.ts';
import { partitioned } from './partitions.ts';
import { SCRIPTED_PER_CALL } from './routing.ts';
import type { Routed } from './routing.ts';

/** Sizes that the page compares with its own. */
const SIZES = [10_000, 100_000, 300_000, 3_000_000] as const;
/** Lists that the page compares. */
const WATCHED = [0, 5, 20, 50, 100, 200, 512] as const;

/** The capacity that the kept run leads to. */
export function capacityIn(run: KeptRun): Capacity {
  return capacityOf(ASSUMPTIONS, measuredIn(run));
}

/** The texts of the pages, by the names of their places. */
export function textsOf(run: KeptRun, routed: Routed): Readonly<Record<string, string>> {
  const measured = measuredIn(run);
  const capacity = capacityIn(run);
  return {
    cluster: clusterTable(run.figures),
    circumstances: run.circumstances,
    assumptions: table(Object.entries(ASSUMPTIONS).flatMap(assumed)),
    measured: measuredTable(measured),
    capacity: capacityTable(capacity),
    holds: holdsText(measured),
    cost: costTable(capacity),
    partitions: partitionTable(capacity),
    routing: routingTable(capacity, routed),
  };
}

function assumed([name, value]: [string, unknown]): readonly (readonly string[])[] {
  if (typeof value === 'number') return [[name, plain(value)]];
  return Object.entries(value as Record<string, number>).map(([of, price]) => [
    `${name}.${of}`,
    plain(price),
  ]);
}

function measuredTable(measured: Measured): string {
  const head = ['of', 'nodes, µs', 'PostgreSQL, µs', 'NATS, µs', 'writes', 'reads', 'log, bytes'];
  const rows: readonly (readonly [string, Costing])[] = [
    ['a call', measured.call],
    ['telling a webhook of it', measured.webhooks],
    ['a login', measured.login],
    ['a loss', measured.loss],
    ['a heartbeat', measured.heartbeat],
    ['a subject more or less', measured.subscription],
    ['reading where a user stands', measured.presenceRow],
    ['a node that does nothing, in a second', measured.idleSecond],
  ];
  const uses = columns(
    [head, ...rows.map(([name, use]) => costing(name, use))],
    [1, 2, 3, 4, 5, 6],
  );
  const sizes = table([
    ['kept of a call for good, bytes', short(measured.keptBytesPerCall)],
    ['kept of telling a webhook of it, bytes', short(measured.toldBytesPerCall)],
    ['a connection at its node, bytes', short(measured.connectionBytes)],
    ['a subject at its node, bytes', short(measured.subjectBytes.node)],
    ['a subject at NATS, bytes', short(measured.subjectBytes.nats)],
  ]);
  return `${uses}\n\n${sizes}`;
}

function costing(name: string, use: Costing): readonly string[] {
  const { nodeMicros, postgresMicros, natsMicros, writes, reads, walBytes } = use;
  const small = (value: number) => (value < 0.01 ? '–' : short(value));
  return [name, ...[nodeMicros, postgresMicros, natsMicros, writes, reads, walBytes].map(small)];
}

function holdsText(measured: Measured): string {
  const lists = WATCHED.map((watchedPerDevice) => ({ ...ASSUMPTIONS, watchedPerDevice }));
  const sizes = SIZES.map((users) => ofSize(ASSUMPTIONS, users));
  const head = ['nodes', 'by', 'MB each', 'subjects', 'GB of NATS', 'cores of PG', 'relays', '$'];
  const rows = [...lists, ...sizes].map((given) => {
    const capacity = capacityOf(given, measured);
    const { nodes, presence, bus, database, relays } = capacity;
    const over = exceeded(given, capacity);
    return [
      plain(given.usersOnline),
      plain(given.watchedPerDevice),
      plain(nodes.count),
      nodes.decidedBy,
      short(nodes.bytes / 1e6),
      short(presence.subjects),
      short(bus.bytesPerServer / 1e9),
      short(database.cores),
      plain(relays.count),
      costOf(given, capacity).allButRecords.toFixed(0),
      over.length === 0 ? 'nothing' : over.join(', '),
    ];
  });
  const all = [['users', 'watched', ...head, 'stopped by'], ...rows];
  return `${columns(all, [0, 1, 2, 4, 5, 6, 7, 8, 9])}\n\n${mostOf(measured)}`;
}

/** Where it stops, in words. */
function mostOf(measured: Measured): string {
  const watched = mostWatched(ASSUMPTIONS, measured) ?? -1;
  const thousands = mostThousands(ASSUMPTIONS, measured) ?? 0;
  const users = plain(ASSUMPTIONS.usersOnline);
  const list = plain(ASSUMPTIONS.watchedPerDevice);
  const stopped = (given: Assumptions) => {
    const over = exceeded(given, capacityOf(given, measured)).join(' and ');
    return over === '' ? 'longer lists are not allowed' : `more are too much for the ${over}`;
  };
  const byList = stopped({ ...ASSUMPTIONS, watchedPerDevice: watched + 1 });
  const bySize = stopped(ofSize(ASSUMPTIONS, (thousands + 1) * 1_000));
  return [
    watched < 0
      ? `${users} users are more than it holds, whomever they watch: ${byList}`
      : `${users} users may watch ${plain(watched)} others from each device; ${byList}`,
    thousands === 0
      ? `where each device watches ${list} others it holds under a thousand users: ${bySize}`
      : `where each device watches ${list} others it holds ${plain(thousands * 1_000)} users; ${bySize}`,
  ].join('\n');
}

function costTable(capacity: Capacity): string {
  const cost = costOf(ASSUMPTIONS, capacity);
  const names: Readonly<Record<keyof typeof cost, string>> = {
    nodes: 'nodes',
    database: 'database, two copies',
    nats: 'NATS, three servers and their memory',
    relays: 'relays',
    relayTraffic: 'traffic of the relays',
    signallingTraffic: 'traffic of signalling',
    storageOfWebhooks: 'storage of webhooks',
    allButRecords: 'all but what calls leave behind',
    recordsEachMonthMore: 'what calls leave behind, each month more',
    allInTheFirstMonth: 'all, in the first month',
    allAfterAYear: 'all, in the twelfth',
  };
  const entries = Object.entries(names) as [keyof typeof cost, string][];
  return table(entries.map(([key, name]) => [name, cost[key].toFixed(0)]));
}

function partitionTable(capacity: Capacity): string {
  const rows = [1, 2, 4, 8, 16].map((count) => {
    const of = partitioned(capacity, ASSUMPTIONS.newCallsPerSecond, count);
    return [
      String(count),
      `${(of.crossing * 100).toFixed(0)} %`,
      short(of.transactionsPerCall),
      short(of.coresPerPartition),
    ];
  });
  const head = ['partitions', 'calls across', 'writes per call', 'cores per partition'];
  return columns([head, ...rows], [0, 1, 2, 3]);
}

function routingTable({ bus, presence }: Capacity, routed: Routed): string {
  const perSecond = (count: number) => short(count / 60);
  const both = (name: string, counted: number, reckoned: number) => [
    name,
    `${perSecond(counted)} (${short(reckoned)})`,
  ];
  return table([
    ['calls routed', short(routed.calls)],
    ['deliveries per call by the script', short(SCRIPTED_PER_CALL)],
    both('published a second', routed.published, bus.messages),
    ['heard at other nodes a second', perSecond(routed.heard)],
    ['published by a node a second', spread(routed.publishedPerNode, 60)],
    ['heard by a node a second', spread(routed.heardPerNode, 60)],
    ['busiest second of a node', short(routed.busiestSecondOfANode)],
    ['to the busiest user in the minute', short(routed.busiestSubject)],
    ['subjects of a node', spread(routed.subjectsPerNode, 1)],
    ['subjects of all nodes', `${short(routed.subjects)} (${short(presence.subjects)})`],
    both('subjects begun or ended a second', routed.subscriptions, presence.subscriptions),
    both('rows of presence for moves a second', routed.rowsForMoves, presence.rowsForMoves),
    both('frames of presence to devices a second', routed.frames, presence.frames),
  ]);
}
