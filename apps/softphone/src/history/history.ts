import type { CallRecord } from '@ringline/protocol';
import type { Rest } from '../rest.ts';

/** This user's past calls, newest first: the stored ones by REST, new ones as their records arrive. */
export class History {
  readonly #rest: Rest;
  readonly #changed: () => void;
  #records: readonly CallRecord[] = [];
  #next: string | null = null;
  #isLoaded = false;

  constructor(rest: Rest, changed: () => void) {
    this.#rest = rest;
    this.#changed = changed;
  }

  get records(): readonly CallRecord[] {
    return this.#records;
  }

  /** Whether the server holds older ones. */
  get hasOlder(): boolean {
    return this.#next !== null;
  }

  get isLoaded(): boolean {
    return this.#isLoaded;
  }

  /** The newest page, again after every reconnect. */
  async load(): Promise<void> {
    const { items, next } = await this.#rest.records(null);
    if (!this.#isLoaded) this.#next = next;
    this.#isLoaded = true;
    this.#merge(items);
  }

  async loadOlder(): Promise<void> {
    const { items, next } = await this.#rest.records(this.#next);
    this.#next = next;
    this.#merge(items);
  }

  /** A record that just arrived, perhaps one that is listed already. */
  add(record: CallRecord): void {
    this.#merge([record]);
  }

  #merge(records: readonly CallRecord[]): void {
    const known = new Map(this.#records.map((record) => [record.call, record]));
    for (const record of records) known.set(record.call, record);
    this.#records = [...known.values()].sort((a, b) => b.endedAt - a.endedAt);
    this.#changed();
  }
}
