import type { Message, UserId } from '@ringline/client';
import type { ListsClient } from './lists-client.ts';
import type { LoadState } from './loading.ts';
import { Loading } from './loading.ts';
import type { Outgoing } from './outbox.ts';
import { notDelivered } from './outbox.ts';

const PAGE = 50;

/** What a conversation is made of. */
export interface ConversationParts {
  readonly client: ListsClient;
  readonly peer: UserId;
  /** The last message that is read. */
  readMark(): number;
  mark(cursor: number): void;
  readonly now: () => number;
  readonly changed: () => void;
}

/** The messages and calls with one peer, what is on its way to it, and what is being written. */
export class Conversation {
  readonly peer: UserId;
  /** What is written and not yet sent. */
  draft = '';
  readonly #parts: ConversationParts;
  readonly #loading: Loading;
  #messages: readonly Message[] = [];
  #outbox: readonly Outgoing[] = [];
  #lastKey = 0;
  #hasOlder = true;
  #isBegun = false;

  constructor(parts: ConversationParts) {
    this.peer = parts.peer;
    this.#parts = parts;
    this.#loading = new Loading(parts.changed);
  }

  /** The oldest first. */
  get messages(): readonly Message[] {
    return this.#messages;
  }

  /** What has not been delivered, the oldest first. */
  get outbox(): readonly Outgoing[] {
    return notDelivered(this.#outbox, this.#messages, this.#me);
  }

  get last(): Message | undefined {
    return this.#messages.at(-1);
  }

  get hasOlder(): boolean {
    return this.#hasOlder;
  }

  /** Whether the newest page is there. */
  get isBegun(): boolean {
    return this.#isBegun;
  }

  get state(): LoadState {
    return this.#loading.state;
  }

  /** The messages of the peer that are not read; calls are not counted, missed ones have their own count. */
  get unread(): number {
    const read = this.#parts.readMark();
    return this.#messages.filter((message) => this.#isNews(message, read)).length;
  }

  /** The first message that is not read. */
  get firstUnread(): Message | undefined {
    const read = this.#parts.readMark();
    return this.#messages.find((message) => this.#isNews(message, read));
  }

  /** Everything that is here is read. */
  read(): void {
    const { last } = this;
    if (last === undefined || last.cursor <= this.#parts.readMark()) return;
    this.#parts.mark(last.cursor);
    this.#parts.changed();
  }

  /** Fetches the newest page if it is not there. */
  async begin(): Promise<void> {
    if (!this.#isBegun) await this.#load();
  }

  /** Fetches the page before the oldest message. */
  async loadOlder(): Promise<void> {
    if (this.#hasOlder) await this.#load();
  }

  /** Sends a text; what becomes of it is told by `outbox` and `messages`. */
  async send(text: string): Promise<void> {
    const key = ++this.#lastKey;
    const { peer, now } = this.#parts;
    const after = this.last?.cursor ?? 0;
    const outgoing: Outgoing = { key, text, state: 'sending', at: now(), after };
    this.#outbox = [...this.#outbox, outgoing];
    this.#parts.changed();
    try {
      await this.#parts.client.send(peer, text);
      this.#drop(key);
    } catch (error) {
      this.#outbox = this.#outbox.map((each) =>
        each.key === key ? { ...each, state: 'failed', error } : each,
      );
      this.#parts.changed();
    }
  }

  /** Sends again what failed, as the newest. */
  async retry(key: number): Promise<void> {
    const failed = this.#outbox.find((each) => each.key === key && each.state === 'failed');
    if (failed === undefined) return;
    this.#drop(key);
    await this.send(failed.text);
  }

  /** Forgets what failed. */
  discard(key: number): void {
    this.#drop(key);
  }

  /** Messages are there, perhaps some of them again. */
  merge(messages: readonly Message[]): void {
    const byCursor = new Map(this.#messages.map((each) => [each.cursor, each]));
    for (const message of messages) byCursor.set(message.cursor, message);
    this.#messages = [...byCursor.values()].sort((a, b) => a.cursor - b.cursor);
    const waiting = new Set(this.outbox);
    // A failure whose text is there after all was an answer that got lost.
    this.#outbox = this.#outbox.filter((each) => each.state === 'sending' || waiting.has(each));
    this.#parts.changed();
  }

  get #me(): UserId {
    return this.#parts.client.user ?? '';
  }

  #isNews({ cursor, from, kind }: Message, read: number): boolean {
    return cursor > read && kind !== 'record' && from !== this.#me;
  }

  #load(): Promise<void> {
    return this.#loading.run(async () => {
      const before = this.#isBegun ? this.#messages[0]?.cursor : undefined;
      const query = { limit: PAGE, ...(before !== undefined && { before }) };
      const { messages, more } = await this.#parts.client.history(this.peer, query);
      const oldest = this.#messages[0]?.cursor ?? Infinity;
      // The newest page may end behind what the overview knows already.
      const reaches = (messages.at(-1)?.cursor ?? Infinity) <= oldest;
      if (reaches || messages.length === 0) this.#hasOlder = more;
      this.#isBegun = true;
      this.merge(messages);
    });
  }

  #drop(key: number): void {
    this.#outbox = this.#outbox.filter((each) => each.key !== key);
    this.#parts.changed();
  }
}
