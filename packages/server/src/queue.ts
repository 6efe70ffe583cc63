/** One item of a queue, and who waits for its answer. */
export interface Queued<Item, Answer> {
  readonly item: Item;
  readonly resolve: (answer: Answer) => void;
  readonly reject: (error: unknown) => void;
}

/** What is asked one by one and answered many at a time, in the order in which it came. */
export class Queue<Item, Answer> {
  #waiting: Queued<Item, Answer>[] = [];

  get isEmpty(): boolean {
    return this.#waiting.length === 0;
  }

  /** What has waited for longest. */
  get oldest(): Item | undefined {
    return this.#waiting[0]?.item;
  }

  /** Waits at the end; resolves or rejects as whoever takes it says. */
  add(item: Item): Promise<Answer> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ item, resolve, reject });
    });
  }

  /** Takes out the oldest, so many at most. */
  take(most = Infinity): readonly Queued<Item, Answer>[] {
    return this.#waiting.splice(0, most);
  }

  /** Takes out those that may go, so many at most: of each in turn that is asked once, and the rest keep their places. */
  takeThose(mayGo: (item: Item) => boolean, most: number): readonly Queued<Item, Answer>[] {
    const taken: Queued<Item, Answer>[] = [];
    this.#waiting = this.#waiting.filter((each) => {
      if (taken.length === most || !mayGo(each.item)) return true;
      taken.push(each);
      return false;
    });
    return taken;
  }
}
