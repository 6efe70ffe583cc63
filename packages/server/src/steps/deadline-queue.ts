interface Standing {
  readonly at: number;
  /** Of the thing when it got this deadline. */
  readonly version: number;
}

interface Entry<Id> {
  readonly at: number;
  readonly key: string;
  readonly id: Id;
}

/** Below this many it is not worth to clear out what has moved. */
const FEW = 1_000;

/** What is due when, the earliest first; of each thing the deadline that was said last. */
export class DeadlineQueue<Id> {
  readonly #standing = new Map<string, Standing>();
  /** A binary heap by time; what does not stand in `#standing` has moved since. */
  #heap: Entry<Id>[] = [];

  /** How many things have a deadline here. */
  get size(): number {
    return this.#standing.size;
  }

  /** When the earliest is due; Infinity when there is none. */
  get nextAt(): number {
    this.#dropMoved();
    return this.#heap[0]?.at ?? Infinity;
  }

  /** This is due then, and not when it was before; null: not at all. */
  set(id: Id, at: number | null, version = 0): void {
    const key = JSON.stringify(id);
    const before = this.#standing.get(key);
    if (at === null) this.#standing.delete(key);
    else this.#standing.set(key, { at, version });
    if (at !== null && at !== before?.at) this.#push({ at, key, id });
    if (this.#heap.length > FEW && this.#heap.length > 2 * this.size) this.#clearOut();
  }

  /** Somebody else has a newer version of it, and its deadline. */
  passOn(id: Id, version: number): void {
    const key = JSON.stringify(id);
    const standing = this.#standing.get(key);
    if (standing && standing.version < version) this.#standing.delete(key);
  }

  /** Takes out what is due by now, the earliest first. */
  take(now: number): readonly Id[] {
    const due: Id[] = [];
    while (this.nextAt <= now) {
      const first = this.#pop();
      if (first === undefined) break;
      this.#standing.delete(first.key);
      due.push(first.id);
    }
    return due;
  }

  #dropMoved(): void {
    for (let first = this.#heap[0]; first && !this.#stands(first); first = this.#heap[0]) {
      this.#pop();
    }
  }

  #stands({ key, at }: Entry<Id>): boolean {
    return this.#standing.get(key)?.at === at;
  }

  /** Entries that have moved would otherwise stay until their time. */
  #clearOut(): void {
    const standing = this.#heap.filter((entry) => this.#stands(entry));
    // A sorted array is a heap.
    this.#heap = standing.toSorted((a, b) => a.at - b.at);
  }

  #push(entry: Entry<Id>): void {
    const heap = this.#heap;
    let index = heap.push(entry) - 1;
    while (index > 0) {
      const above = (index - 1) >> 1;
      const parent = heap[above];
      if (parent === undefined || parent.at <= entry.at) break;
      heap[index] = parent;
      index = above;
    }
    heap[index] = entry;
  }

  #pop(): Entry<Id> | undefined {
    const heap = this.#heap;
    const first = heap[0];
    const last = heap.pop();
    if (last !== undefined && heap.length > 0) this.#sink(last);
    return first;
  }

  /** Puts the entry at the top, and lets it sink to its place. */
  #sink(entry: Entry<Id>): void {
    const heap = this.#heap;
    let index = 0;
    for (;;) {
      const [left, right] = [2 * index + 1, 2 * index + 2];
      const below = (heap[right]?.at ?? Infinity) < (heap[left]?.at ?? Infinity) ? right : left;
      const child = heap[below];
      if (child === undefined || child.at >= entry.at) break;
      heap[index] = child;
      index = below;
    }
    heap[index] = entry;
  }
}
