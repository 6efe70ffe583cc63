import type { Assumptions } from './assumptions.ts';
import { NATS_SERVERS } from './bus.ts';
import { SECONDS_PER_MONTH } from './database.ts';
import type { Capacity } from './model.ts';

/** The primary, and a standby that has each commit before it is told. */
export const DATABASE_COPIES = 2;
const MONTHS_PER_YEAR = 12;
const TERABYTE = 1e12;
const GIGABYTE = 1e9;

/** Dollars a month for each thing that is paid for. */
export interface Cost {
  readonly nodes: number;
  readonly database: number;
  /** Servers and their memory. */
  readonly nats: number;
  readonly relays: number;
  readonly relayTraffic: number;
  readonly signallingTraffic: number;
  /** What webhooks keep, which does not grow. */
  readonly storageOfWebhooks: number;
  readonly allButRecords: number;
  /** What calls leave behind costs so much in the first month, and as much more in each that follows. */
  readonly recordsEachMonthMore: number;
  readonly allInTheFirstMonth: number;
  readonly allAfterAYear: number;
}

/** What it costs, by the month. */
export function costOf(given: Assumptions, capacity: Capacity): Cost {
  const { prices, busyShare, averageOfPeak } = given;
  const { nodes, database, bus, relays } = capacity;
  const traffic = (bits: number) =>
    (((bits / 8) * averageOfPeak * SECONDS_PER_MONTH) / TERABYTE) * prices.terabyteOut;
  const stored = (bytes: number) => (bytes / TERABYTE) * DATABASE_COPIES * prices.terabyteStored;
  const memory = (bus.bytesPerServer / GIGABYTE / given.memoryShare) * prices.natsGigabyte;
  const parts = {
    nodes: nodes.count * prices.node,
    database: Math.ceil(database.cores / busyShare) * DATABASE_COPIES * prices.databaseCore,
    nats: NATS_SERVERS * (prices.natsServer + memory),
    relays: relays.count * prices.relayServer,
    relayTraffic: traffic(relays.bits),
    signallingTraffic: traffic(capacity.signallingBitsOut),
    storageOfWebhooks: stored(database.toldBytes),
  };
  const allButRecords = Object.values(parts).reduce((sum, part) => sum + part, 0);
  const recordsEachMonthMore = stored(database.growthBytesPerMonth);
  return {
    ...parts,
    allButRecords,
    recordsEachMonthMore,
    allInTheFirstMonth: allButRecords + recordsEachMonthMore,
    allAfterAYear: allButRecords + MONTHS_PER_YEAR * recordsEachMonthMore,
  };
}
