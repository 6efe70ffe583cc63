import type { Assumptions } from './assumptions.ts';
import type { Measured } from './measured.ts';
import { presenceOver } from './presence.ts';
import type { Work } from './work.ts';
import { micros, workOver } from './work.ts';

const MEGABYTE = 1e6;
const MICROS = 1e6;
/** What so many cannot carry, no number can. */
const MOST_NODES = 10_000;

/** How many nodes there must be, and why. */
export interface Nodes {
  readonly forCpu: number;
  readonly forConnections: number;
  readonly forMemory: number;
  readonly count: number;
  readonly decidedBy: 'processor' | 'connections' | 'memory';
  /** That all together are busy with. */
  readonly cores: number;
  readonly bytesOfConnections: number;
  readonly bytesOfSubjects: number;
  /** Of one node, with what it has before its first connection. */
  readonly bytes: number;
}

/** As many nodes as processor, connections or memory need, whichever is most. */
export function nodesFor(given: Assumptions, measured: Measured): Nodes {
  const { usersOnline, devicesPerUser, busyShare, memoryShare, nodeMegabytes } = given;
  const connections = usersOnline * devicesPerUser;
  const forCpu = fewest((count) => coresOf(workOver(count, given), measured) <= count * busyShare);
  const forMemory = fewest(
    (count) => memoryOf(count, given, measured).bytes <= memoryShare * nodeMegabytes * MEGABYTE,
  );
  const forConnections = Math.ceil(connections / given.connectionsPerNode);
  const count = Math.max(forCpu, forConnections, forMemory);
  const decidedBy =
    count === forConnections ? 'connections' : count === forMemory ? 'memory' : 'processor';
  const cores = coresOf(workOver(count, given), measured);
  return {
    forCpu,
    forConnections,
    forMemory,
    count,
    decidedBy,
    cores,
    ...memoryOf(count, given, measured),
  };
}

function coresOf(work: Work, measured: Measured): number {
  return micros('nodeMicros', work, measured) / MICROS;
}

function memoryOf(count: number, given: Assumptions, { connectionBytes, subjectBytes }: Measured) {
  const connections = (given.usersOnline * given.devicesPerUser) / count;
  const bytesOfConnections = connections * connectionBytes;
  const bytesOfSubjects = presenceOver(count, given).subjectsPerNode * subjectBytes.node;
  const bytes = given.nodeBaseMegabytes * MEGABYTE + bytesOfConnections + bytesOfSubjects;
  return { bytesOfConnections, bytesOfSubjects, bytes };
}

function fewest(suffice: (count: number) => boolean): number {
  for (let count = 1; count < MOST_NODES; count++) if (suffice(count)) return count;
  return MOST_NODES;
}
