import type { UserId } from '@ringline/protocol';
import type { InboxStanding } from '../store.ts';
import type { Database } from './driver.ts';
import { RecentRows } from '../recent-rows.ts';

const RECENT_STANDINGS = 2000;

/** Conversations of a user that are remembered as changed: more seldom change before its devices are told. */
export const MAX_CHANGED = 8;

/** A conversation that changed, and the revision that it got. */
interface Changed {
  readonly peer: UserId;
  readonly revision: number;
}

/** A row, and the conversations that changed last. */
interface Known extends InboxStanding {
  /** By revision, each peer once: all that have a higher one than `changedSince`. */
  readonly changed: readonly Changed[];
  readonly changedSince: number;
}

const EMPTY: Known = {
  head: 0,
  first: 1,
  acknowledged: 0,
  revision: 0,
  changed: [],
  changedSince: 0,
};

/** How far every user's inbox goes, and which of its conversations changed last. */
export class SqliteStandings {
  readonly #statements: ReturnType<typeof statementsOf>;
  readonly #recent = new RecentRows<Known>(RECENT_STANDINGS);

  constructor(database: Database) {
    this.#statements = statementsOf(database);
  }

  of(owner: UserId): InboxStanding {
    const { head, first, acknowledged, revision } = this.#known(owner);
    return { head, first, acknowledged, revision };
  }

  /** Peers whose conversations have a higher revision than this, by revision; undefined when that is to be read from the rows. */
  changedSince(owner: UserId, revision: number): readonly UserId[] | undefined {
    const { changed, changedSince } = this.#known(owner);
    if (revision < changedSince) return undefined;
    return changed.filter((change) => change.revision > revision).map(({ peer }) => peer);
  }

  /** The next place in this inbox, and the revision of the conversation with the peer for whom that is news. */
  append(owner: UserId, newsOf: UserId | undefined): Pick<InboxStanding, 'head' | 'revision'> {
    const before = this.#known(owner);
    const after = { ...before, head: before.head + 1 };
    return this.#put(owner, newsOf === undefined ? after : revised(after, newsOf));
  }

  acknowledge(owner: UserId, cursor: number): void {
    this.#put(owner, { ...this.#known(owner), acknowledged: cursor });
  }

  /** The next revision of this user, which is that of the conversation with this peer. */
  revise(owner: UserId, peer: UserId): number {
    return this.#put(owner, revised(this.#known(owner), peer)).revision;
  }

  /** Items before this cursor are gone. */
  begin(owner: UserId, first: number): void {
    const known = this.#known(owner);
    if (first > known.first) this.#put(owner, { ...known, first });
  }

  forget(): void {
    this.#recent.clear();
  }

  #known(owner: UserId): Known {
    const recent = this.#recent.get(owner);
    if (recent !== undefined) return recent;
    const row = this.#statements.read.get(owner) as InboxStanding | undefined;
    const known = row ? { ...row, changed: [], changedSince: row.revision } : EMPTY;
    this.#recent.set(owner, known);
    return known;
  }

  #put(owner: UserId, after: Known): Known {
    const { head, first, acknowledged, revision } = after;
    this.#statements.write.run(owner, head, first, acknowledged, revision);
    this.#recent.set(owner, after);
    return after;
  }
}

function revised(standing: Known, peer: UserId): Known {
  const revision = standing.revision + 1;
  const others = standing.changed.filter((change) => change.peer !== peer);
  const changed = [...others, { peer, revision }];
  if (changed.length <= MAX_CHANGED) return { ...standing, revision, changed };
  const [oldest, ...left] = changed;
  return { ...standing, revision, changed: left, changedSince: oldest?.revision ?? revision };
}

function statementsOf(database: Database) {
  return {
    read: database.prepare(
      'SELECT head, first, acknowledged, revision FROM inboxes WHERE owner = ?',
    ),
    write: database.prepare(`
      INSERT INTO inboxes (owner, head, first, acknowledged, revision) VALUES (?, ?, ?, ?, ?)
      ON CONFLICT DO UPDATE SET head = excluded.head, first = excluded.first,
        acknowledged = excluded.acknowledged, revision = excluded.revision`),
  };
}
