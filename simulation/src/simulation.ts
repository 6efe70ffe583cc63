import { HEARTBEAT_MS, PRECONNECT } from '@ringline/protocol';
import type { Store } from '@ringline/server';
import { verify } from '@ringline/server';
import { FakeMedia, SeededRandomness, VirtualClock } from '@ringline/testkit';
import type { Weather } from './cluster.ts';
import { flawsOfConversations, receiptsAhead } from './conversation-verdict.ts';
import { Cluster } from './cluster.ts';
import { SimulatedDevice } from './device.ts';
import { EarlyMediaWatch } from './early-media-watch.ts';
import { flawsOfViews } from './hold-verdict.ts';
import { Inviting } from './inviting.ts';
import { flawsOfSilence } from './quiet-watch.ts';
import { RingingWatch } from './ringing-watch.ts';
import { Trouble } from './trouble.ts';
import { Users } from './users.ts';
import {
  flawsAtRest,
  flawsOfDeclarations,
  flawsOfPresence,
  flawsOfVoice,
  ghosts,
  lasting,
} from './verdict.ts';

/** What a run came to. */
export interface Result {
  readonly seed: string;
  /** Empty when everything that must hold held. */
  readonly flaws: readonly string[];
  /** Calls that ended, by reason. */
  readonly endings: ReadonlyMap<string, number>;
  readonly lostRaces: number;
  /** Messages that met a store that was away. */
  readonly faults: number;
  readonly kills: number;
  readonly steps: number;
  /** Marks that people set on what they had read. */
  readonly reads: number;
  /** Messages that were sent again under their key. */
  readonly sentAgain: number;
  /** Items that inboxes did not keep. */
  readonly removed: number;
  /** Calls whose log is short, for it had its time. */
  readonly shortened: number;
  /** What people did in calls, by act. */
  readonly acts: ReadonlyMap<string, number>;
  /** How often a held call was looked at. */
  readonly quietLooks: number;
  /** What devices heard of the server's voice. */
  readonly heard: ReadonlySet<string>;
  /** Bare invitations that are over, by what became of them. */
  readonly invitations: ReadonlyMap<string, number>;
}

/** How long people and trouble go on, in virtual time. */
const CHAOS_MS = 90_000;
/** After the last act every deadline, grace and back-off has passed within this. */
const REST_MS = 150_000;
/** Longer than it takes to see that a caller is gone, and its grace. */
const DESERT_MS = 60_000;
/** What the bus lost of who comes and goes is told within this (PRS4), and who has gone after it (PRS3). */
const PRESENCE_LAG_MS = 15_000;
/** An act has an outcome within this: it is answered within 15 s, and its view is there within 15 s. */
const SETTLED_MS = 31_000;
/** After the last page is gone every loss has been noted within this. */
const LEFT_MS = 10_000;
const LOOK_EVERY_MS = 1_000;

