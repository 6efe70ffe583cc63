import type { Assumptions } from './assumptions.ts';
import type { Measured } from './measured.ts';
import { costBy, sumOf, workOver } from './work.ts';
import type { ByKind } from './work.ts';

/** Lanes that commit, lanes that read (`COMMIT_LANES`, `READ_LANES`), and the one for leases. */
export const CONNECTIONS_PER_NODE = 7;
/** And one that listens, where NOTIFY is the bus. */
export const CONNECTIONS_WITH_NOTIFY = CONNECTIONS_PER_NODE + 1;
export const SECONDS_PER_DAY = 86_400;
export const SECONDS_PER_MONTH = 30 * SECONDS_PER_DAY;
const MICROS = 1e6;

/** What the one PostgreSQL that writes must do. Rates are per second. */
export interface DatabaseLoad {
  readonly connections: number;
  readonly connectionsWithNotify: number;
  readonly coresFor: ByKind;
  readonly cores: number;
  /** Transactions that write. */
  readonly writesFor: ByKind;
  readonly writes: number;
  /** Transactions that only read. */
  readonly reads: number;
  readonly walBytes: number;
  /** Of calls, which nothing deletes. */
  readonly growthBytesPerMonth: number;
  /** Of webhooks, until they are forgotten. */
  readonly toldBytes: number;
}

/** What so many nodes ask of the database. */
export function databaseUnder(nodes: number, given: Assumptions, measured: Measured): DatabaseLoad {
  const work = workOver(nodes, given);
  const of = (part: 'postgresMicros' | 'writes' | 'reads' | 'walBytes') =>
    costBy(part, work, measured);
  const coresFor = scaled(of('postgresMicros'), 1 / MICROS);
  const writesFor = of('writes');
  const average = work.calls * given.averageOfPeak;
  const told = work.told * given.averageOfPeak;
  return {
    connections: nodes * CONNECTIONS_PER_NODE,
    connectionsWithNotify: nodes * CONNECTIONS_WITH_NOTIFY,
    coresFor,
    cores: sumOf(coresFor),
    writesFor,
    writes: sumOf(writesFor),
    reads: sumOf(of('reads')),
    walBytes: sumOf(of('walBytes')),
    growthBytesPerMonth: average * SECONDS_PER_MONTH * measured.keptBytesPerCall,
    toldBytes: told * given.webhookKeepDays * SECONDS_PER_DAY * measured.toldBytesPerCall,
  };
}

function scaled(by: ByKind, factor: number): ByKind {
  const { calls, webhooks, heartbeats, logins, presence, upkeep } = by;
  return {
    calls: calls * factor,
    webhooks: webhooks * factor,
    heartbeats: heartbeats * factor,
    logins: logins * factor,
    presence: presence * factor,
    upkeep: upkeep * factor,
  };
}
