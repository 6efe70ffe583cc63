import { inTransaction, isDefect, named } from './driver.ts';
import type { Database } from './driver.ts';

interface Waiting {
  /** Does the work, and gives what answers it once that is durable. */
  readonly work: () => () => void;
  readonly reject: (error: Error) => void;
}

/**
 * Work that arrives in one tick of the event loop is one transaction and one fsync. It begins
 * and ends in a single callback, so that nothing is ever read that may still fail.
 */
export class GroupCommit {
  readonly #database: Database;
  /** The transaction was rolled back: nothing remembered of it is true. */
  readonly #forget: () => void;
  #waiting: Waiting[] = [];

  constructor(database: Database, forget: () => void) {
    this.#database = database;
    this.#forget = forget;
  }

  /** Resolves after COMMIT with what the work gave. */
  run<T>(work: () => T): Promise<T> {
    if (this.#waiting.length === 0) setImmediate(() => this.flush());
    return new Promise((resolve, reject) => {
      const answered = () => {
        const answer = work();
        return () => resolve(answer);
      };
      this.#waiting.push({ work: answered, reject });
    });
  }

  /** Writes now what is waiting. */
  flush(): void {
    const batch = this.#waiting;
    this.#waiting = [];
    if (batch.length > 0) this.#write(batch);
  }

  #write(batch: readonly Waiting[]): void {
    try {
      const answers = inTransaction(this.#database, () => batch.map(({ work }) => work()));
      for (const answer of answers) answer();
    } catch (error) {
      this.#forget();
      this.#recover(batch, error);
    }
  }

  /** One bad piece of work does not fail its neighbours; a fault of the world fails them all. */
  #recover(batch: readonly Waiting[], error: unknown): void {
    if (batch.length > 1 && isDefect(error)) {
      for (const waiting of batch) this.#write([waiting]);
    } else {
      for (const waiting of batch) waiting.reject(named(error));
    }
  }
}
