import type { CallRecord } from '@ringline/client';
import { Changing } from './changing.ts';
import type { ListsClient } from './lists-client.ts';
import type { LoadState } from './loading.ts';
import { Loading } from './loading.ts';
import type { Marks } from './marks.ts';
import { isMissedBy } from './outcome.ts';

const SEEN = 'calls';
const PAGE = 50;

/** This user's past calls, newest first: stored ones by page, new ones as their records arrive. */
export class Records extends Changing {
  readonly #client: ListsClient;
  readonly #marksOf: () => Marks;
  readonly #newest = new Loading(() => this.changed());
  readonly #older = new Loading(() => this.changed());
  readonly #arrived = new Set<string>();
  #items: readonly CallRecord[] = [];
  #next: string | null = null;

  constructor(client: ListsClient, marksOf: () => Marks) {
    super();
    this.#client = client;
    this.#marksOf = marksOf;
  }

  get items(): readonly CallRecord[] {
    return this.#items;
  }

  /** How the newest page stands. */
  get state(): LoadState {
    return this.#newest.state;
  }

  /** How the last page of older ones stands. */
  get olderState(): LoadState {
    return this.#older.state;
  }

  get hasOlder(): boolean {
    return this.#next !== null;
  }

  /** How many calls were missed since this user last looked at the list. */
  get missed(): number {
    return this.#items.filter((record) => this.isNew(record)).length;
  }

  /** Whether this call was missed, and its user has not looked since. */
  isNew(record: CallRecord): boolean {
    if (!isMissedBy(record, this.#client.user ?? '')) return false;
    const seen = this.#marksOf().read(SEEN);
    // Somebody who looks for the first time has perhaps seen the stored ones elsewhere.
    return seen === undefined ? this.#arrived.has(record.call) : record.endedAt > seen;
  }

  /** There is a connection again: what could not be read then is read now. */
  connected(): void {
    if (this.#newest.isBegun) void this.load();
  }

  /** Fetches the newest page. */
  load(): Promise<void> {
    return this.#newest.run(async () => {
      const { items, next } = await this.#client.records.list({ limit: PAGE });
      const known = new Set(this.#items.map(({ call }) => call));
      const continues = items.some(({ call }) => known.has(call));
      // Without a call in common there may be some between, which only asking page by page brings.
      if (!continues) {
        this.#next = next;
        if (next !== null) this.#items = this.#items.filter(({ call }) => this.#arrived.has(call));
      }
      this.#merge(items);
    });
  }

  /** Fetches the page after the last one. */
  loadOlder(): Promise<void> {
    return this.#older.run(async () => {
      if (this.#next === null) return;
      const query = { cursor: this.#next, limit: PAGE };
      const { items, next } = await this.#client.records.list(query);
      this.#next = next;
      this.#merge(items);
    });
  }

  /** A record arrived, perhaps one that is listed already. */
  add(record: CallRecord): void {
    if (!this.#items.some(({ call }) => call === record.call)) this.#arrived.add(record.call);
    this.#merge([record]);
  }

  /** Its user looks at the list: nothing in it is new any more. */
  see(): void {
    const newest = this.#items[0]?.endedAt;
    const seen = this.#marksOf().read(SEEN);
    if (newest === undefined || (seen !== undefined && seen >= newest)) return;
    this.#marksOf().write(SEEN, newest);
    this.changed();
  }

  #merge(records: readonly CallRecord[]): void {
    const known = new Map(this.#items.map((record) => [record.call, record]));
    for (const record of records) known.set(record.call, record);
    this.#items = [...known.values()].sort((a, b) => b.endedAt - a.endedAt);
    this.changed();
  }
}
