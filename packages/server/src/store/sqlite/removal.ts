import type { UserId } from '@ringline/protocol';
import type { RemovalPortion, Removed } from '../store.ts';
import type { SqliteConversations } from './conversations.ts';
import type { Database } from './driver.ts';
import { inTransaction } from './driver.ts';
import type { SqliteStandings } from './standings.ts';

interface Old {
  readonly n: number;
  readonly at: number;
  readonly sender: UserId;
  readonly recipient: UserId;
  readonly sent: number;
  readonly received: number;
}

interface Kept {
  readonly owner: UserId;
  /** Items that it has beyond those that are kept and acknowledged; none when negative. */
  readonly excess: number;
}

/** The last cursor that is gone of what a peer sent, by owner of the inbox and peer. */
type Gone = Map<UserId, Map<UserId, number>>;

/** Removes the oldest items of inboxes, a portion at a time, each in a transaction of its own. */
export class SqliteRemoval {
  readonly #database: Database;
  readonly #standings: SqliteStandings;
  readonly #conversations: SqliteConversations;
  /** The transaction was rolled back: nothing remembered of it is true. */
  readonly #forget: () => void;
  readonly #statements: ReturnType<typeof statementsOf>;

  constructor(
    database: Database,
    standings: SqliteStandings,
    conversations: SqliteConversations,
    forget: () => void,
  ) {
    this.#database = database;
    this.#standings = standings;
    this.#conversations = conversations;
    this.#forget = forget;
    this.#statements = statementsOf(database);
  }

  older(before: number, limit: number): Removed {
    const oldest = this.#statements.oldest.all(limit) as Old[];
    const young = oldest.findIndex(({ at }) => at >= before);
    const old = young === -1 ? oldest : oldest.slice(0, young);
    if (old.length === 0) return { revised: [], more: false };
    const revised = this.#inTransaction((gone) => {
      for (const message of old) this.#removeOld(message, gone);
    });
    return { revised, more: old.length === limit };
  }

  beyond({ keep, after, inboxes: looked, limit }: RemovalPortion): Removed {
    const inboxes = this.#statements.inboxes.all(keep, after ?? '', looked) as Kept[];
    let left = limit;
    let done = after;
    const revised = this.#inTransaction((gone) => {
      for (const { owner, excess } of inboxes) {
        if (excess > 0) left -= this.#removeFirst(owner, Math.min(excess, left), gone);
        // The inbox at which the portion is full may not be done.
        if (left === 0) return;
        done = owner;
      }
    });
    return { revised, more: left === 0 || inboxes.length === looked, done };
  }

  /** Runs the work, which notes what is gone of each conversation, and gives those whose unread items are fewer. */
  #inTransaction(work: (gone: Gone) => void): readonly UserId[] {
    const gone: Gone = new Map();
    const revised = new Set<UserId>();
    try {
      inTransaction(this.#database, () => {
        work(gone);
        for (const [owner, peers] of gone) {
          for (const [peer, cursor] of peers) {
            this.#conversations.removed(owner, peer, cursor, revised);
          }
        }
      });
    } catch (error) {
      this.#forget();
      throw error;
    }
    return [...revised];
  }

  #removeFirst(owner: UserId, count: number, gone: Gone): number {
    const items = this.#statements.first.all(owner, count) as (Old & { cursor: number })[];
    for (const { cursor, n, sender, recipient, sent, received } of items) {
      this.#leave(owner, cursor);
      const [peer, theirs] = owner === sender ? [recipient, received] : [sender, sent];
      if (!this.#statements.holds.get(peer, theirs)) this.#statements.removeMessage.run(n);
      if (owner !== sender) note(gone, owner, sender, cursor);
    }
    return items.length;
  }

  #removeOld({ n, sender, recipient, sent, received }: Old, gone: Gone): void {
    this.#leave(sender, sent);
    if (recipient !== sender) this.#leave(recipient, received);
    this.#statements.removeMessage.run(n);
    if (recipient !== sender) note(gone, recipient, sender, received);
  }

  #leave(owner: UserId, cursor: number): void {
    this.#statements.removeItem.run(owner, cursor);
    this.#standings.begin(owner, cursor + 1);
  }
}

/** An item without a place in this inbox has the cursor 0, and takes nothing from it. */
function note(gone: Gone, owner: UserId, peer: UserId, cursor: number): void {
  const peers = gone.get(owner) ?? new Map<UserId, number>();
  const last = Math.max(cursor, peers.get(peer) ?? 0);
  if (last > 0) gone.set(owner, peers.set(peer, last));
}

const OLD = `m.n, m.at, m.sender, m.recipient, m.sender_cursor AS sent,
  m.recipient_cursor AS received`;

function statementsOf(database: Database) {
  return {
    oldest: database.prepare(`SELECT ${OLD} FROM messages m ORDER BY m.n LIMIT ?`),
    inboxes: database.prepare(`
      SELECT owner, min(acknowledged, head - ?1) - first + 1 AS excess FROM inboxes
      WHERE owner > ?2 ORDER BY owner LIMIT ?3`),
    first: database.prepare(`
      SELECT x.cursor, ${OLD} FROM inbox x JOIN messages m ON m.n = x.message
      WHERE x.owner = ? ORDER BY x.cursor LIMIT ?`),
    holds: database.prepare('SELECT 1 FROM inbox WHERE owner = ? AND cursor = ?'),
    removeItem: database.prepare('DELETE FROM inbox WHERE owner = ? AND cursor = ?'),
    removeMessage: database.prepare('DELETE FROM messages WHERE n = ?'),
  };
}
