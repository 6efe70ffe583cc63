import { Population, below, randomFrom } from './population.ts';
import type { PopulationPlan } from './population.ts';
import { LOOKS_PER_LOSS } from './presence.ts';

/** Users, devices, nodes and the subjects between them: everything of a large Ringline but its sockets. */
export interface RoutingPlan extends PopulationPlan {
  readonly callsPerSecond: number;
  readonly seconds: number;
  readonly conversationSeconds: number;
  /** As many devices are lost. */
  readonly loginsPerSecond: number;
  readonly seed: number;
}

/** What the routing of some seconds came to. */
export interface Routed {
  readonly calls: number;
  /** Given to the bus by nodes. */
  readonly published: number;
  /** Brought by the bus to nodes other than the one that said it. */
  readonly heard: number;
  readonly heardPerNode: Spread;
  readonly publishedPerNode: Spread;
  /** Published and heard by one node in one second. */
  readonly busiestSecondOfANode: number;
  readonly busiestSubject: number;
  /** Subjects of users and of watched users that a node listens to, at the end. */
  readonly subjectsPerNode: Spread;
  readonly subjects: number;
  /** Subjects that nodes began or ceased to listen to. */
  readonly subscriptions: number;
  /** Rows of presence that nodes read because somebody whom they watch came or went. */
  readonly rowsForMoves: number;
  /** Devices that were told of somebody who came or went. */
  readonly frames: number;
}

export interface Spread {
  readonly least: number;
  readonly mean: number;
  readonly most: number;
}

interface Said {
  /** When, seconds from the invitation; what follows the conversation is later by its length. */
  readonly at: number;
  readonly isAfterConversation: boolean;
  readonly by: 0 | 1;
  /** Deliveries to the caller's user and to the callee's. */
  readonly to: readonly [number, number];
}

/**
 * A completed call as the nodes tell it: each step tells both users of the call, the last also of its record, and
 * an acknowledgement tells the other where they stand.
 */
export const SCRIPT: readonly Said[] = [
  { at: 0, isAfterConversation: false, by: 0, to: [1, 1] },
  { at: 0.3, isAfterConversation: false, by: 1, to: [1, 1] },
  { at: 8, isAfterConversation: false, by: 1, to: [1, 1] },
  { at: 9, isAfterConversation: false, by: 0, to: [1, 1] },
  { at: 9, isAfterConversation: false, by: 1, to: [1, 1] },
  { at: 9, isAfterConversation: true, by: 0, to: [2, 2] },
  { at: 9.1, isAfterConversation: true, by: 0, to: [0, 1] },
  { at: 9.1, isAfterConversation: true, by: 1, to: [1, 0] },
];

/** Deliveries of one call by the script. */
export const SCRIPTED_PER_CALL = SCRIPT.reduce((sum, { to }) => sum + to[0] + to[1], 0);

/** Deliveries of one login: to the user's other sockets of the device, and to whom watches the user. */
export const SCRIPTED_PER_LOGIN = 2;
/** To whom watches the user. */
export const SCRIPTED_PER_LOSS = 1;

/** Routes the calls and logins of some seconds; what began earlier than these comes round into them, so the rate is steady. */
export function route(plan: RoutingPlan): Routed {
  const random = randomFrom(plan.seed);
  const population = new Population(plan, random);
  const traffic = new Traffic(plan, population);
  const sessions = plan.loginsPerSecond * plan.seconds;
  for (let session = 0; session < sessions; session++) {
    routeSession(plan, population, traffic, random);
  }
  const calls = plan.callsPerSecond * plan.seconds;
  for (let call = 0; call < calls; call++) routeCall(plan, traffic, random);
  return { calls, ...traffic.sums() };
}

/** A device is lost at its node, and one like it logs in at another; both at any moment. */
function routeSession(
  plan: RoutingPlan,
  population: Population,
  traffic: Traffic,
  random: () => number,
): void {
  const place = population.anyPlace(random);
  const user = population.userAt(place);
  const left = population.leave(place);
  traffic.publishMove(user, left.node, random() * plan.seconds, LOOKS_PER_LOSS);
  const node = below(plan.nodes, random);
  traffic.subscribe(left.subjects + population.arrive(place, node));
  const at = random() * plan.seconds;
  traffic.publish(node, user, at);
  traffic.publishMove(user, node, at, 1);
}

