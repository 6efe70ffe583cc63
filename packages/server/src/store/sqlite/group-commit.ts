import { Queue } from '../../queue.ts';
import type { Queued } from '../../queue.ts';
import { inTransaction, isDefect, named } from './driver.ts';
import type { Database } from './driver.ts';

/** Work whose answer is given once what it did is durable. */
type Work = Queued<() => unknown, unknown>;

/**
 * Work that arrives in one tick of the event loop is one transaction and one fsync. It begins
 * and ends in a single callback, so that nothing is ever read that may still fail.
 */
export class GroupCommit {
  readonly #database: Database;
  /** The transaction was rolled back: nothing remembered of it is true. */
  readonly #forget: () => void;
  readonly #work = new Queue<() => unknown, unknown>();

  constructor(database: Database, forget: () => void) {
    this.#database = database;
    this.#forget = forget;
  }

  /** Resolves after COMMIT with what the work gave. */
  run<T>(work: () => T): Promise<T> {
    if (this.#work.isEmpty) setImmediate(() => this.flush());
    return this.#work.add(work) as Promise<T>;
  }

  /** Writes now what is waiting. */
  flush(): void {
    const batch = this.#work.take();
    if (batch.length > 0) this.#write(batch);
  }

  #write(batch: readonly Work[]): void {
    try {
      const answers = inTransaction(this.#database, () => batch.map(({ item }) => item()));
      batch.forEach(({ resolve }, i) => resolve(answers[i]));
    } catch (error) {
      this.#forget();
      this.#recover(batch, error);
    }
  }

  /** One bad piece of work does not fail its neighbours; a fault of the world fails them all. */
  #recover(batch: readonly Work[], error: unknown): void {
    if (batch.length > 1 && isDefect(error)) {
      for (const work of batch) this.#write([work]);
    } else {
      for (const { reject } of batch) reject(named(error));
    }
  }
}
