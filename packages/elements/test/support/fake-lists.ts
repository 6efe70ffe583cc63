import type {
  CallRecord,
  Conversation,
  EndReason,
  HistoryPage,
  ListedConversation,
  Message,
  Page,
  Peer,
  Presence,
  SendOptions,
  Sent,
} from '@ringline/client';
import { RECORD_STATUS } from '@ringline/client';
import type { ListsClient, PageQuery, Seen } from '../../src/model/lists-client.ts';

/** A call of bob to alice, unless said otherwise. */
export function recordAt(endedAt: number, more: Partial<CallRecord> = {}): CallRecord {
  const reason: EndReason = 'no-answer';
  return {
    call: `call-${endedAt}`,
    roomId: 1,
    type: 'audio',
    status: RECORD_STATUS.unanswered,
    reason,
    caller: 'bob',
    callee: 'alice',
    durations: [],
    invitedAt: 0,
    acceptedAt: null,
    connectedAt: null,
    endedAt,
    endedBy: null,
    ...more,
  };
}

/** A text between alice and a peer: the sender's id first. */
export function text(cursor: number, from: string, words: string, to = 'alice'): Message {
  return { kind: 'text', id: `m${cursor}`, cursor, from, to, at: cursor * 1000, text: words };
}

function pageOf<Item>(items: readonly Item[], { cursor, limit = 50 }: PageQuery = {}): Page<Item> {
  const from = Number(cursor ?? 0);
  const to = from + limit;
  return { items: items.slice(from, to), next: to < items.length ? String(to) : null };
}

function peerOf({ from, to }: Message): string {
  return from === 'alice' ? to : from;
}

/** The record of a call of bob to alice, as a message. */
export function call(cursor: number, more: Partial<CallRecord> = {}): Message {
  const at = cursor * 1000;
  const record = recordAt(at, more);
  return { kind: 'record', id: record.call, cursor, from: 'bob', to: 'alice', at, record };
}

/** The lists of alice's client: what a server would hold, and a switch that makes it fail. */
export class FakeLists implements ListsClient {
  readonly user = 'alice';
  cursor: number | undefined = 0;
  readonly connectionState = 'connected';
  stored: CallRecord[] = [];
  directory: Seen[] = [];
  directoryReads = 0;
  box: Message[] = [];
  online = new Map<string, Presence>();
  readonly watched: (readonly string[])[] = [];
  readonly sent: string[] = [];
  /** Of everything that it was asked to send. */
  readonly keys: string[] = [];
  missedCalls = 0;
  /** What was said to be seen and read. */
  readonly seen: string[] = [];
  readonly reads: string[] = [];
  /** Where the server has it that alice stands, by peer, where it is not the usual. */
  readonly stands = new Map<string, Partial<Conversation>>();
  /** What `markRead` waits for. */
  reading: Promise<void> = Promise.resolve();
  fault: Error | undefined;
  /** What `send` waits for. */
  delivery: Promise<void> = Promise.resolve();

  readonly records = {
    list: (query?: PageQuery) => this.#answer(() => pageOf(this.stored, query)),
  };

  readonly users = {
    list: (query?: PageQuery) => {
      this.directoryReads += 1;
      return this.#answer(() => pageOf(this.directory, query));
    },
  };

  readonly inbox = {
    list: ({ cursor = 0, limit = 50 }: { cursor?: number; limit?: number } = {}) =>
      this.#answer(() => ({
        items: this.box.filter((each) => each.cursor > cursor).slice(0, limit),
        head: this.box.at(-1)?.cursor ?? 0,
      })),
  };

  readonly conversations = {
    list: ({ peer, ...query }: PageQuery & { peer?: string } = {}) =>
      this.#answer(() => {
        const peers = [...new Set(this.box.toReversed().map(peerOf))];
        const wanted = peers.filter((each) => peer === undefined || each === peer);
        return pageOf(
          wanted.map((each) => this.#conversation(each)),
          query,
        );
      }),
  };

  readonly presence = {
    watch: (users: readonly string[]) => {
      this.watched.push(users);
      return this.#answer(() => {});
    },
    of: (user: string) => this.online.get(user),
  };

  seeCalls(call: string): Promise<void> {
    this.seen.push(call);
    return this.#answer(() => {});
  }

  async markRead(peer: string, cursor?: number): Promise<void> {
    this.reads.push(`${peer} ${cursor}`);
    await this.reading;
    return this.#answer(() => {});
  }

  /** As the server tells it: everything of the peer is unread, unless it is said. */
  standOf(peer: string): Conversation {
    const { readUpTo = 0, ...more } = this.stands.get(peer) ?? {};
    const unread = this.box.filter(({ from, cursor }) => from === peer && cursor > readUpTo);
    const marks = { readUpTo, deliveredUpTo: 0, peerReadUpTo: 0 };
    return { peer, revision: 1, unread: unread.length, ...marks, ...more };
  }

  #conversation(peer: string): ListedConversation {
    const last = this.box.findLast((each) => peerOf(each) === peer)!;
    return { ...this.standOf(peer), last };
  }

  async send(user: string, message: unknown, { key = '' }: SendOptions = {}): Promise<Sent> {
    this.keys.push(key);
    await this.delivery;
    return this.#answer(() => {
      this.sent.push(`${user}: ${String(message)}`);
      return { id: 'sent', at: 0 };
    });
  }

  history(
    peer: string,
    { before = Infinity, limit = 50 }: { before?: number; limit?: number } = {},
  ): Promise<HistoryPage> {
    return this.#answer(() => {
      const all = this.box.filter(
        ({ from, to, cursor }) => (from === peer || to === peer) && cursor < before,
      );
      const messages = all.toReversed().slice(0, limit);
      return { messages, more: all.length > limit };
    });
  }

  async #answer<Answer>(make: () => Answer): Promise<Answer> {
    await Promise.resolve();
    if (this.fault !== undefined) throw this.fault;
    return make();
  }
}

/** A peer with a name, as the directory lists it. */
export function seen(user: string, more: Partial<Peer & Seen> = {}): Seen {
  return { user, online: false, ...more };
}
