import type { Assumptions } from './assumptions.ts';
import type { Costing, Measured } from './measured.ts';
import { loginsOf, presenceOver } from './presence.ts';

/** `HEARTBEAT_MS` of the protocol. */
export const HEARTBEAT_SECONDS = 15;

/** What all nodes together do in a second. */
export interface Work {
  readonly nodes: number;
  readonly calls: number;
  /** Calls of which an endpoint is told. */
  readonly told: number;
  readonly heartbeats: number;
  readonly logins: number;
  readonly losses: number;
  readonly subscriptions: number;
  readonly presenceRows: number;
  /** Microseconds of nodes for frames that nothing else brings about. */
  readonly frameMicros: number;
}

/** What there is to do in a second when the devices are spread over so many nodes. */
export function workOver(nodes: number, given: Assumptions): Work {
  const presence = presenceOver(nodes, given);
  const logins = loginsOf(given);
  return {
    nodes,
    calls: given.newCallsPerSecond,
    told: given.newCallsPerSecond * given.webhookEndpoints,
    heartbeats: (given.usersOnline * given.devicesPerUser) / HEARTBEAT_SECONDS,
    logins,
    losses: logins,
    subscriptions: presence.subscriptions,
    presenceRows: presence.rows,
    frameMicros: presence.frames * given.frameMicros,
  };
}

/** One part of the costs of all work in a second, by its kinds. */
export interface ByKind {
  readonly calls: number;
  readonly webhooks: number;
  readonly heartbeats: number;
  readonly logins: number;
  readonly presence: number;
  /** What nodes do anyway: leases, deadlines, what waits to be told. */
  readonly upkeep: number;
}

/** What the work of a second comes to in one part of its costs. */
export function costBy(part: keyof Costing, work: Work, measured: Measured): ByKind {
  const { login, loss, subscription, presenceRow } = measured;
  return {
    calls: work.calls * measured.call[part],
    webhooks: work.told * measured.webhooks[part],
    heartbeats: work.heartbeats * measured.heartbeat[part],
    logins: work.logins * login[part] + work.losses * loss[part],
    presence: work.subscriptions * subscription[part] + work.presenceRows * presenceRow[part],
    upkeep: work.nodes * measured.idleSecond[part],
  };
}

/** All of it together. */
export function sumOf(by: ByKind): number {
  return Object.values<number>({ ...by }).reduce((sum, each) => sum + each, 0);
}

/** Microseconds of processor in a second; those of nodes have the frames of presence. */
export function micros(
  part: 'nodeMicros' | 'postgresMicros' | 'natsMicros',
  work: Work,
  measured: Measured,
): number {
  const all = sumOf(costBy(part, work, measured));
  return part === 'nodeMicros' ? all + work.frameMicros : all;
}
