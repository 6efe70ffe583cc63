/** How many ids are remembered: more than come while a sender tries again. */
export const KEPT_IDS = 100_000;

/**
 * Does something once for each id, however often it comes. It remembers in memory: in your
 * application a unique column beside what you write, in the same transaction, survives a restart.
 */
export class Seen {
  readonly #ids = new Map<string, Promise<void>>();
  readonly #kept: number;

  constructor(kept = KEPT_IDS) {
    this.#kept = kept;
  }

  /** Does it, waits while it is being done, or does nothing. What fails is forgotten, to be done when it comes again. */
  async once(id: string, act: () => void | Promise<void>): Promise<void> {
    const done = this.#ids.get(id) ?? this.#begin(id, act);
    await done;
  }

  #begin(id: string, act: () => void | Promise<void>): Promise<void> {
    const done = Promise.resolve().then(act);
    this.#ids.set(id, done);
    done.catch(() => this.#ids.delete(id));
    const [oldest] = this.#ids.keys();
    if (this.#ids.size > this.#kept && oldest !== undefined) this.#ids.delete(oldest);
    return done;
  }
}
