import type { Log } from '../observe/log.ts';

/** Who on this node listens to what is said of or to each user or channel. */
export class Listeners<Said> {
  readonly #log: Log;
  /** What the names are names of. */
  readonly #what: 'user' | 'channel' | 'gap';
  readonly #byName = new Map<string, Set<(said: Said) => void>>();

  constructor(log: Log, what: 'user' | 'channel' | 'gap') {
    this.#log = log;
    this.#what = what;
  }

  /** Hears what is said to the name, until the returned function is called. */
  add(name: string, hear: (said: Said) => void): () => void {
    const listeners = this.#byName.get(name) ?? new Set();
    this.#byName.set(name, listeners.add(hear));
    return () => {
      listeners.delete(hear);
      // Another set may have taken the place of one that was empty.
      if (listeners.size === 0 && this.#byName.get(name) === listeners) this.#byName.delete(name);
    };
  }

  /** Whether anybody listens to the name. */
  has(name: string): boolean {
    return this.#byName.has(name);
  }

  /** What was committed stays so: a listener that fails must not make it look undone, nor keep it from the others. */
  tell(name: string, said: Said): void {
    for (const hear of this.#byName.get(name) ?? []) {
      try {
        hear(said);
      } catch (error) {
        this.#log.error({ err: error, [this.#what]: name }, 'a delivery met a defect');
      }
    }
  }

  clear(): void {
    this.#byName.clear();
  }
}
