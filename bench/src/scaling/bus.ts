import type { Assumptions } from './assumptions.ts';
import type { Measured } from './measured.ts';
import { presenceOver, usersAtOneOf, watchedAtOneOf } from './presence.ts';
import { costBy, micros, sumOf, workOver } from './work.ts';

/** NATS is run as three, so that one may fall. */
export const NATS_SERVERS = 3;
const MICROS = 1e6;

/** What the bus carries and keeps. Rates are per second. */
export interface BusLoad {
  readonly messages: number;
  /** Of the messages of calls. */
  readonly bytes: number;
  /** What all nodes together would hear if each heard everything, as over NOTIFY. */
  readonly heardByAll: number;
  readonly cores: number;
  /** Of one server of NATS: the subjects of its own nodes, and those that it learns of the others. */
  readonly bytesPerServer: number;
  /** For which a node's loop is busy when its server of NATS is away, and it says to another what it listens to. */
  readonly secondsToListenAgain: number;
  /** For which the servers that stay are busy with what the nodes of the fallen one say. */
  readonly secondsToTakeOver: number;
}

/** What the bus carries between so many nodes. */
export function busBetween(nodes: number, given: Assumptions, measured: Measured): BusLoad {
  const work = workOver(nodes, given);
  const { subjects, subjectsPerNode } = presenceOver(nodes, given);
  const { subscription } = measured;
  const ofOneServer = subjects / NATS_SERVERS;
  const messages = sumOf(costBy('busMessages', work, measured));
  return {
    messages,
    bytes: work.calls * measured.busBytesPerCall,
    heardByAll: messages * (nodes - 1),
    cores: micros('natsMicros', work, measured) / MICROS,
    bytesPerServer: subjectsPerServer(nodes, given) * measured.subjectBytes.nats,
    secondsToListenAgain: (subjectsPerNode * subscription.nodeMicros) / MICROS,
    secondsToTakeOver: (ofOneServer * subscription.natsMicros) / (NATS_SERVERS - 1) / MICROS,
  };
}

/** A server tells the others of each subject once, however many of its nodes listen to it. */
function subjectsPerServer(nodes: number, given: Assumptions): number {
  const own = presenceOver(nodes, given).subjects / NATS_SERVERS;
  const told = watchedAtOneOf(NATS_SERVERS, given) + usersAtOneOf(NATS_SERVERS, given);
  return own + (NATS_SERVERS - 1) * told;
}
