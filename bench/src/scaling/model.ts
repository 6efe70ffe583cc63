import type { Assumptions } from './assumptions.ts';
import { busBetween } from './bus.ts';
import type { BusLoad } from './bus.ts';
import { databaseUnder } from './database.ts';
import type { DatabaseLoad } from './database.ts';
import type { Measured } from './measured.ts';
import { nodesFor } from './nodes.ts';
import type { Nodes } from './nodes.ts';
import { loginsOf, presenceOver } from './presence.ts';
import type { Presence } from './presence.ts';
import { relaysFor } from './relays.ts';
import type { RelayLoad } from './relays.ts';
import { workOver } from './work.ts';

/** What a Ringline of this size needs. Rates are per second, at the peak. */
export interface Capacity {
  readonly connections: number;
  readonly heartbeats: number;
  readonly logins: number;
  readonly nodes: Nodes;
  readonly presence: Presence;
  readonly database: DatabaseLoad;
  readonly bus: BusLoad;
  readonly relays: RelayLoad;
  readonly signallingBitsOut: number;
}

/** The capacity that is needed, by arithmetic alone. */
export function capacityOf(given: Assumptions, measured: Measured): Capacity {
  const nodes = nodesFor(given, measured);
  const presence = presenceOver(nodes.count, given);
  const { calls, heartbeats } = workOver(nodes.count, given);
  const bytesOut =
    calls * measured.bytesToDevicesPerCall +
    heartbeats * given.heartbeatBytes +
    presence.frames * given.presenceBytes;
  return {
    connections: given.usersOnline * given.devicesPerUser,
    heartbeats,
    logins: loginsOf(given),
    nodes,
    presence,
    database: databaseUnder(nodes.count, given, measured),
    bus: busBetween(nodes.count, given, measured),
    relays: relaysFor(given),
    signallingBitsOut: 8 * bytesOut,
  };
}
