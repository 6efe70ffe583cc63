/** A timer that waits in the queue. */
export interface QueuedTimer {
  readonly at: number;
  /** Breaks ties: timers of one instant run in the order in which they were started. */
  readonly order: number;
  readonly run: () => void;
}

/** Timers by time, then by the order in which they were started: a binary heap. */
export class TimerQueue {
  readonly #heap: QueuedTimer[] = [];

  get first(): QueuedTimer | undefined {
    return this.#heap[0];
  }

  push(timer: QueuedTimer): void {
    this.#heap.push(timer);
    this.#rise(this.#heap.length - 1);
  }

  pop(): QueuedTimer | undefined {
    const first = this.#heap[0];
    const last = this.#heap.pop();
    if (last !== undefined && this.#heap.length > 0) {
      this.#heap[0] = last;
      this.#sink(0);
    }
    return first;
  }

  #rise(from: number): void {
    let child = from;
    while (child > 0) {
      const parent = (child - 1) >> 1;
      if (!this.#swapUnlessOrdered(parent, child)) return;
      child = parent;
    }
  }

  #sink(from: number): void {
    let parent = from;
    for (;;) {
      const left = 2 * parent + 1;
      if (left >= this.#heap.length) return;
      const child = this.#isBefore(left + 1, left) ? left + 1 : left;
      if (!this.#swapUnlessOrdered(parent, child)) return;
      parent = child;
    }
  }

  #swapUnlessOrdered(parent: number, child: number): boolean {
    const above = this.#heap[parent];
    const below = this.#heap[child];
    if (above === undefined || below === undefined || isEarlier(above, below)) return false;
    this.#heap[parent] = below;
    this.#heap[child] = above;
    return true;
  }

  #isBefore(a: number, b: number): boolean {
    const one = this.#heap[a];
    const other = this.#heap[b];
    return one !== undefined && other !== undefined && isEarlier(one, other);
  }
}

function isEarlier(a: QueuedTimer, b: QueuedTimer): boolean {
  return a.at === b.at ? a.order < b.order : a.at < b.at;
}
