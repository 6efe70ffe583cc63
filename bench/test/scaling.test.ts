import { readFileSync } from 'node:fs';
import { HEARTBEAT_MS, MAX_WATCHED_USERS } from '@ringline/protocol';
import { beforeAll, describe, expect, test } from 'vitest';
import { keptRun } from '../src/cluster/kept.ts';
import { ASSUMPTIONS } from '../src/scaling/assumptions.ts';
import { NATS_SERVERS } from '../src/scaling/bus.ts';
import { costOf } from '../src/scaling/cost.ts';
import { exceeded, mostThousands, mostWatched, ofSize } from '../src/scaling/holds.ts';
import { CONNECTION_KILOBYTES, measuredIn } from '../src/scaling/measured.ts';
import type { Costing, Measured } from '../src/scaling/measured.ts';
import { capacityOf } from '../src/scaling/model.ts';
import { PAGES, filled, pageOf } from '../src/scaling/pages.ts';
import { partitioned } from '../src/scaling/partitions.ts';
import { routingPlan } from '../src/scaling/plan.ts';
import { presenceOver, roundRowsPerSecond } from '../src/scaling/presence.ts';
import { PORTS_PER_RELAY, RELAY_ADDRESSES, relaysFor } from '../src/scaling/relays.ts';
import { SCRIPT, SCRIPTED_PER_CALL, SCRIPTED_PER_LOGIN } from '../src/scaling/routing.ts';
import { SCRIPTED_PER_LOSS, route } from '../src/scaling/routing.ts';
import type { Routed, RoutingPlan } from '../src/scaling/routing.ts';
import { capacityIn, textsOf } from '../src/scaling/tables.ts';
import { HEARTBEAT_SECONDS } from '../src/scaling/work.ts';

const FREE: Costing = {
  nodeMicros: 0,
  postgresMicros: 0,
  natsMicros: 0,
  writes: 0,
  reads: 0,
  walBytes: 0,
  busMessages: 0,
};
const MEASURED: Measured = {
  call: {
    nodeMicros: 2_000,
    postgresMicros: 1_000,
    natsMicros: 100,
    writes: 6,
    reads: 4,
    walBytes: 20_000,
    busMessages: 16,
  },
  webhooks: { ...FREE, postgresMicros: 500, writes: 4, walBytes: 10_000 },
  idleSecond: { ...FREE, reads: 4 },
  login: { ...FREE, nodeMicros: 3_000, postgresMicros: 1_500, writes: 1, busMessages: 2 },
  loss: { ...FREE, postgresMicros: 600, writes: 1, busMessages: 1 },
  heartbeat: { ...FREE, nodeMicros: 60, postgresMicros: 15, reads: 1 },
  subscription: { ...FREE, nodeMicros: 10, natsMicros: 3 },
  presenceRow: { ...FREE, nodeMicros: 3, postgresMicros: 2 },
  busBytesPerCall: 12_000,
  bytesToDevicesPerCall: 5_000,
  keptBytesPerCall: 10_000,
  toldBytesPerCall: 8_000,
  connectionBytes: 6_000,
  subjectBytes: { node: 1_700, nats: 900 },
};
const capacity = capacityOf(ASSUMPTIONS, MEASURED);
const ALONE = { ...ASSUMPTIONS, watchedPerDevice: 0 };

const SMALL: RoutingPlan = {
  users: 2_000,
  devicesPerUser: 1,
  nodes: 4,
  watchedPerDevice: 0,
  callsPerSecond: 50,
  seconds: 60,
  conversationSeconds: 120,
  loginsPerSecond: 0,
  seed: 7,
};

let routed: Routed;

beforeAll(() => {
  routed = route(routingPlan(ASSUMPTIONS, capacityIn(keptRun())));
});

