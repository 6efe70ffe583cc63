/** How many there are, where they are, and whom they watch. */
export interface PopulationPlan {
  readonly users: number;
  /** 1 to 2. */
  readonly devicesPerUser: number;
  readonly nodes: number;
  readonly watchedPerDevice: number;
}

/** Nobody's node: the device is not there. */
const NOWHERE = 0xffff;
/** Places of devices for each user. */
const PLACES = 2;

/** Numbers from 0 to 1 that are the same for the same seed (mulberry32). */
export function randomFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    return scattered(state);
  };
}

/** A whole number under the count. */
export function below(count: number, random: () => number): number {
  return Math.floor(random() * count);
}

/** At which nodes the one or two devices of each user are, and how many devices of each node watch each user. */
export class Population {
  readonly #plan: PopulationPlan;
  /** By place: two for each user. */
  readonly #nodeOf: Uint16Array;
  readonly #watchers: readonly Uint16Array[];

  constructor(plan: PopulationPlan, random: () => number) {
    this.#plan = plan;
    this.#nodeOf = new Uint16Array(PLACES * plan.users).fill(NOWHERE);
    this.#watchers = Array.from({ length: plan.nodes }, () => new Uint16Array(plan.users));
    for (let user = 0; user < plan.users; user++) {
      this.arrive(PLACES * user, below(plan.nodes, random));
      if (random() < plan.devicesPerUser - 1) {
        this.arrive(PLACES * user + 1, below(plan.nodes, random));
      }
    }
  }

  /** The user whose device has this place. */
  userAt(place: number): number {
    return Math.floor(place / PLACES);
  }

  /** A place at which a device is. */
  anyPlace(random: () => number): number {
    for (;;) {
      const place = below(this.#nodeOf.length, random);
      if (this.#nodeOf[place] !== NOWHERE) return place;
    }
  }

  /** The node of the user's first device, at which it acts. */
  first(user: number): number {
    return this.#nodeOf[PLACES * user] ?? NOWHERE;
  }

  /** The nodes at which the user has a device, each once. */
  nodesOf(user: number): readonly number[] {
    const first = this.first(user);
    const second = this.#nodeOf[PLACES * user + 1] ?? NOWHERE;
    if (first === NOWHERE) return second === NOWHERE ? [] : [second];
    return second === NOWHERE || second === first ? [first] : [first, second];
  }

  /** How many devices at the node watch the user. */
  watchersAt(node: number, user: number): number {
    return this.#watchers[node]?.[user] ?? 0;
  }

  /** The device comes to the node; how many subjects the node listens to since. */
  arrive(place: number, node: number): number {
    const isNew = !this.nodesOf(this.userAt(place)).includes(node);
    this.#nodeOf[place] = node;
    return Number(isNew) + this.#watch(place, node, 1);
  }

  /** The device goes; where it was, and how many subjects that node listens to no longer. */
  leave(place: number): { readonly node: number; readonly subjects: number } {
    const node = this.#nodeOf[place] ?? NOWHERE;
    this.#nodeOf[place] = NOWHERE;
    const isGone = !this.nodesOf(this.userAt(place)).includes(node);
    return { node, subjects: Number(isGone) + this.#watch(place, node, -1) };
  }

  /** Subjects of users and of watched users, by node. */
  subjects(): Float64Array {
    const subjects = Float64Array.from(this.#watchers, (watchers) => {
      let watched = 0;
      for (const count of watchers) if (count > 0) watched++;
      return watched;
    });
    for (let user = 0; user < this.#plan.users; user++) {
      for (const node of this.nodesOf(user)) subjects[node] = (subjects[node] ?? 0) + 1;
    }
    return subjects;
  }

  /** One watcher more, or one less, of each user on the device's list; how many began or ceased to be watched there. */
  #watch(place: number, node: number, by: 1 | -1): number {
    const watchers = this.#watchers[node];
    if (!watchers) return 0;
    const { users, watchedPerDevice } = this.#plan;
    let changed = 0;
    for (let i = 0; i < watchedPerDevice; i++) {
      // The list is always the same, so that it need not be kept.
      const user = Math.floor(
        scattered(Math.imul(place * watchedPerDevice + i, 0x9e3779b1)) * users,
      );
      const before = watchers[user] ?? 0;
      watchers[user] = before + by;
      if (before === 0 || before + by === 0) changed++;
    }
    return changed;
  }
}

/** A number from 0 to 1 that looks like chance. */
function scattered(state: number): number {
  let t = Math.imul(state ^ (state >>> 15), state | 1);
  t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
  return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
}
