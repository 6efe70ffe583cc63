import { short, table } from './format.ts';
import type { Capacity } from './model.ts';
import type { ByKind } from './work.ts';

/** The rows of what is needed, by what needs it. */
export function capacityTable(capacity: Capacity): string {
  return [
    load(capacity),
    nodes(capacity),
    presence(capacity),
    database(capacity),
    bus(capacity),
    relays(capacity),
  ]
    .map(table)
    .join('\n\n');
}

type Rows = readonly (readonly string[])[];

function load({ connections, heartbeats, logins, relays, signallingBitsOut }: Capacity): Rows {
  return [
    ['connections', short(connections)],
    ['heartbeats a second', short(heartbeats)],
    ['logins a second, and as many losses', short(logins)],
    ['calls under way', short(relays.callsUnderWay)],
    ['signalling to devices, Mbit/s', short(signallingBitsOut / 1e6)],
  ];
}

function nodes({ nodes: of }: Capacity): Rows {
  return [
    ['cores that nodes are busy with', short(of.cores)],
    ['nodes for the processor', short(of.forCpu)],
    ['nodes for connections', short(of.forConnections)],
    ['nodes for memory', short(of.forMemory)],
    [`nodes, decided by ${of.decidedBy}`, short(of.count)],
    ['memory of a node, MB', short(of.bytes / 1e6)],
    ['  of its connections, MB', short(of.bytesOfConnections / 1e6)],
    ['  of its subjects, MB', short(of.bytesOfSubjects / 1e6)],
  ];
}

function presence({ presence: of }: Capacity): Rows {
  return [
    ['users whom a node watches', short(of.watchedPerNode)],
    ['rows of presence read a second', short(of.rows)],
    ['  by the rounds of all nodes', short(of.rowsForRounds)],
    ['  because somebody came or went', short(of.rowsForMoves)],
    ['  for lists of devices that log in', short(of.rowsForLists)],
    ['frames of presence to devices a second', short(of.frames)],
  ];
}

function database({ database: of }: Capacity): Rows {
  return [
    ['connections to PostgreSQL over NATS', short(of.connections)],
    ['  over NOTIFY', short(of.connectionsWithNotify)],
    ['transactions that write a second', short(of.writes)],
    ...byKind(of.writesFor),
    ['transactions that only read a second', short(of.reads)],
    ['cores of PostgreSQL', short(of.cores)],
    ...byKind(of.coresFor),
    ['write-ahead log, MB a second', short(of.walBytes / 1e6)],
    ['kept of calls for good, TB more each month', short(of.growthBytesPerMonth / 1e12)],
    ['kept of webhooks, TB', short(of.toldBytes / 1e12)],
  ];
}

function bus({ bus: of, presence: { subjects, subscriptions } }: Capacity): Rows {
  return [
    ['bus messages a second', short(of.messages)],
    ['bus, of calls, MB a second', short(of.bytes / 1e6)],
    ['bus messages heard a second, were each heard by all nodes', short(of.heardByAll)],
    ['subjects of all nodes', short(subjects)],
    ['subjects begun or ended a second', short(subscriptions)],
    ['cores of NATS', short(of.cores)],
    ['memory of each of three NATS servers, GB', short(of.bytesPerServer / 1e9)],
    ['when one of them falls: a node is busy listening again, s', short(of.secondsToListenAgain)],
    ['  and each of the other two with its subjects, s', short(of.secondsToTakeOver)],
  ];
}

function relays({ relays: of }: Capacity): Rows {
  return [
    ['ports of relays that are taken', short(of.allocations)],
    ['  of a call under way', short(of.allocations / of.callsUnderWay)],
    ['media over TURN, Gbit/s', short(of.bits / 1e9)],
    ['relays for their lines', short(of.forBits)],
    ['relays for their ports', short(of.forPorts)],
    ['relays', short(of.count)],
  ];
}

function byKind(by: ByKind): Rows {
  const rows = Object.entries<number>({ ...by });
  return rows.map(([kind, value]) => [`  ${kind}`, short(value)]);
}
