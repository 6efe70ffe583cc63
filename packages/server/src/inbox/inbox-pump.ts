import type { InboxItem, UserId } from '@ringline/protocol';
import { MAX_FRAME_BYTES, MAX_PAGE_ITEMS } from '@ringline/protocol';
import type { Store } from '../store/store.ts';
import { SendWindow } from './send-window.ts';

/** Sends one device its inbox: in order, without gaps, and no more than a window ahead of what it acknowledged. */
export class InboxPump {
  readonly #store: Store;
  readonly #user: UserId;
  readonly #sendFrame: (frame: string) => void;
  readonly #window: SendWindow;
  /** Something may have been written since the last read. */
  #behind = false;
  #pulling: Promise<void> | undefined;
  #stopped = false;

  constructor(store: Store, user: UserId, from: number, sendFrame: (frame: string) => void) {
    this.#store = store;
    this.#user = user;
    this.#sendFrame = sendFrame;
    this.#window = new SendWindow(from);
  }

  /** An item has just been written: it goes out at once when it is the next one. */
  offer(item: InboxItem): void {
    if (this.#stopped || item.cursor <= this.#window.last) return;
    const isNext = item.cursor === this.#window.last + 1;
    if (isNext && !this.#pulling && this.#window.isOpen) this.#send([item]);
    else this.#catchUpLater();
  }

  /** Sends what lies between what was sent and the end of the inbox, as far as the window allows. */
  async catchUp(): Promise<void> {
    this.#behind = true;
    this.#pulling ??= this.#pullWhileBehind();
    await this.#pulling;
  }

  /** The device has everything up to here; false when it was never sent that. */
  acknowledge(cursor: number): boolean {
    if (cursor > this.#window.last) return false;
    const wasOpen = this.#window.isOpen;
    this.#window.acknowledge(cursor);
    if (!wasOpen) this.#catchUpLater();
    return true;
  }

  stop(): void {
    this.#stopped = true;
  }

  /** While the store is away nothing is sent; the device's next heartbeat tries again. */
  #catchUpLater(): void {
    this.catchUp().catch(() => undefined);
  }

  async #pullWhileBehind(): Promise<void> {
    try {
      while (this.#behind) {
        this.#behind = false;
        await this.#pull();
      }
    } finally {
      // In the same breath as the last look at `#behind`, so that no offer falls between the two.
      this.#pulling = undefined;
    }
  }

  async #pull(): Promise<void> {
    while (!this.#stopped && this.#window.isOpen) {
      const items = await this.#store.inbox(this.#user, this.#window.last, MAX_PAGE_ITEMS);
      if (!this.#hasStopped()) this.#send(items);
      if (items.length < MAX_PAGE_ITEMS) return;
    }
  }

  /** Asked again after waiting: the connection may have closed meanwhile. */
  #hasStopped(): boolean {
    return this.#stopped;
  }

  /** Sends as many as the window takes, in frames of a bounded size. */
  #send(items: readonly InboxItem[]): void {
    let frame: string[] = [];
    let frameBytes = 0;
    for (const item of items) {
      if (!this.#window.isOpen) break;
      const text = JSON.stringify(item);
      const bytes = Buffer.byteLength(text);
      if (frameBytes > 0 && frameBytes + bytes > MAX_FRAME_BYTES) {
        this.#sendFrame(frameOf(frame));
        frame = [];
        frameBytes = 0;
      }
      this.#window.send(item.cursor, bytes);
      frame.push(text);
      frameBytes += bytes;
    }
    if (frame.length > 0) this.#sendFrame(frameOf(frame));
  }
}

function frameOf(items: readonly string[]): string {
  return `{"type":"inbox","items":[${items.join(',')}]}`;
}
