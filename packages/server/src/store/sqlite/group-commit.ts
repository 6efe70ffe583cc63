import type { Committed, Step } from '../store.ts';
import { inTransaction, isDefect, named } from './driver.ts';
import type { Database } from './driver.ts';

interface Waiting {
  readonly step: Step;
  resolve(committed: Committed): void;
  reject(error: Error): void;
}

/** What the transaction of a batch does with its steps. */
export interface Writer {
  /** Writes the step, or nothing when it has lost its race. */
  write(step: Step): Committed;
  /** The transaction was rolled back: nothing remembered of it is true. */
  forget(): void;
}

/**
 * Steps that arrive in one tick of the event loop are one transaction and one fsync. It begins
 * and ends in a single callback, so that no load ever sees a step that may still fail.
 */
export class GroupCommit {
  readonly #database: Database;
  readonly #writer: Writer;
  #waiting: Waiting[] = [];

  constructor(database: Database, writer: Writer) {
    this.#database = database;
    this.#writer = writer;
  }

  /** Resolves after COMMIT. */
  commit(step: Step): Promise<Committed> {
    if (this.#waiting.length === 0) setImmediate(() => this.flush());
    return new Promise((resolve, reject) => {
      this.#waiting.push({ step, resolve, reject });
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
      const answers = inTransaction(this.#database, () =>
        batch.map((waiting) => this.#answerTo(waiting)),
      );
      for (const answer of answers) answer();
    } catch (error) {
      this.#writer.forget();
      this.#recover(batch, error);
    }
  }

  #answerTo(waiting: Waiting): () => void {
    const committed = this.#writer.write(waiting.step);
    return () => waiting.resolve(committed);
  }

  /** One bad step does not fail its neighbours; a fault of the world fails them all. */
  #recover(batch: readonly Waiting[], error: unknown): void {
    if (batch.length > 1 && isDefect(error)) {
      for (const waiting of batch) this.#write([waiting]);
    } else {
      for (const waiting of batch) waiting.reject(named(error));
    }
  }
}
