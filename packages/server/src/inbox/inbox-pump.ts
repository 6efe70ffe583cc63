import type { InboxItem, UserId } from '@ringline/protocol';
import { INBOX_WINDOW, MAX_PAGE_ITEMS } from '@ringline/protocol';
import type { Store } from '../store/store.ts';

/** Sends one device its inbox: in order, without gaps, and no more than a window ahead of what it acknowledged. */
export class InboxPump {
  readonly #store: Store;
  readonly #user: UserId;
  readonly #send: (items: readonly InboxItem[]) => void;
  #sent: number;
  #acknowledged: number;
  /** Something may have been written since the last read. */
  #behind = false;
  #pulling: Promise<void> | undefined;
  #stopped = false;

  constructor(
    store: Store,
    user: UserId,
    from: number,
    send: (items: readonly InboxItem[]) => void,
  ) {
    this.#store = store;
    this.#user = user;
    this.#send = send;
    this.#sent = from;
    this.#acknowledged = from;
  }

  /** An item has just been written: it goes out at once when it is the next one. */
  offer(item: InboxItem): void {
    if (this.#stopped || item.cursor <= this.#sent) return;
    if (item.cursor === this.#sent + 1 && !this.#pulling && this.#room() > 0) this.#sendOn([item]);
    else this.#catchUpLater();
  }

  /** Sends what lies between what was sent and the end of the inbox, as far as the window allows. */
  async catchUp(): Promise<void> {
    this.#behind = true;
    this.#pulling ??= this.#pullWhileBehind().finally(() => {
      this.#pulling = undefined;
    });
    await this.#pulling;
  }

  /** The device has everything up to here; false when it was never sent that. */
  acknowledge(cursor: number): boolean {
    if (cursor > this.#sent) return false;
    const wasFull = this.#room() <= 0;
    this.#acknowledged = Math.max(this.#acknowledged, cursor);
    if (wasFull) this.#catchUpLater();
    return true;
  }

  stop(): void {
    this.#stopped = true;
  }

  /** While the store is away nothing is sent; the device's next heartbeat tries again. */
  #catchUpLater(): void {
    this.catchUp().catch(() => undefined);
  }

  #room(): number {
    return INBOX_WINDOW - (this.#sent - this.#acknowledged);
  }

  async #pullWhileBehind(): Promise<void> {
    while (this.#behind) {
      this.#behind = false;
      await this.#pull();
    }
  }

  async #pull(): Promise<void> {
    while (!this.#stopped && this.#room() > 0) {
      const limit = Math.min(MAX_PAGE_ITEMS, this.#room());
      const items = await this.#store.inbox(this.#user, this.#sent, limit);
      if (items.length > 0 && !this.#hasStopped()) this.#sendOn(items);
      if (items.length < limit) return;
    }
  }

  /** Asked again after waiting: the connection may have closed meanwhile. */
  #hasStopped(): boolean {
    return this.#stopped;
  }

  #sendOn(items: readonly InboxItem[]): void {
    this.#sent = items.at(-1)?.cursor ?? this.#sent;
    this.#send(items);
  }
}
