/** What the model takes for given: none of it was measured here. Change it and run `npm run bench:scaling -- --write`. */
export interface Assumptions {
  readonly usersOnline: number;
  readonly newCallsPerSecond: number;
  /** Some users are online with two devices; 1 to 2. */
  readonly devicesPerUser: number;
  /** Users whose presence a device watches, as an address book does. */
  readonly watchedPerDevice: number;
  readonly ringSeconds: number;
  readonly conversationSeconds: number;
  /** After the answer a relay keeps what was taken while it rang, 60 to 80 s by docs/turn.md. */
  readonly ringPortsStaySeconds: number;
  /** From one login of a device to the next; each ends with a loss. */
  readonly sessionSeconds: number;
  /** Of a core, and of a line: the rest is for peaks, and for what those that die leave behind. */
  readonly busyShare: number;
  /** Of one node, of two cores: one for the event loop, one for the rest of the machine. */
  readonly connectionsPerNode: number;
  readonly nodeMegabytes: number;
  /** Of a node before its first connection, with the voice. */
  readonly nodeBaseMegabytes: number;
  /** Of a node's memory: the rest is for garbage, buffers, and the time in which a neighbour is down. */
  readonly memoryShare: number;
  /** A frame more to a device that nothing else brings about. */
  readonly frameMicros: number;
  readonly heartbeatBytes: number;
  readonly presenceBytes: number;
  /** Of the peak: what an average second of the month has. */
  readonly averageOfPeak: number;
  /** Customers' servers that are told everything of each call, 0 or 1. */
  readonly webhookEndpoints: number;
  readonly webhookKeepDays: number;
  /** Of a device, over which its browser asks the relay for addresses. */
  readonly networkInterfaces: number;
  /** Calls whose media goes over TURN, since no direct path is there. */
  readonly relayedShare: number;
  /** Kilobits a second that one direction of a call takes, audio and video calls mixed. */
  readonly mediaKilobits: number;
  /** Of a relay's line, in one direction. */
  readonly relayGigabits: number;
  readonly most: Most;
  readonly prices: Prices;
}

/** The largest that one is willing to run of what cannot be spread: where the model says that it stops. */
export interface Most {
  readonly natsGigabytes: number;
  readonly databaseCores: number;
  readonly databaseConnections: number;
}

/** Dollars a month; a provider's list has other ones. */
export interface Prices {
  readonly node: number;
  readonly databaseCore: number;
  readonly natsServer: number;
  /** Of memory of NATS. */
  readonly natsGigabyte: number;
  readonly relayServer: number;
  readonly terabyteStored: number;
  readonly terabyteOut: number;
}

export const ASSUMPTIONS: Assumptions = {
  usersOnline: 1_000_000,
  newCallsPerSecond: 1_000,
  devicesPerUser: 1.2,
  watchedPerDevice: 20,
  ringSeconds: 9,
  conversationSeconds: 120,
  ringPortsStaySeconds: 70,
  sessionSeconds: 1_800,
  busyShare: 0.5,
  connectionsPerNode: 25_000,
  nodeMegabytes: 4_000,
  nodeBaseMegabytes: 250,
  memoryShare: 0.5,
  frameMicros: 25,
  heartbeatBytes: 120,
  presenceBytes: 110,
  averageOfPeak: 0.35,
  webhookEndpoints: 1,
  webhookKeepDays: 7,
  networkInterfaces: 1,
  relayedShare: 0.15,
  mediaKilobits: 300,
  relayGigabits: 1,
  most: { natsGigabytes: 32, databaseCores: 64, databaseConnections: 500 },
  prices: {
    node: 40,
    databaseCore: 60,
    natsServer: 60,
    natsGigabyte: 5,
    relayServer: 40,
    terabyteStored: 120,
    terabyteOut: 10,
  },
};
