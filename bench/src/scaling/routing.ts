/** Users, devices, nodes and the subjects between them: everything of a large Ringline but its sockets. */
export interface RoutingPlan {
  readonly users: number;
  readonly devicesPerUser: number;
  readonly nodes: number;
  readonly watchedPerDevice: number;
  readonly callsPerSecond: number;
  readonly seconds: number;
  readonly conversationSeconds: number;
  readonly loginsPerSecond: number;
  readonly seed: number;
}

/** What the routing of a minute came to. */
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
  /** Subjects of users and of watched users that a node listens to. */
  readonly subjectsPerNode: Spread;
  readonly subjects: number;
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

/** Numbers from 0 to 1 that are the same for the same seed (mulberry32). */
function randomFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Routes the calls and logins of some seconds; what began earlier than these comes round into them, so the rate is steady. */
export function route(plan: RoutingPlan): Routed {
  const random = randomFrom(plan.seed);
  const homes = homesOf(plan, random);
  const watching = watchersOf(plan, homes, random);
  const traffic = new Traffic(plan, homes, watching);
  const calls = plan.callsPerSecond * plan.seconds;
  for (let call = 0; call < calls; call++) routeCall(plan, traffic, random);
  const logins = plan.loginsPerSecond * plan.seconds;
  for (let login = 0; login < logins; login++) {
    const user = below(plan.users, random);
    traffic.publishMove(user, homes.first(user), random() * plan.seconds);
  }
  return { calls, ...traffic.sums() };
}

function routeCall(plan: RoutingPlan, traffic: Traffic, random: () => number): void {
  const parties = [below(plan.users, random), below(plan.users, random)] as const;
  const began = random() * plan.seconds;
  const talked = -Math.log(1 - random()) * plan.conversationSeconds;
  for (const { at, isAfterConversation, by, to } of SCRIPT) {
    const second = began + at + (isAfterConversation ? talked : 0);
    for (const side of [0, 1] as const) {
      for (let i = 0; i < to[side]; i++) traffic.publish(parties[by], parties[side], second);
    }
  }
}

function below(count: number, random: () => number): number {
  return Math.floor(random() * count);
}

/** At which nodes the one or two devices of each user are. */
interface Homes {
  first(user: number): number;
  /** The nodes, each once. */
  of(user: number): readonly number[];
}

const NOWHERE = 0xffff;

function homesOf(plan: RoutingPlan, random: () => number): Homes {
  const nodes = new Uint16Array(2 * plan.users).fill(NOWHERE);
  for (let user = 0; user < plan.users; user++) {
    nodes[2 * user] = below(plan.nodes, random);
    if (random() < plan.devicesPerUser - 1) nodes[2 * user + 1] = below(plan.nodes, random);
  }
  const first = (user: number) => nodes[2 * user] ?? NOWHERE;
  return {
    first,
    of: (user) => {
      const second = nodes[2 * user + 1] ?? NOWHERE;
      return second === NOWHERE || second === first(user) ? [first(user)] : [first(user), second];
    },
  };
}

/** For each node one bit per user that somebody there watches. */
function watchersOf(plan: RoutingPlan, homes: Homes, random: () => number): readonly Uint8Array[] {
  const bytes = Math.ceil(plan.users / 8);
  const watched = Array.from({ length: plan.nodes }, () => new Uint8Array(bytes));
  for (let user = 0; user < plan.users; user++) {
    for (const node of homes.of(user)) {
      for (let i = 0; i < plan.watchedPerDevice; i++) {
        setBit(watched[node], below(plan.users, random));
      }
    }
  }
  return watched;
}

function setBit(bits: Uint8Array | undefined, place: number): void {
  if (bits) bits[place >> 3] = (bits[place >> 3] ?? 0) | (1 << (place & 7));
}

/** Counts what goes where. */
class Traffic {
  readonly #plan: RoutingPlan;
  readonly #homes: Homes;
  readonly #watching: readonly Uint8Array[];
  readonly #published: Float64Array;
  readonly #heard: Float64Array;
  /** By node and second. */
  readonly #bySecond: Uint32Array;
  readonly #bySubject: Uint32Array;

  constructor(plan: RoutingPlan, homes: Homes, watching: readonly Uint8Array[]) {
    this.#plan = plan;
    this.#homes = homes;
    this.#watching = watching;
    this.#published = new Float64Array(plan.nodes);
    this.#heard = new Float64Array(plan.nodes);
    this.#bySecond = new Uint32Array(plan.nodes * plan.seconds);
    this.#bySubject = new Uint32Array(plan.users);
  }

  /** A delivery to a user, said by the node of the user who acts. */
  publish(actor: number, to: number, at: number): void {
    const by = this.#homes.first(actor);
    this.#count(this.#published, by, at);
    this.#bySubject[to] = (this.#bySubject[to] ?? 0) + 1;
    for (const node of this.#homes.of(to)) if (node !== by) this.#count(this.#heard, node, at);
  }

  publishMove(user: number, by: number, at: number): void {
    this.#count(this.#published, by, at);
    this.#watching.forEach((bits, node) => {
      const isWatched = ((bits[user >> 3] ?? 0) >> (user & 7)) & 1;
      if (isWatched && node !== by) this.#count(this.#heard, node, at);
    });
  }

  sums(): Omit<Routed, 'calls'> {
    const subjects = this.#subjectsPerNode();
    return {
      published: total(this.#published),
      heard: total(this.#heard),
      publishedPerNode: spreadOf(this.#published),
      heardPerNode: spreadOf(this.#heard),
      busiestSecondOfANode: greatest(this.#bySecond),
      busiestSubject: greatest(this.#bySubject),
      subjectsPerNode: spreadOf(subjects),
      subjects: total(subjects),
    };
  }

  #subjectsPerNode(): Float64Array {
    const subjects = Float64Array.from(this.#watching, bitsIn);
    for (let user = 0; user < this.#plan.users; user++) {
      for (const node of this.#homes.of(user)) subjects[node] = (subjects[node] ?? 0) + 1;
    }
    return subjects;
  }

  #count(what: Float64Array, node: number, at: number): void {
    what[node] = (what[node] ?? 0) + 1;
    const { seconds } = this.#plan;
    const place = node * seconds + (Math.floor(at) % seconds);
    this.#bySecond[place] = (this.#bySecond[place] ?? 0) + 1;
  }
}

type Counts = Float64Array | Uint32Array;

function bitsIn(bits: Uint8Array): number {
  let count = 0;
  for (const byte of bits) for (let rest = byte; rest > 0; rest &= rest - 1) count++;
  return count;
}

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
