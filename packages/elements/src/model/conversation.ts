import type { Message, UserId, Conversation as Stand } from '@ringline/client';
import type { ListsClient } from './lists-client.ts';
import type { LoadState } from './loading.ts';
import { Loading } from './loading.ts';
import type { Outgoing } from './outbox.ts';
import { notDelivered } from './outbox.ts';

const PAGE = 50;

/** How far a message of this user's own has come. */
export type Progress = 'sent' | 'delivered' | 'read';

/** What a conversation is made of. */
export interface ConversationParts {
  readonly client: ListsClient;
  readonly peer: UserId;
  readonly now: () => number;
  /** A key that no message had. */
  readonly newKey: () => string;
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
  #hasOlder = true;
  #isBegun = false;
  /** Where it stands, as the server says; undefined until it does. */
  #stand: Stand | undefined;
  /** Read here up to this cursor, whether the server knows it yet or not. */
  #read = 0;
  /** And said so to the server up to this one. */
  #said = 0;
  #isSaying = false;

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

  /** The messages of the peer that are not read, on any device; calls are not counted, missed ones have their own count. */
  get unread(): number {
    const news = this.#news;
    const calls = news.filter(isCall).length;
    return Math.max(news.length - calls, this.#counted - calls);
  }

  /** The first message that is not read, once the newest page is there. */
  get firstUnread(): Message | undefined {
    return this.#isBegun ? this.#news.find((message) => !isCall(message)) : undefined;
  }

  /** Whether every message that the server counts as unread is here. */
  get isCounted(): boolean {
    return this.#news.length >= this.#counted;
  }

  /** How far a message of this user's own has come; undefined for those of the peer, and for calls. */
  progressOf(message: Message): Progress | undefined {
    const { cursor, from } = message;
    if (from !== this.#me || isCall(message)) return undefined;
    const { deliveredUpTo = 0, peerReadUpTo = 0 } = this.#stand ?? {};
    if (cursor <= peerReadUpTo) return 'read';
    return cursor <= deliveredUpTo ? 'delivered' : 'sent';
  }

  /** The server says where it stands now. */
  follow(stand: Stand): void {
    this.#stand = stand;
    this.#parts.changed();
  }

  /** A list says where it stood; the server may have said something newer meanwhile. */
  listed(stand: Stand): void {
    if (this.#stand === undefined || stand.revision >= this.#stand.revision) this.follow(stand);
  }

  /** Everything that is here is read, on all devices of this user. */
  read(): void {
    const { last } = this;
    const isNews = this.#counted > 0 || this.#news.length > 0;
    if (last === undefined || !this.#isBegun || !isNews) return;
    this.#read = last.cursor;
    void this.#sayRead();
    this.#parts.changed();
  }

  /** There is a connection: what could not be fetched or said without one is now. */
  connected(): void {
    void this.#sayRead();
    if (this.state.kind === 'failed') void this.begin();
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
  send(text: string): Promise<void> {
    return this.#send(text, this.#parts.newKey());
  }

  /** Sends again what failed, as the newest. */
  async retry(key: string): Promise<void> {
    const failed = this.#outbox.find((each) => each.key === key && each.state === 'failed');
    if (failed === undefined) return;
    this.#drop(key);
    await this.#send(failed.text, key);
  }

  /** Forgets what failed. */
  discard(key: string): void {
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

  async #send(text: string, key: string): Promise<void> {
    const { peer, now } = this.#parts;
    const after = this.last?.cursor ?? 0;
    const outgoing: Outgoing = { key, text, state: 'sending', at: now(), after };
    this.#outbox = [...this.#outbox, outgoing];
    this.#parts.changed();
    try {
      await this.#parts.client.send(peer, text, { key });
      this.#drop(key);
    } catch (error) {
      this.#outbox = this.#outbox.map((each) =>
        each.key === key ? { ...each, state: 'failed', error } : each,
      );
      this.#parts.changed();
    }
  }

  get #me(): UserId {
    return this.#parts.client.user ?? '';
  }

  /** What came from the peer and is not read. */
  get #news(): readonly Message[] {
    const read = Math.max(this.#read, this.#stand?.readUpTo ?? Infinity);
    return this.#messages.filter(({ cursor, from }) => cursor > read && from !== this.#me);
  }

  /** How many the server counts of them; what was read here meanwhile is no part of it. */
  get #counted(): number {
    const { unread = 0, readUpTo = 0 } = this.#stand ?? {};
    return readUpTo < this.#read ? 0 : unread;
  }

  /** One word is under way at a time: what is read meanwhile is said in the next. */
  async #sayRead(): Promise<void> {
    if (this.#isSaying) return;
    this.#isSaying = true;
    try {
      while (this.#said < this.#read) {
        const read = this.#read;
        await this.#parts.client.markRead(this.peer, read);
        this.#said = read;
      }
    } catch {
      // The next word says it too, and so does the next connection.
    } finally {
      this.#isSaying = false;
    }
  }

  /** Where it stands, for a conversation that no list has told of. */
  async #ask(): Promise<void> {
    if (this.#stand !== undefined) return;
    const { items } = await this.#parts.client.conversations.list({ peer: this.peer });
    for (const stand of items) this.listed(stand);
  }

  #load(): Promise<void> {
    return this.#loading.run(async () => {
      const before = this.#isBegun ? this.#messages[0]?.cursor : undefined;
      const query = { limit: PAGE, ...(before !== undefined && { before }) };
      const [{ messages, more }] = await Promise.all([
        this.#parts.client.history(this.peer, query),
        this.#ask(),
      ]);
      const oldest = this.#messages[0]?.cursor ?? Infinity;
      // The newest page may end behind what the overview knows already.
      const reaches = (messages.at(-1)?.cursor ?? Infinity) <= oldest;
      if (reaches || messages.length === 0) this.#hasOlder = more;
      this.#isBegun = true;
      this.merge(messages);
    });
  }

  #drop(key: string): void {
    this.#outbox = this.#outbox.filter((each) => each.key !== key);
    this.#parts.changed();
  }
}

function isCall({ kind }: Message): boolean {
  return kind === 'record';
}
