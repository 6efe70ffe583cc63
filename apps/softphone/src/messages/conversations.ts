import type { Message, RinglineClient } from '@ringline/client';
import type { UserId } from '@ringline/protocol';

/** What is known of the messages exchanged with one peer. */
interface Conversation {
  /** By cursor, oldest first. */
  messages: readonly Message[];
  unread: number;
  isLoaded: boolean;
  hasOlder: boolean;
}

const PAGE = 50;

/** The messages with every peer: those that arrive, and older ones from the server's history. */
export class Conversations {
  readonly #client: RinglineClient;
  readonly #changed: () => void;
  readonly #byPeer = new Map<UserId, Conversation>();
  #open: UserId | undefined;

  constructor(client: RinglineClient, changed: () => void) {
    this.#client = client;
    this.#changed = changed;
    document.addEventListener('visibilitychange', this.#read);
  }

  close(): void {
    document.removeEventListener('visibilitychange', this.#read);
  }

  /** Whose conversation is on the screen. */
  get open(): UserId | undefined {
    return this.#open;
  }

  messagesWith(peer: UserId): readonly Message[] {
    return this.#of(peer).messages;
  }

  isLoaded(peer: UserId): boolean {
    return this.#of(peer).isLoaded;
  }

  hasOlder(peer: UserId): boolean {
    return this.#of(peer).hasOlder;
  }

  unreadOf(peer: UserId): number {
    return this.#byPeer.get(peer)?.unread ?? 0;
  }

  get unread(): number {
    return [...this.#byPeer.values()].reduce((sum, { unread }) => sum + unread, 0);
  }

  /** Brings a conversation to the screen; rejects when its history cannot be fetched. */
  async choose(peer: UserId): Promise<void> {
    this.#open = peer;
    this.#of(peer).unread = 0;
    this.#changed();
    if (!this.isLoaded(peer)) await this.loadOlder(peer);
  }

  /** The newest page at first, then the ones before it. */
  async loadOlder(peer: UserId): Promise<void> {
    const before = this.isLoaded(peer) ? this.messagesWith(peer)[0]?.cursor : undefined;
    const options = { limit: PAGE, ...(before !== undefined && { before }) };
    const { messages, more } = await this.#client.history(peer, options);
    const conversation = this.#of(peer);
    conversation.isLoaded = true;
    conversation.hasOlder = more;
    this.#merge(peer, messages);
  }

  async send(peer: UserId, text: string): Promise<void> {
    await this.#client.send(peer, text);
  }

  /** A message arrived, from a peer or from this user's own devices. */
  receive(message: Message): void {
    const isMine = message.from === this.#client.user;
    const peer = isMine ? message.to : message.from;
    const isSeen = isMine || message.kind === 'record' || this.#isRead(peer);
    if (!isSeen) this.#of(peer).unread++;
    this.#merge(peer, [message]);
  }

  #isRead(peer: UserId): boolean {
    return peer === this.#open && !document.hidden;
  }

  readonly #read = () => {
    if (this.#open === undefined || document.hidden) return;
    this.#of(this.#open).unread = 0;
    this.#changed();
  };

  #of(peer: UserId): Conversation {
    const known = this.#byPeer.get(peer);
    if (known !== undefined) return known;
    const fresh: Conversation = { messages: [], unread: 0, isLoaded: false, hasOlder: false };
    this.#byPeer.set(peer, fresh);
    return fresh;
  }

  #merge(peer: UserId, messages: readonly Message[]): void {
    const conversation = this.#of(peer);
    const byCursor = new Map(conversation.messages.map((each) => [each.cursor, each]));
    for (const message of messages) byCursor.set(message.cursor, message);
    conversation.messages = [...byCursor.values()].sort((a, b) => a.cursor - b.cursor);
    this.#changed();
  }
}
