import type { CallId, CallRecord } from '@ringline/client';
import { Changing } from './changing.ts';
import type { ListsClient } from './lists-client.ts';
import type { LoadState } from './loading.ts';
import { Loading } from './loading.ts';
import { isMissedBy } from './outcome.ts';

const PAGE = 50;

/** This user's past calls, newest first: stored ones by page, new ones as their records arrive. */
export class Records extends Changing {
  readonly #client: ListsClient;
  readonly #newest = new Loading(() => this.changed());
  readonly #older = new Loading(() => this.changed());
  readonly #arrived = new Set<string>();
  #items: readonly CallRecord[] = [];
  #next: string | null = null;
  /** Calls that were missed up to here have been seen, on some device; epoch milliseconds of their end. */
  #seenUpTo = -Infinity;
  /** The last one that the server was told of as seen. */
  #said: CallId | undefined;

  constructor(client: ListsClient) {
    super();
    this.#client = client;
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

  /** How many calls were missed since this user last looked at the list, on any device; 100 are 100 or more. */
  get missed(): number {
    return this.#client.missedCalls;
  }

  /** Whether this call was missed, and its user has not looked since. */
  isNew(record: CallRecord): boolean {
    return this.#isMissed(record) && record.endedAt > this.#seenUpTo;
  }

  /** There is a connection again: what could not be read then is read now. */
  connected(): void {
    if (this.#newest.isBegun) void this.load();
  }

  /** The server counts otherwise: somebody looked at the list, or another call was missed. */
  missedChanged(): void {
    this.#settle();
    const known = this.#items.filter((record) => this.isNew(record)).length;
    // Its record comes as a message, unless it becomes none.
    if (this.#newest.isBegun && known < this.missed) void this.load();
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
      this.#settle();
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

  /** A record arrived, perhaps one that is listed already, and perhaps before the server's count. */
  add(record: CallRecord): void {
    if (!this.#items.some(({ call }) => call === record.call)) this.#arrived.add(record.call);
    this.#merge([record]);
  }

  /** Its user looks at the list: nothing in it is new any more, on any device. */
  see(): void {
    const newest = this.#items[0]?.call;
    if (this.missed === 0 || newest === undefined || newest === this.#said) return;
    this.#said = newest;
    this.#client.seeCalls(newest).catch(() => {
      // Whoever looks after the next connection says it again.
      this.#said = undefined;
    });
  }

  /** Of the calls that were missed nobody has looked at the newest, as many as the server counts. */
  #settle(): void {
    const seen = this.#items.filter((record) => this.#isMissed(record))[this.missed];
    if (seen !== undefined) this.#seenUpTo = Math.max(this.#seenUpTo, seen.endedAt);
    this.changed();
  }

  #isMissed(record: CallRecord): boolean {
    return isMissedBy(record, this.#client.user ?? '');
  }

  #merge(records: readonly CallRecord[]): void {
    const known = new Map(this.#items.map((record) => [record.call, record]));
    for (const record of records) known.set(record.call, record);
    this.#items = [...known.values()].sort((a, b) => b.endedAt - a.endedAt);
    this.changed();
  }
}