function routeCall(plan: RoutingPlan, traffic: Traffic, random: () => number): void {
  const parties = [below(plan.users, random), below(plan.users, random)] as const;
  const began = random() * plan.seconds;
  const talked = -Math.log(1 - random()) * plan.conversationSeconds;
  for (const { at, isAfterConversation, by, to } of SCRIPT) {
    const second = began + at + (isAfterConversation ? talked : 0);
    for (const side of [0, 1] as const) {
      for (let i = 0; i < to[side]; i++) traffic.publishBy(parties[by], parties[side], second);
    }
  }
}

/** Counts what goes where. */
class Traffic {
  readonly #plan: RoutingPlan;
  readonly #population: Population;
  readonly #published: Float64Array;
  readonly #heard: Float64Array;
  /** By node and second. */
  readonly #bySecond: Uint32Array;
  readonly #bySubject: Uint32Array;
  #subscriptions = 0;
  #rowsForMoves = 0;
  #frames = 0;

  constructor(plan: RoutingPlan, population: Population) {
    this.#plan = plan;
    this.#population = population;
    this.#published = new Float64Array(plan.nodes);
    this.#heard = new Float64Array(plan.nodes);
    this.#bySecond = new Uint32Array(plan.nodes * plan.seconds);
    this.#bySubject = new Uint32Array(plan.users);
  }

  /** A delivery to a user, said by the node of the user who acts. */
  publishBy(actor: number, to: number, at: number): void {
    this.publish(this.#population.first(actor), to, at);
  }

  /** A delivery to a user, said by this node. */
  publish(by: number, to: number, at: number): void {
    this.#count(this.#published, by, at);
    this.#bySubject[to] = (this.#bySubject[to] ?? 0) + 1;
    for (const node of this.#population.nodesOf(to)) {
      if (node !== by) this.#count(this.#heard, node, at);
    }
  }

  /** Somebody came or went: each node that watches the user, this one too, looks so often where it stands. */
  publishMove(user: number, by: number, at: number, looks: number): void {
    this.#count(this.#published, by, at);
    for (let node = 0; node < this.#plan.nodes; node++) {
      const watchers = this.#population.watchersAt(node, user);
      if (watchers === 0) continue;
      this.#rowsForMoves += looks;
      this.#frames += watchers;
      if (node !== by) this.#count(this.#heard, node, at);
    }
  }

  /** A node begins or ceases to listen to so many subjects. */
  subscribe(count: number): void {
    this.#subscriptions += count;
  }

  sums(): Omit<Routed, 'calls'> {
    const subjects = this.#population.subjects();
    return {
      published: total(this.#published),
      heard: total(this.#heard),
      publishedPerNode: spreadOf(this.#published),
      heardPerNode: spreadOf(this.#heard),
      busiestSecondOfANode: greatest(this.#bySecond),
      busiestSubject: greatest(this.#bySubject),
      subjectsPerNode: spreadOf(subjects),
      subjects: total(subjects),
      subscriptions: this.#subscriptions,
      rowsForMoves: this.#rowsForMoves,
      frames: this.#frames,
    };
  }

  #count(what: Float64Array, node: number, at: number): void {
    what[node] = (what[node] ?? 0) + 1;
    const { seconds } = this.#plan;
    const place = node * seconds + (Math.floor(at) % seconds);
    this.#bySecond[place] = (this.#bySecond[place] ?? 0) + 1;
  }
}

type Counts = Float64Array | Uint32Array;

function total(counts: Counts): number {
  let sum = 0;
  for (const count of counts) sum += count;
  return sum;
}

function greatest(counts: Counts): number {
  let most = 0;
  for (const count of counts) if (count > most) most = count;
  return most;
}

function spreadOf(counts: Counts): Spread {
  let least = Infinity;
  for (const count of counts) if (count < least) least = count;
  return { least, mean: total(counts) / counts.length, most: greatest(counts) };
}
