import type { Message, UserId } from '@ringline/client';
import { Changing } from './changing.ts';
import { Conversation } from './conversation.ts';
import type { ListsClient } from './lists-client.ts';
import type { LoadState } from './loading.ts';
import { Loading } from './loading.ts';
import type { Marks } from './marks.ts';

/** Up to here everything counts as read that no mark of a peer's own says more of. */
const BASE = 'messages';
const PAGE = 100;

/** The conversations with everybody, from the inbox of this user. */
export class Conversations extends Changing {
  readonly #client: ListsClient;
  readonly #marksOf: () => Marks;
  readonly #now: () => number;
  readonly #byPeer = new Map<UserId, Conversation>();
  readonly #loading = new Loading(() => this.changed());
  #oldest: number | undefined;

  constructor(client: ListsClient, marksOf: () => Marks, now: () => number) {
    super();
    this.#client = client;
    this.#marksOf = marksOf;
    this.#now = now;
  }

  /** Those in which something was said or called, the newest first. */
  get all(): readonly Conversation[] {
    const begun = [...this.#byPeer.values()].filter((each) => momentOf(each) > 0);
    return begun.sort((a, b) => momentOf(b) - momentOf(a));
  }

  /** How many messages are unread, with everybody. */
  get unread(): number {
    return [...this.#byPeer.values()].reduce((sum, { unread }) => sum + unread, 0);
  }

  /** How many messages of a peer are unread. */
  unreadOf(peer: UserId): number {
    return this.#byPeer.get(peer)?.unread ?? 0;
  }

  /** How the overview stands. */
  get state(): LoadState {
    return this.#loading.state;
  }

  /** Whether the inbox goes further back than the overview. */
  get hasOlder(): boolean {
    return this.#oldest !== undefined && this.#oldest > 0;
  }

  /** The conversation with a peer, begun or not. */
  with(peer: UserId): Conversation {
    const known = this.#byPeer.get(peer);
    if (known !== undefined) return known;
    const fresh = new Conversation({
      client: this.#client,
      peer,
      readMark: () => this.#readMark(peer),
      mark: (cursor) => this.#marksOf().write(markOf(peer), cursor),
      now: this.#now,
      changed: () => this.changed(),
    });
    this.#byPeer.set(peer, fresh);
    return fresh;
  }

  /**
   * There is a connection: what was delivered to this user before counts as read, on the first one in this browser.
   * What could not be read without one is read now.
   */
  connected(): void {
    const marks = this.#marksOf();
    if (marks.read(BASE) === undefined) marks.write(BASE, this.#client.cursor ?? 0);
    if (this.state.kind === 'failed') void this.load();
    for (const each of this.#byPeer.values()) if (each.state.kind === 'failed') void each.begin();
  }

  /** Fetches the newest part of the inbox, once. */
  load(): Promise<void> {
    if (this.#oldest !== undefined) return Promise.resolve();
    return this.#loading.run(async () => {
      const { head } = await this.#client.inbox.list({ cursor: Number.MAX_SAFE_INTEGER, limit: 1 });
      await this.#fetchBefore(head);
    });
  }

  /** Fetches the part of the inbox before. */
  loadOlder(): Promise<void> {
    const oldest = this.#oldest;
    if (oldest === undefined || oldest === 0) return Promise.resolve();
    return this.#loading.run(() => this.#fetchBefore(oldest));
  }

  /** A message, or the record of a call, arrived. */
  receive(message: Message): void {
    this.with(this.#peerOf(message)).merge([message]);
  }

  async #fetchBefore(end: number): Promise<void> {
    const cursor = Math.max(0, end - PAGE);
    const { items } = await this.#client.inbox.list({ cursor, limit: PAGE });
    this.#oldest = cursor;
    const byPeer = Map.groupBy(items, (message) => this.#peerOf(message));
    for (const [peer, messages] of byPeer) this.with(peer).merge(messages);
  }

  #peerOf({ from, to }: Message): UserId {
    return from === this.#client.user ? to : from;
  }

  #readMark(peer: UserId): number {
    const marks = this.#marksOf();
    return Math.max(marks.read(markOf(peer)) ?? 0, marks.read(BASE) ?? 0);
  }
}

function markOf(peer: UserId): string {
  return `with ${peer}`;
}

/** When something was last said or written there; 0 for never. */
function momentOf({ last, outbox }: Conversation): number {
  return Math.max(last?.at ?? 0, outbox.at(-1)?.at ?? 0);
}