/** Runs real nodes and real SDKs from one seed through calls and trouble, to rest, and judges. */
export async function simulate(seed: string, weather?: Partial<Weather>): Promise<Result> {
  const randomness = new SeededRandomness(seed);
  const clock = new VirtualClock({ turns: 1 });
  const media = new FakeMedia(clock);
  const drawn = weatherOf(randomness, weather);
  const cluster = new Cluster(clock, randomness.fork('cluster'), media, drawn);
  const devices: SimulatedDevice[] = [];
  const users = new Users(clock, randomness.fork('users'), () => devices);
  const world = { clock, cluster, media, randomness: randomness.fork('devices') };
  for (const user of ['alice', 'bob', 'carol']) {
    for (const n of [1, 2]) {
      const of = { user, name: `${user}${n}` };
      devices.push(new SimulatedDevice(of, world, (device, call) => users.meet(device, call)));
    }
  }
  const trouble = new Trouble(clock, randomness.fork('trouble'), cluster, devices);
  const watch = new RingingWatch(cluster, trouble, (call) => users.isAnswering(call));
  const early = new EarlyMediaWatch();
  const inviting = new Inviting({ ...world, trouble, randomness: randomness.fork('inviting') });

  await begin(clock, cluster, [...devices, inviting]);
  const ahead = await chaos(
    { clock, users, trouble, watch, early, inviting, devices },
    cluster.store,
    randomness.fork('chaos'),
  );
  const disagreements = await rest({ clock, cluster, users, trouble, inviting, devices });
  await desert({ clock, users, watch, devices }, randomness.fork('desert'));
  const voices = flawsOfVoice(devices, cluster.listeners);
  const atRest = flawsAtRest(cluster, devices, media, clock.now());
  const flaws = [
    ...watch.ghosts,
    ...ahead,
    ...early.flaws,
    ...users.quiet.flaws,
    ...users.surprises,
    ...disagreements,
    ...voices,
    ...(await clock.untilSettled(users.letters.flaws(cluster.store, drawn.retention))),
    ...(await clock.untilSettled(atRest)),
    ...(await clock.untilSettled(flawsOfConversations(cluster.store, devices))),
    // Tokens run out at any time, also now: what is believed wrongly must be put right when it is due.
    ...(await lasting(clock, PRESENCE_LAG_MS, () => flawsOfPresence(cluster.store, devices))),
    ...(await ghostsAfterAll(clock, cluster, devices, randomness.fork('leaving'))),
    ...(await clock.untilSettled(flawsOfStore(cluster.store))),
    ...cluster.log.errors,
  ];
  const removed = await clock.untilSettled(removedOf(cluster.store, devices));
  const shortened = await clock.untilSettled(shortenedIn(cluster.store));
  return { seed, flaws, removed, shortened, ...countsOf(cluster, users, trouble) };
}

/** Whether it was hard enough to prove anything. */
function countsOf(
  { counts }: Cluster,
  users: Users,
  { kills }: Trouble,
): Omit<Result, 'seed' | 'flaws' | 'removed' | 'shortened'> {
  const { endings, faults, invitations, lostRaces, steps } = counts;
  const { heard, letters, quiet, reads, talk } = users;
  return {
    endings,
    faults,
    invitations,
    lostRaces,
    steps,
    kills,
    reads,
    sentAgain: letters.again,
    acts: talk.done,
    quietLooks: quiet.looks,
    heard,
  };
}

async function removedOf(store: Store, devices: readonly SimulatedDevice[]): Promise<number> {
  const users = [...new Set(devices.map(({ user }) => user))];
  const standings = await Promise.all(users.map((user) => store.inboxStanding(user)));
  return standings.reduce((sum, { first }) => sum + first - 1, 0);
}

/** Up to which record logs are short: of all calls that were over then. */
async function shortenedIn(store: Store): Promise<number> {
  const audit = await store.audit();
  const { logsTo } = await audit.forgotten();
  await audit.close();
  return logsTo;
}

function weatherOf(randomness: SeededRandomness, given: Partial<Weather> = {}): Weather {
  const drawn = randomness.fork('weather');
  return {
    nodes: drawn.integer(1, 3),
    storeDelayMs: drawn.pick([0, 2, 20]),
    busLoss: drawn.pick([0, 0.02, 0.2]),
    skewMs: drawn.pick([0, 3_000]),
    doubled: drawn.pick([0, 0.1]),
    preconnect: drawn.pick(PRECONNECT),
    hasRingback: drawn.chance(0.5),
    retention: drawn.pick([{}, {}, { maxItems: 8 }, { maxAgeMs: 120_000 }]),
    hasStoreClock: drawn.chance(0.5),
    // Not always: there is less to see in a log that is short.
    callRetention: randomness.fork('logs').chance(0.2) ? { logMs: 60_000 } : {},
    ...given,
  };
}

async function begin(
  clock: VirtualClock,
  cluster: Cluster,
  devices: readonly Pick<SimulatedDevice, 'load'>[],
): Promise<void> {
  for (const index of cluster.indexes) await clock.untilSettled(cluster.start(index));
  for (const device of devices) device.load();
  await clock.advanceAsync(1_000);
}