describe('the arithmetic', () => {
  test('capacity follows from what is measured by plain multiplication', () => {
    const { database, bus, relays } = capacity;
    expect(capacity).toMatchObject({ connections: 1_200_000, heartbeats: 80_000 });
    expect(capacity.logins).toBeCloseTo(666.7, 1);
    expect(database.coresFor).toMatchObject({ calls: 1, webhooks: 0.5, heartbeats: 1.2 });
    expect(database.coresFor.logins).toBeCloseTo(1.4);
    expect(bus.messages).toBeCloseTo(16_000 + 3 * capacity.logins);
    expect(bus.heardByAll).toBeCloseTo(bus.messages * (capacity.nodes.count - 1));
    expect(relays.callsUnderWay).toBe(120_000);
  });

  test('writes are those of calls, webhooks, logins and losses; heartbeats only read', () => {
    const { database, logins, heartbeats, nodes } = capacity;
    expect(database.writesFor).toMatchObject({ calls: 6_000, webhooks: 4_000, heartbeats: 0 });
    expect(database.writes).toBeCloseTo(10_000 + 2 * logins);
    expect(database.reads).toBeCloseTo(4_000 + heartbeats + 4 * nodes.count);
  });

  test('there are as many nodes as processor, connections or memory need, whichever is most', () => {
    expect(capacityOf(ALONE, MEASURED).nodes).toMatchObject({
      forConnections: 48,
      count: 48,
      decidedBy: 'connections',
    });
    const slow = { ...MEASURED, call: { ...MEASURED.call, nodeMicros: 50_000 } };
    const busy = capacityOf(ASSUMPTIONS, slow).nodes;
    expect(busy).toMatchObject({ count: busy.forCpu, decidedBy: 'processor' });
    expect(busy.cores / busy.count).toBeLessThanOrEqual(ASSUMPTIONS.busyShare);
    const narrow = capacityOf({ ...ASSUMPTIONS, nodeMegabytes: 1_500 }, MEASURED).nodes;
    expect(narrow).toMatchObject({ count: narrow.forMemory, decidedBy: 'memory' });
    expect(narrow.bytes).toBeLessThanOrEqual(750e6);
  });

  test('the memory of a node is its beginning, its connections and its subjects', () => {
    const { nodes, presence } = capacity;
    expect(nodes.bytesOfConnections).toBeCloseTo((1_200_000 / nodes.count) * 6_000);
    expect(nodes.bytesOfSubjects).toBeCloseTo(presence.subjectsPerNode * 1_700);
    expect(nodes.bytes).toBeCloseTo(250e6 + nodes.bytesOfConnections + nodes.bytesOfSubjects);
  });

  test('a server of NATS keeps the subjects of its nodes, and of each other server every one once', () => {
    const { subjects } = presenceOver(48, ALONE);
    const { nodes, bus } = capacityOf(ALONE, MEASURED);
    expect(nodes.count).toBe(48);
    const own = subjects / NATS_SERVERS;
    expect(bus.bytesPerServer).toBeGreaterThan(2.8 * own * 900);
    expect(bus.bytesPerServer).toBeLessThan(3 * own * 900);
    // Where all watch many, each of the others has nearly all users watched.
    const others = 2 * ASSUMPTIONS.usersOnline * 900;
    const watching = capacity.presence.subjects / NATS_SERVERS;
    expect(capacity.bus.bytesPerServer).toBeGreaterThan(watching * 900 + others);
  });

  test('records grow by the month, and webhooks come to an end', () => {
    const { growthBytesPerMonth, toldBytes } = capacity.database;
    expect(growthBytesPerMonth).toBeCloseTo(1_000 * 0.35 * 30 * 86_400 * 10_000);
    expect(toldBytes).toBeCloseTo(1_000 * 0.35 * 7 * 86_400 * 8_000);
  });
});

describe('presence', () => {
  test('a round reads who moved, however many are watched, and no more rows than are watched', () => {
    expect(roundRowsPerSecond(1_300, 400_000)).toBe(1_300);
    expect(roundRowsPerSecond(1_300, 13_000)).toBe(1_300);
    expect(roundRowsPerSecond(1_300, 12_990)).toBe(1_299);
    expect(roundRowsPerSecond(1_300, 0)).toBe(0);
  });

  test('users who watch nobody cost no more than their own subjects and moves', () => {
    expect(presenceOver(48, ALONE)).toMatchObject({ watchedPerNode: 0, rows: 0, frames: 0 });
    expect(presenceOver(48, ALONE).subscriptions).toBeCloseTo(2 * capacity.logins);
  });
});

