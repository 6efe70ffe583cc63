import type { Assumptions } from './assumptions.ts';

/** What `npm run bench:cluster` and `npm run bench` measured, per call and per connection. */
export interface Measured {
  /** Of the nodes together, when each step is committed nearly alone: many nodes with few calls each are that. */
  readonly nodeMicros: number;
  readonly postgresMicros: number;
  readonly natsMicros: number;
  readonly transactions: number;
  readonly walBytes: number;
  readonly busMessages: number;
  readonly busBytes: number;
  readonly connectionBytes: number;
}

/** Devices send a heartbeat so often (`HEARTBEAT_MS` of the protocol). */
export interface Rhythm {
  readonly heartbeatSeconds: number;
  /** Connections of one node to PostgreSQL. */
  readonly databaseConnections: number;
}

/** What a Ringline of this size needs. Rates are per second, at the peak. */
export interface Capacity {
  readonly connections: number;
  readonly heartbeats: number;
  readonly logins: number;
  readonly nodeCores: number;
  readonly nodesForCpu: number;
  readonly nodesForConnections: number;
  readonly nodes: number;
  readonly connectionMemoryPerNode: number;
  readonly databaseConnections: number;
  readonly databaseCoresForCalls: number;
  readonly databaseCoresForHeartbeats: number;
  readonly transactions: number;
  readonly walBytes: number;
  readonly storedBytes: number;
  readonly busMessages: number;
  readonly busBytes: number;
  /** What all nodes together would hear if each heard everything, as over NOTIFY. */
  readonly busMessagesHeardByAll: number;
  readonly natsCores: number;
  readonly signallingBitsOut: number;
  readonly callsUnderWay: number;
  readonly relayedBits: number;
}

const MICROS = 1e6;
const SECONDS_PER_DAY = 86_400;

/** The capacity that is needed, by arithmetic alone. */
export function capacityOf(
  given: Assumptions,
  measured: Measured,
  rhythm: Rhythm,
  bytesToDevicesPerCall: number,
): Capacity {
  const calls = given.newCallsPerSecond;
  const connections = given.usersOnline * given.devicesPerUser;
  const heartbeats = connections / rhythm.heartbeatSeconds;
  const nodeCores = (calls * measured.nodeMicros + heartbeats * given.heartbeatMicros) / MICROS;
  const nodesForCpu = Math.ceil(nodeCores / given.busyShare);
  const nodesForConnections = Math.ceil(connections / given.connectionsPerNode);
  const nodes = Math.max(nodesForCpu, nodesForConnections);
  const logins = connections / given.sessionSeconds;
  const busMessages = calls * measured.busMessages;
  const callsUnderWay = calls * given.conversationSeconds;
  return {
    connections,
    heartbeats,
    logins,
    nodeCores,
    nodesForCpu,
    nodesForConnections,
    nodes,
    connectionMemoryPerNode: (connections / nodes) * measured.connectionBytes,
    databaseConnections: nodes * rhythm.databaseConnections,
    databaseCoresForCalls: (calls * measured.postgresMicros) / MICROS,
    databaseCoresForHeartbeats: (heartbeats * given.heartbeatReadMicros) / MICROS,
    transactions: calls * measured.transactions,
    walBytes: calls * measured.walBytes,
    storedBytes:
      calls * given.averageOfPeak * SECONDS_PER_DAY * given.keptDays * given.bytesKeptPerCall,
    busMessages,
    busBytes: calls * measured.busBytes,
    busMessagesHeardByAll: busMessages * (nodes - 1),
    natsCores: (calls * measured.natsMicros) / MICROS,
    signallingBitsOut: 8 * (calls * bytesToDevicesPerCall + heartbeats * given.heartbeatBytes),
    callsUnderWay,
    // Each direction of a relayed call leaves the relay once.
    relayedBits: callsUnderWay * given.relayedShare * 2 * given.mediaKilobits * 1000,
  };
}

/** Dollars a month for each thing that is paid for. */
export interface Cost {
  readonly nodes: number;
  readonly database: number;
  readonly storage: number;
  readonly nats: number;
  readonly signalling: number;
  readonly relay: number;
  readonly all: number;
}

/** NATS is run as three, so that one may fall. */
export const NATS_SERVERS = 3;
/** The primary, and a standby that has each commit before it is told. */
export const DATABASE_COPIES = 2;
const SECONDS_PER_MONTH = 30 * SECONDS_PER_DAY;
const TERABYTE = 1e12;

/** What it costs, the relay's machines left out: its traffic is what counts. */
export function costOf(given: Assumptions, capacity: Capacity): Cost {
  const { prices, busyShare, averageOfPeak } = given;
  const cores = capacity.databaseCoresForCalls + capacity.databaseCoresForHeartbeats;
  const terabytesOut = (bits: number) =>
    ((bits / 8) * averageOfPeak * SECONDS_PER_MONTH) / TERABYTE;
  const parts = {
    nodes: capacity.nodes * prices.node,
    database: Math.ceil(cores / busyShare) * DATABASE_COPIES * prices.databaseCore,
    storage: (capacity.storedBytes / TERABYTE) * DATABASE_COPIES * prices.terabyteStored,
    nats: NATS_SERVERS * prices.natsServer,
    signalling: terabytesOut(capacity.signallingBitsOut) * prices.terabyteOut,
    relay: terabytesOut(capacity.relayedBits) * prices.terabyteOut,
  };
  return { ...parts, all: Object.values(parts).reduce((sum, part) => sum + part, 0) };
}

/** What partitions of the database do to a call. */
export interface Partitioned {
  readonly partitions: number;
  /** Calls whose users live in two partitions. */
  readonly crossing: number;
  readonly transactionsPerCall: number;
  readonly coresPerPartition: number;
}

/**
 * Users spread over partitions by a hash. A step that touches both users of a crossing call is committed in two:
 * the call's own partition first, then what it leaves for the other, as an outbox.
 */
export function partitioned(
  capacity: Capacity,
  calls: number,
  partitions: number,
  stepsOfBoth: number,
): Partitioned {
  const crossing = 1 - 1 / partitions;
  const perCall = capacity.transactions / calls;
  const transactionsPerCall = perCall + crossing * stepsOfBoth;
  const forCalls = capacity.databaseCoresForCalls * (transactionsPerCall / perCall);
  const cores = forCalls + capacity.databaseCoresForHeartbeats;
  return { partitions, crossing, transactionsPerCall, coresPerPartition: cores / partitions };
}
