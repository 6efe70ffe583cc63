/** What the model takes for given: none of it was measured here. Change it and run `npm run bench:scaling -- --write`. */
export interface Assumptions {
  readonly usersOnline: number;
  readonly newCallsPerSecond: number;
  /** Some users are online with two devices. */
  readonly devicesPerUser: number;
  /** Users whose presence a device watches, as an address book does. */
  readonly watchedPerDevice: number;
  readonly conversationSeconds: number;
  /** From one login of a user to the next. */
  readonly sessionSeconds: number;
  /** Of a core; the rest is for peaks, and for what the nodes that die leave behind. */
  readonly busyShare: number;
  /** Of one node, of two cores: one for the event loop, one for the rest of the machine. */
  readonly connectionsPerNode: number;
  readonly heartbeatMicros: number;
  /** PostgreSQL's share of a heartbeat: one row of a batched read. */
  readonly heartbeatReadMicros: number;
  readonly heartbeatBytes: number;
  /** What a call keeps in the database for good, with its indexes. */
  readonly bytesKeptPerCall: number;
  /** Of the peak: what an average second of the month has. */
  readonly averageOfPeak: number;
  readonly keptDays: number;
  /** Calls whose media goes over TURN, since no direct path is there. */
  readonly relayedShare: number;
  /** Kilobits a second that one direction of a call takes, audio and video calls mixed. */
  readonly mediaKilobits: number;
  readonly prices: Prices;
}

/** Dollars a month; a provider's list has other ones. */
export interface Prices {
  readonly node: number;
  readonly databaseCore: number;
  readonly natsServer: number;
  readonly terabyteStored: number;
  readonly terabyteOut: number;
}

export const ASSUMPTIONS: Assumptions = {
  usersOnline: 1_000_000,
  newCallsPerSecond: 1_000,
  devicesPerUser: 1.2,
  watchedPerDevice: 20,
  conversationSeconds: 120,
  sessionSeconds: 1_800,
  busyShare: 0.5,
  connectionsPerNode: 25_000,
  heartbeatMicros: 60,
  heartbeatReadMicros: 15,
  heartbeatBytes: 120,
  bytesKeptPerCall: 4_000,
  averageOfPeak: 0.35,
  keptDays: 90,
  relayedShare: 0.15,
  mediaKilobits: 300,
  prices: { node: 40, databaseCore: 60, natsServer: 60, terabyteStored: 120, terabyteOut: 10 },
};