interface Actors {
  readonly clock: VirtualClock;
  readonly users: Users;
  readonly trouble: Trouble;
  readonly watch: RingingWatch;
  readonly early: EarlyMediaWatch;
  readonly inviting: Inviting;
  readonly devices: readonly SimulatedDevice[];
}

async function chaos(
  { clock, users, trouble, watch, early, inviting, devices }: Actors,
  store: Store,
  randomness: SeededRandomness,
): Promise<readonly string[]> {
  const ahead: string[] = [];
  const until = clock.now() + CHAOS_MS;
  let looksAt = clock.now();
  while (clock.now() < until) {
    const draw = randomness.number();
    if (draw < 0.5) users.callSomebody();
    else if (draw < 0.62) users.writeToSomebody();
    else if (draw < 0.68) users.readSomething();
    else if (draw < 0.72) users.watchOthers();
    else trouble.strike();
    inviting.act();
    await clock.advanceAsync(randomness.integer(10, 2_500));
    if (clock.now() < looksAt) continue;
    looksAt = clock.now() + LOOK_EVERY_MS;
    early.look(devices);
    users.quiet.look(devices);
    await clock.untilSettled(watch.look(devices, clock.now()));
    await clock.untilSettled(inviting.look());
    ahead.push(...(await clock.untilSettled(receiptsAhead(store, devices))));
  }
  return ahead;
}

async function rest({
  clock,
  cluster,
  users,
  trouble,
  inviting,
  devices,
}: Omit<Actors, 'watch' | 'early'> & { cluster: Cluster }): Promise<readonly string[]> {
  users.calmDown();
  trouble.mendEverything();
  inviting.load();
  await clock.advanceAsync(REST_MS);
  users.quiet.look(devices);
  const disagreements = [
    ...flawsOfDeclarations(devices),
    ...flawsOfSilence(devices),
    ...users.talk.unsettled(SETTLED_MS),
    ...(await clock.untilSettled(flawsOfViews(cluster.store, devices))),
    ...(await clock.untilSettled(inviting.flawsAtRest())),
    ...inviting.flaws,
  ];
  inviting.leave();
  users.endEverything();
  await clock.advanceAsync(REST_MS);
  return [...disagreements, ...users.talk.unsettled(0)];
}

/** Nothing else happens, a phone rings that nobody hears, and the caller's page dies: the ringing must stop. */
async function desert(
  { clock, users, watch, devices }: Omit<Actors, 'trouble' | 'early' | 'inviting'>,
  randomness: SeededRandomness,
): Promise<void> {
  users.goAway();
  const [caller, callee] = randomness.shuffle(devices);
  if (!caller?.client || !callee) return;
  // So that nobody is left of this user when the caller dies, and those who watch must hear of it.
  for (const each of devices) if (each.user === caller.user && each !== caller) each.kill();
  const called = caller.client.call(callee.user, { media: 'audio', ringTimeoutMs: DESERT_MS });
  // A user cannot call itself, and a page that dies hears no answer.
  called.catch(() => undefined);
  await clock.advanceAsync(2_000);
  caller.kill();
  const until = clock.now() + DESERT_MS;
  while (clock.now() < until) {
    await clock.advanceAsync(LOOK_EVERY_MS);
    await clock.untilSettled(watch.look(devices, clock.now()));
  }
  // What the bus lost of the end comes with the next heartbeat.
  await clock.advanceAsync(2 * HEARTBEAT_MS);
}

/** Everybody leaves, some while they say hello: a little later no device may count as reachable. */
async function ghostsAfterAll(
  clock: VirtualClock,
  cluster: Cluster,
  devices: readonly SimulatedDevice[],
  randomness: SeededRandomness,
): Promise<readonly string[]> {
  for (const device of devices) {
    device.drop();
    clock.after(randomness.integer(0, 2_000), () => device.kill());
  }
  await clock.advanceAsync(LEFT_MS);
  return clock.untilSettled(ghosts(cluster.store, devices));
}

/** What `ringline verify` would say. */
async function flawsOfStore(store: Store): Promise<readonly string[]> {
  const flaws: string[] = [];
  await verify(store, (flaw) => flaws.push(flaw));
  return flaws;
}
