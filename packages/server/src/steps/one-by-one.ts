/** Does things of one name one after the other, in the order in which they were asked for; others meanwhile. */
export class OneByOne {
  readonly #last = new Map<string, Promise<unknown>>();

  /** What comes of it; what came of the one before does not matter to it. */
  async run<T>(name: string, work: () => Promise<T>): Promise<T> {
    const before = this.#last.get(name);
    const own = before ? before.then(work, work) : work();
    this.#last.set(name, own);
    try {
      return await own;
    } finally {
      if (this.#last.get(name) === own) this.#last.delete(name);
    }
  }
}