describe('relays', () => {
  test('a call takes a port for each end and each address, for each device that rings, and those of the ringing a while more', () => {
    const given = { ...ASSUMPTIONS, ringSeconds: 0, ringPortsStaySeconds: 0 };
    const of = (more: object) => relaysFor({ ...given, ...more }).allocations;
    const each = 1_000 * 2 * RELAY_ADDRESSES;
    expect(of({})).toBe(120 * each);
    expect(of({ networkInterfaces: 2 })).toBe(240 * each);
    expect(of({ ringSeconds: 10 })).toBeCloseTo((120 + 10 * 1.2) * each);
    expect(of({ ringPortsStaySeconds: 70 })).toBe((120 + 70) * each);
    expect(of({ ringPortsStaySeconds: 200 })).toBe(240 * each);
  });

  test('they are as many as ports or lines need, whichever is more', () => {
    const { allocations, bits, count } = capacity.relays;
    expect(count).toBe(Math.ceil(allocations / PORTS_PER_RELAY));
    const video = relaysFor({ ...ASSUMPTIONS, mediaKilobits: 2_000 });
    expect(video.count).toBe(video.forBits);
    expect(bits).toBe(120_000 * 0.15 * 2 * 300_000);
  });

  test('quota and addresses are those that are shipped', () => {
    const conf = textOf('deploy/coturn/turnserver.conf');
    expect(Number(/^total-quota=(\d+)$/m.exec(conf)?.[1])).toBe(PORTS_PER_RELAY);
    const [urls = ''] = /TURN_URLS: .*/.exec(textOf('deploy/compose/compose.yaml')) ?? [];
    expect(urls.split(',')).toHaveLength(RELAY_ADDRESSES);
  });
});

describe('what it costs and holds', () => {
  test('the cost is the sum of its parts, and a dearer part makes it dearer by as much', () => {
    const cost = costOf(ASSUMPTIONS, capacity);
    const prices = { ...ASSUMPTIONS.prices, node: ASSUMPTIONS.prices.node + 1 };
    const dearer = costOf({ ...ASSUMPTIONS, prices }, capacity);
    expect(dearer.allButRecords).toBeCloseTo(cost.allButRecords + capacity.nodes.count);
    const { nodes, database, nats, relays, relayTraffic, signallingTraffic } = cost;
    const parts = nodes + database + nats + relays + relayTraffic + signallingTraffic;
    expect(cost.allButRecords).toBeCloseTo(parts + cost.storageOfWebhooks);
    expect(cost.allAfterAYear - cost.allInTheFirstMonth).toBeCloseTo(
      11 * cost.recordsEachMonthMore,
    );
  });

  test('the list that is said to hold does, and one user more does not', () => {
    const most = mostWatched(ASSUMPTIONS, MEASURED) ?? NaN;
    expect(most).toBeGreaterThan(0);
    expect(most).toBeLessThan(MAX_WATCHED_USERS);
    const over = (watchedPerDevice: number) => {
      const given = { ...ASSUMPTIONS, watchedPerDevice };
      return exceeded(given, capacityOf(given, MEASURED));
    };
    expect(over(most)).toEqual([]);
    expect(over(most + 1)).toEqual(['memory of NATS']);
  });

  test('the size that is said to hold does, and a thousand users more do not', () => {
    const most = mostThousands(ASSUMPTIONS, MEASURED) ?? NaN;
    const over = (thousands: number) => {
      const given = ofSize(ASSUMPTIONS, thousands * 1_000);
      return exceeded(given, capacityOf(given, MEASURED));
    };
    expect(over(most)).toEqual([]);
    expect(over(most + 1)).not.toEqual([]);
    const none = { ...ASSUMPTIONS.most, databaseCores: 0 };
    expect(mostThousands({ ...ASSUMPTIONS, most: none }, MEASURED)).toBeUndefined();
  });

  test('connections to the database and its cores are among what stops it', () => {
    const tight = { ...ASSUMPTIONS.most, databaseConnections: 287, databaseCores: 1 };
    const given = { ...ASSUMPTIONS, most: tight };
    expect(exceeded(given, capacity)).toEqual(['cores of PostgreSQL', 'connections to PostgreSQL']);
  });

  test('one partition crosses nothing; more share the work and pay for what crosses', () => {
    const { cores } = capacity.database;
    const one = partitioned(capacity, 1_000, 1);
    expect(one).toMatchObject({ partitions: 1, crossing: 0, transactionsPerCall: 6 });
    expect(one.coresPerPartition).toBeCloseTo(cores);
    const four = partitioned(capacity, 1_000, 4);
    expect(four).toMatchObject({ crossing: 0.75, transactionsPerCall: 7.5 });
    expect(four.coresPerPartition).toBeCloseTo((cores + 0.25) / 4);
  });
});

