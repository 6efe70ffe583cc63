import { Queue } from '../../queue.ts';
import type { Queued } from '../../queue.ts';
import type { Statement } from './driver.ts';
import type { Lanes } from './lanes.ts';
import { held } from './text.ts';

/** What was asked in one statement: its `i`, from 1, and what else the statement gives. */
type Row = { readonly i: number } & Readonly<Record<string, unknown>>;

/** Questions in one statement at most: more gain little. */
export const MAX_QUESTIONS = 256;

/** About whom, and a number that the statement takes. */
interface Question {
  readonly id: string;
  readonly after: number;
}

/**
 * One cheap question that is asked often, as with every heartbeat: those of one tick of the event loop
 * go in one statement, which takes ids and numbers and gives a row, or none, for each.
 */
export class GroupRead<T> {
  readonly #lanes: Lanes;
  readonly #statement: Statement;
  readonly #answerOf: (row: Row) => T;
  readonly #questions = new Queue<Question, T | undefined>();

  constructor(lanes: Lanes, statement: Statement, answerOf: (row: Row) => T) {
    this.#lanes = lanes;
    this.#statement = statement;
    this.#answerOf = answerOf;
  }

  /** Asks about a user; `otherwise` when there is no row. */
  async read(id: string, otherwise: T, after = 0): Promise<T> {
    if (this.#questions.isEmpty) setImmediate(() => this.#flush());
    return (await this.#questions.add({ id, after })) ?? otherwise;
  }

  #flush(): void {
    while (!this.#questions.isEmpty) void this.#send(this.#questions.take(MAX_QUESTIONS));
  }

  async #send(batch: readonly Queued<Question, T | undefined>[]): Promise<void> {
    try {
      const ids = batch.map(({ item }) => held(item.id));
      const after = batch.map(({ item }) => item.after);
      const rows = await this.#lanes.read<Row>(this.#statement, [ids, after]);
      const answers = new Map(rows.map((row) => [row.i, this.#answerOf(row)]));
      batch.forEach(({ resolve }, at) => resolve(answers.get(at + 1)));
    } catch (error) {
      for (const { reject } of batch) reject(error);
    }
  }
}
