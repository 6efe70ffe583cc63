import type { InboxItem, Welcome } from '@ringline/protocol';

/** What an inbox needs of its client. */
export interface InboxEvents {
  /** Hands an item to the app; false when nobody listens yet. */
  deliver(item: InboxItem): boolean;
  acknowledge(cursor: number): void;
  /** A delivery was lost: saying hello again from the cursor brings it. */
  resync(): void;
}

/** Hands out each item once and in order, and acknowledges what was handed out. */
export class Inbox {
  readonly #events: InboxEvents;
  #cursor: number | undefined;
  #continuedAt: number | undefined;
  #waiting: InboxItem[] = [];

  /** `cursor` is the last item this app has, when it remembers one. */
  constructor(cursor: number | undefined, events: InboxEvents) {
    this.#cursor = cursor;
    this.#events = events;
  }

  /** The last item handed out. */
  get cursor(): number | undefined {
    return this.#cursor;
  }

  /** A connection begins. */
  welcomed({ head, from }: Welcome['inbox']): void {
    this.#waiting = [];
    const known = this.#cursor ?? from;
    // A head behind our cursor belongs to a server that began anew.
    this.#cursor = head < known ? from : Math.max(known, from);
    this.#continuedAt = this.#cursor;
  }

  /** Items came, perhaps some of them again. */
  receive(items: readonly InboxItem[]): void {
    for (const item of items) {
      const last = this.#waiting.at(-1)?.cursor ?? this.#cursor ?? 0;
      if (item.cursor <= last) continue;
      if (item.cursor > last + 1 && last !== this.#continuedAt) return this.#events.resync();
      this.#waiting.push(item);
    }
    this.flush();
  }

  /** Hands out what waits for a listener. */
  flush(): void {
    const before = this.#cursor;
    let item = this.#waiting[0];
    while (item !== undefined && this.#deliver(item)) item = this.#waiting[0];
    if (this.#cursor !== undefined && this.#cursor !== before) {
      this.#events.acknowledge(this.#cursor);
    }
  }

  #deliver(item: InboxItem): boolean {
    const before = this.#cursor;
    // Moved on first: a listener may make this run again.
    this.#waiting.shift();
    this.#cursor = item.cursor;
    if (this.#events.deliver(item)) return true;
    this.#waiting.unshift(item);
    this.#cursor = before;
    return false;
  }
}
