import type { InboxItem, Welcome } from '@ringline/protocol';
import { INBOX_WINDOW } from '@ringline/protocol';

/** What an inbox needs of its client. */
export interface InboxEvents {
  /** Hands an item to the app; false when nobody listens yet. */
  deliver(item: InboxItem): boolean;
  acknowledge(cursor: number): void;
  /** A delivery was lost: saying hello again from the cursor brings it. */
  resync(): void;
}

/** The last item handed out; its id is not known before the first one came. */
interface Place {
  readonly cursor: number;
  readonly id?: string;
}

/** Hands out each item once and in order, and acknowledges what was handed out. */
export class Inbox {
  readonly #events: InboxEvents;
  #place: Place | undefined;
  #continuedAt: number | undefined;
  #waiting: InboxItem[] = [];
  /** Ids of what was handed out last: as many as a server sends again at most. */
  readonly #handedOut = new Set<string>();

  /** `cursor` is the last item this app has, when it remembers one. */
  constructor(cursor: number | undefined, events: InboxEvents) {
    if (cursor !== undefined) this.#place = { cursor };
    this.#events = events;
  }

  /** The last item handed out. */
  get cursor(): number | undefined {
    return this.#place?.cursor;
  }

  /** The id of that item, as far as it is known. */
  get id(): string | undefined {
    return this.#place?.id;
  }

  /** A connection begins. The server says where: elsewhere than here when a backup was restored, or what is old removed. */
  welcomed({ from }: Welcome['inbox']): void {
    this.#waiting = [];
    if (this.cursor !== from) this.#place = { cursor: from };
    this.#continuedAt = from;
  }

  /** Items came, perhaps some of them again. */
  receive(items: readonly InboxItem[]): void {
    for (const item of items) {
      const last = this.#waiting.at(-1)?.cursor ?? this.cursor ?? 0;
      if (item.cursor <= last) continue;
      if (item.cursor > last + 1 && last !== this.#continuedAt) return this.#events.resync();
      this.#waiting.push(item);
    }
    this.flush();
  }

  /** Hands out what waits for a listener. */
  flush(): void {
    const before = this.cursor;
    let item = this.#waiting[0];
    while (item !== undefined && this.#deliver(item)) item = this.#waiting[0];
    if (this.cursor !== undefined && this.cursor !== before) this.#events.acknowledge(this.cursor);
  }

  #deliver(item: InboxItem): boolean {
    const before = this.#place;
    // Moved on first: a listener may make this run again.
    this.#waiting.shift();
    this.#place = item;
    const isNew = !this.#handedOut.has(item.id);
    if (isNew && !this.#events.deliver(item)) {
      this.#waiting.unshift(item);
      this.#place = before;
      return false;
    }
    this.#handedOut.add(item.id);
    const [oldest = ''] = this.#handedOut;
    if (this.#handedOut.size > INBOX_WINDOW) this.#handedOut.delete(oldest);
    return true;
  }
}
