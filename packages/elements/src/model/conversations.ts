import type { ListedConversation, Message, UserId, Conversation as Stand } from '@ringline/client';
import { Changing } from './changing.ts';
import { Conversation } from './conversation.ts';
import type { ConversationParts } from './conversation.ts';
import type { ListsClient } from './lists-client.ts';
import type { LoadState } from './loading.ts';
import { Loading } from './loading.ts';

const PAGE = 50;
/** What a look into the inbox fetches: one page of it. */
const LOOK = 100;

/** The conversations with everybody, as the server keeps them for all devices of this user. */
export class Conversations extends Changing {
  readonly #client: ListsClient;
  readonly #parts: Pick<ConversationParts, 'now' | 'newKey'>;
  readonly #byPeer = new Map<UserId, Conversation>();
  readonly #loading = new Loading(() => this.changed());
  /** The next page of the overview; undefined before the first. */
  #next: string | null | undefined;

  constructor(client: ListsClient, parts: Pick<ConversationParts, 'now' | 'newKey'>) {
    super();
    this.#client = client;
    this.#parts = parts;
  }

  /** Those in which something was said or called, the newest first. */
  get all(): readonly Conversation[] {
    const begun = [...this.#byPeer.values()].filter((each) => momentOf(each) > 0);
    return begun.sort((a, b) => momentOf(b) - momentOf(a));
  }

  /** How many messages are unread, with everybody that was told of. */
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

  /** Whether there are conversations before those of the overview. */
  get hasOlder(): boolean {
    return typeof this.#next === 'string';
  }

  /** The conversation with a peer, begun or not. */
  with(peer: UserId): Conversation {
    const known = this.#byPeer.get(peer);
    if (known !== undefined) return known;
    const fresh = new Conversation({
      client: this.#client,
      peer,
      ...this.#parts,
      changed: () => this.changed(),
    });
    this.#byPeer.set(peer, fresh);
    return fresh;
  }

  /** There is a connection: what could not be fetched or said without one is now. */
  connected(): void {
    if (this.state.kind === 'failed') void this.load();
    for (const each of this.#byPeer.values()) each.connected();
  }

  /** Fetches the newest conversations, once. */
  load(): Promise<void> {
    if (this.#next !== undefined) return Promise.resolve();
    return this.#loading.run(() => this.#fetch());
  }

  /** Fetches the conversations before. */
  loadOlder(): Promise<void> {
    const next = this.#next;
    if (typeof next !== 'string') return Promise.resolve();
    return this.#loading.run(() => this.#fetch(next));
  }

  /** A message, or the record of a call, arrived. */
  receive(message: Message): void {
    this.with(this.#peerOf(message)).merge([message]);
  }

  /** The server says where a conversation stands. */
  follow(stand: Stand): void {
    this.with(stand.peer).follow(stand);
  }

  async #fetch(cursor?: string): Promise<void> {
    const { items, next } = await this.#client.conversations.list({
      limit: PAGE,
      ...(cursor !== undefined && { cursor }),
    });
    for (const item of items) {
      const conversation = this.with(item.peer);
      conversation.merge([item.last]);
      conversation.listed(item);
    }
    await this.#lookInto(items);
    this.#next = next;
  }

  /** The server counts calls among what is unread: what it counts is looked at, as far as one page tells. */
  async #lookInto(items: readonly ListedConversation[]): Promise<void> {
    const uncounted = items.filter(({ peer }) => !this.with(peer).isCounted);
    if (uncounted.length === 0) return;
    const head = Math.max(...uncounted.map(({ last }) => last.cursor));
    const cursor = Math.max(0, head - LOOK);
    const page = await this.#client.inbox.list({ cursor, limit: LOOK });
    const byPeer = Map.groupBy(page.items, (message) => this.#peerOf(message));
    // Of others there would be a gap between these and their last one.
    for (const { peer } of uncounted) this.with(peer).merge(byPeer.get(peer) ?? []);
  }

  #peerOf({ from, to }: Message): UserId {
    return from === this.#client.user ? to : from;
  }
}

/** When something was last said or written there; 0 for never. */
function momentOf({ last, outbox }: Conversation): number {
  return Math.max(last?.at ?? 0, outbox.at(-1)?.at ?? 0);
}