describe('the routing', () => {
  test('a single node publishes every delivery and hears none', () => {
    const alone = route({ ...SMALL, nodes: 1 });
    expect(alone.published).toBe(alone.calls * SCRIPTED_PER_CALL);
    expect(alone.heard).toBe(0);
  });

  test('with one device each, only what goes to the other user can cross, and most nodes are others', () => {
    const { calls, heard } = route(SMALL);
    // Of each step one delivery, of the end two, goes to who did not act; three of four are at another node.
    const toOthers = SCRIPTED_PER_CALL / 2 + 1;
    expect(heard / calls).toBeGreaterThan(0.7 * (toOthers - 2));
    expect(heard / calls).toBeLessThan(0.8 * toOthers);
  });

  test('a node listens to each of its users, and to whom these watch, once', () => {
    expect(route(SMALL).subjects).toBe(SMALL.users);
    const watching = route({ ...SMALL, nodes: 1, watchedPerDevice: 200 });
    expect(watching.subjects).toBe(2 * SMALL.users);
  });

  test('a login and a loss are told to nodes that watch the user and to no other; the login to its user too', () => {
    const plan = { ...SMALL, callsPerSecond: 0, loginsPerSecond: 10 };
    expect(route(plan)).toMatchObject({ published: 1_800, heard: 0, rowsForMoves: 0, frames: 0 });
    // Every node watches every user: the three others hear, and all four look once at who came, twice at who went.
    const watched = route({ ...plan, watchedPerDevice: 200 });
    expect(watched).toMatchObject({ published: 1_800, heard: 3_600, rowsForMoves: 600 * 4 * 3 });
  });

  test('a device that comes is listened for, and no longer when it goes; so are those whom it alone watches', () => {
    const plan = { ...SMALL, callsPerSecond: 0, loginsPerSecond: 10 };
    expect(route(plan).subscriptions).toBe(2 * 600);
    // Of 2,000 lists of one user each, more than a third name somebody whom nobody else watches.
    const { subscriptions, subjects } = route({ ...plan, nodes: 1, watchedPerDevice: 1 });
    expect(subscriptions).toBeGreaterThan(2 * 600 * 1.2);
    expect(subscriptions).toBeLessThan(2 * 600 * 1.5);
    expect(subjects).toBeLessThan(2 * SMALL.users);
  });

  test('the same seed routes the same', () => {
    expect(route(SMALL)).toEqual(route(SMALL));
  });

  test('at full size it comes to what the arithmetic says, within one in a hundred', () => {
    const { presence, bus, logins } = capacityIn(keptRun());
    const perMinute = (counted: number) => counted / 60;
    const scripted = 1_000 * SCRIPTED_PER_CALL + logins * (SCRIPTED_PER_LOGIN + SCRIPTED_PER_LOSS);
    for (const [counted, reckoned] of [
      [routed.subjects, presence.subjects],
      [perMinute(routed.subscriptions), presence.subscriptions],
      [perMinute(routed.rowsForMoves), presence.rowsForMoves],
      [perMinute(routed.frames), presence.frames],
      [perMinute(routed.published), scripted],
      [bus.messages, scripted],
    ] as const) {
      expect(Math.abs(counted / reckoned - 1)).toBeLessThan(0.01);
    }
  });
});

describe('the page', () => {
  test('the script has as many deliveries as were measured, and the rhythm is the protocol’s', () => {
    const { call, login, loss } = measuredIn(keptRun());
    expect(SCRIPTED_PER_CALL).toBeCloseTo(call.busMessages, 0);
    expect(SCRIPTED_PER_LOGIN).toBeCloseTo(login.busMessages, 0);
    expect(SCRIPTED_PER_LOSS).toBeCloseTo(loss.busMessages, 0);
    expect(HEARTBEAT_SECONDS * 1000).toBe(HEARTBEAT_MS);
    expect(SCRIPT.filter(({ at }) => at === ASSUMPTIONS.ringSeconds)).not.toEqual([]);
  });

  test('the memory of a connection is the one that the page of the bench shows', () => {
    const [, server] =
      /^memory per idle connection, KB +[\d.]+ +([\d.]+)/m.exec(pageOf('performance.md')) ?? [];
    expect(Number(server)).toBe(CONNECTION_KILOBYTES);
  });

  test('the tables of the pages are those of the kept run: npm run bench:scaling -- --write', () => {
    const texts = textsOf(keptRun(), routed);
    for (const page of PAGES) expect(filled(pageOf(page), texts)).toBe(pageOf(page));
    expect(PAGES.map((page) => pageOf(page).match(/<!-- generated /g)?.length)).toEqual([2, 7]);
  });
});

function textOf(path: string): string {
  return readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');
}
