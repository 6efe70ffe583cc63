import type { Conversation, UserId } from '@ringline/protocol';
import { MAX_PAGE_ITEMS } from '@ringline/protocol';
import type { Clock, Timer } from '../clock.ts';
import type { Store } from '../store/store.ts';

/** What changes of conversations within this is read and told together: too short to be noticed. */
export const CONVERSATION_BATCH_MS = 100;

/** What a feed needs. */
export interface FeedParts {
  readonly clock: Clock;
  readonly store: Pick<Store, 'conversationsSince'>;
  readonly user: UserId;
  readonly sendFrame: (frame: string) => void;
}

/**
 * Tells one device which conversations of its user changed: read from the store, by revision and a page
 * at a time, so that whatever the bus lost is told with the next change or heartbeat.
 */
export class ConversationFeed {
  readonly #parts: FeedParts;
  #revision: number;
  #timer: Timer | undefined;
  #reading: Promise<void> | undefined;
  #stopped = false;

  /** Tells what has a higher revision than this. */
  constructor(parts: FeedParts, revision: number) {
    this.#parts = parts;
    this.#revision = revision;
  }

  /** Something has changed: it is told with what else changes in a moment. */
  hear(): void {
    if (this.#stopped) return;
    this.#timer ??= this.#parts.clock.after(CONVERSATION_BATCH_MS, () => {
      this.#timer = undefined;
      // While the store is away nothing is told; the device's next heartbeat tries again.
      this.catchUp().catch(() => undefined);
    });
  }

  /** Tells the next page of what has changed; of more than that the rest follows. Throws StoreFault when the store is away. */
  async catchUp(): Promise<void> {
    // What changes while a page is read has its own word, after which it is read.
    if (this.#reading) return this.hear();
    this.#reading = this.#tellPage().finally(() => (this.#reading = undefined));
    return this.#reading;
  }

  stop(): void {
    this.#stopped = true;
    this.#timer?.cancel();
  }

  async #tellPage(): Promise<void> {
    const { store, user, sendFrame } = this.#parts;
    const items = await store.conversationsSince(user, this.#revision, MAX_PAGE_ITEMS);
    const last = items.at(-1);
    if (this.#stopped || last === undefined) return;
    this.#revision = last.revision;
    sendFrame(frameOf(items));
    if (items.length === MAX_PAGE_ITEMS) this.hear();
  }
}

function frameOf(items: readonly Conversation[]): string {
  return JSON.stringify({ type: 'conversations', items });
}
