import type { UserId } from '@ringline/protocol';
import type { RemovalPortion, Removed } from '../store.ts';
import type { Session, Statement } from './driver.ts';
import type { Lanes } from './lanes.ts';
import { given, held } from './text.ts';

interface Old {
  readonly n: number;
  readonly at: number;
  readonly sender: string;
  readonly recipient: string;
  readonly sent: number;
  readonly received: number;
}

/** A message as it lies in one inbox. */
interface Item extends Old {
  readonly owner: string;
  readonly cursor: number;
}

interface Kept {
  readonly owner: string;
  /** Items that it has beyond those that are kept and acknowledged; none when negative. */
  readonly excess: number;
}

/** Places in inboxes, and the peer whose messages lie there. */
interface Place {
  readonly owner: string;
  readonly peer: string;
  readonly cursor: number;
}

/**
 * Removes the oldest items of inboxes, a portion at a time, each in a transaction of its own. What a
 * portion is about is read first without any lock, then the users whom it touches are locked, and what
 * is still there is removed: two nodes may do it at once.
 */
export class PostgresRemoval {
  readonly #lanes: Lanes;

  constructor(lanes: Lanes) {
    this.#lanes = lanes;
  }

  async older(before: number, limit: number): Promise<Removed> {
    const oldest = await this.#lanes.read<Old>(OLDEST, [limit]);
    const young = oldest.findIndex(({ at }) => at >= before);
    const old = young === -1 ? oldest : oldest.slice(0, young);
    if (old.length === 0) return { revised: [], more: false };
    const revised = await this.#removing(old, async (session) => {
      const left = await session.rows<Old>(STILL_THERE, [old.map(({ n }) => n)]);
      await removeItems(session, left.flatMap(placesOf));
      await session.run(REMOVE_MESSAGES, [left.map(({ n }) => n)]);
      // What a user wrote itself was not unread.
      return left.flatMap((message) =>
        placesOf(message).filter(({ owner }) => owner === message.recipient),
      );
    });
    return { revised, more: old.length === limit };
  }

  async beyond({ keep, after, inboxes: looked, limit }: RemovalPortion): Promise<Removed> {
    const from = after === undefined ? '' : held(after);
    const inboxes = await this.#lanes.read<Kept>(INBOXES, [keep, from, looked]);
    const items = await this.#itemsBeyond(inboxes, limit);
    let left = limit;
    let done = after;
    for (const { owner, excess } of inboxes) {
      const found = items.filter((item) => item.owner === owner).length;
      left -= Math.min(Math.max(excess, 0), found, left);
      // The inbox at which the portion is full may not be done.
      if (left === 0) break;
      done = given(owner);
    }
    const revised = items.length === 0 ? [] : await this.#removing(items, removeFirst(items));
    return { revised, more: left === 0 || inboxes.length === looked, done };
  }

  /** The first of each inbox that has too many: no more than the limit. */
  async #itemsBeyond(inboxes: readonly Kept[], limit: number): Promise<readonly Item[]> {
    const full = inboxes.filter(({ excess }) => excess > 0);
    if (full.length === 0) return [];
    const [owners, counts] = [full.map(({ owner }) => owner), full.map(({ excess }) => excess)];
    return this.#lanes.read<Item>(FIRST, [owners, counts, limit]);
  }

  /** Runs the work under the locks of all users of these; gives those whose unread items are fewer. */
  #removing(
    messages: readonly Old[],
    work: (session: Session) => Promise<readonly Place[]>,
  ): Promise<readonly UserId[]> {
    const users = messages.flatMap(({ sender, recipient }) => [sender, recipient]);
    return this.#lanes.transaction(async (session) => {
      await session.rows(LOCK_USERS, [[...new Set(users)]]);
      const places = await work(session);
      const rows = await session.rows<{ owner: string }>(REVISE, [
        places.map(({ owner }) => owner),
        places.map(({ peer }) => peer),
        places.map(({ cursor }) => cursor),
      ]);
      return [...new Set(rows.map(({ owner }) => given(owner)))];
    });
  }
}

/** Removes those that are still in their owner's inbox, and the messages that then lie in none. */
function removeFirst(items: readonly Item[]): (session: Session) => Promise<readonly Place[]> {
  const peerOf = ({ owner, sender, recipient }: Item) => (owner === sender ? recipient : sender);
  return async (session) => {
    const places = items.map((item) => {
      return { owner: item.owner, peer: peerOf(item), cursor: item.cursor };
    });
    const gone = await removeItems(session, places);
    await session.run(REMOVE_UNHELD, [items.map(({ n }) => n)]);
    // What a user wrote itself was not unread.
    return items
      .filter(({ owner, cursor }) => gone.some((it) => it.owner === owner && it.cursor === cursor))
      .filter(({ owner, sender }) => owner !== sender)
      .map((item) => ({ owner: item.owner, peer: peerOf(item), cursor: item.cursor }));
  };
}

/** Where a message lies; a cursor 0 is no place. */
function placesOf({ sender, recipient, sent, received }: Old): readonly Place[] {
  const places = [{ owner: recipient, peer: sender, cursor: received }];
  if (sender !== recipient) places.push({ owner: sender, peer: recipient, cursor: sent });
  return places.filter(({ cursor }) => cursor > 0);
}

/** Removes what lies there, and says which of it did; all inboxes begin behind these places. */
async function removeItems(session: Session, places: readonly Place[]): Promise<readonly Place[]> {
  const values = [places.map(({ owner }) => owner), places.map(({ cursor }) => cursor)];
  const gone = await session.rows<Place>(REMOVE_ITEMS, values);
  await session.run(BEGIN, values);
  return gone;
}

const OLD = `m.n, m.at, m.sender, m.recipient, m.sender_cursor as sent,
  m.recipient_cursor as received`;

const OLDEST: Statement = {
  name: 'messages_oldest',
  text: `select ${OLD} from messages m order by m.n limit $1`,
};
const STILL_THERE: Statement = {
  name: 'messages_still_there',
  text: `select ${OLD} from messages m where m.n = any ($1::bigint[]) order by m.n`,
};
const INBOXES: Statement = {
  name: 'inboxes_beyond',
  text: `select owner, least(acknowledged, head - $1) - first + 1 as excess from inboxes
    where owner > $2 order by owner limit $3`,
};
const FIRST: Statement = {
  name: 'inbox_first',
  text: `select k.owner, x.cursor, ${OLD}
    from unnest($1::text[], $2::bigint[]) with ordinality as k (owner, excess, i)
      cross join lateral (
        select cursor, message from inbox where owner = k.owner order by cursor limit k.excess) x
      join messages m on m.n = x.message
    order by k.i, x.cursor limit $3`,
};
/** Keeps others from changing anything of these users until the transaction is over. */
export const LOCK_USERS: Statement = { name: 'lock_users', text: 'select lock_users($1::text[])' };
const REMOVE_ITEMS: Statement = {
  name: 'inbox_remove',
  text: `delete from inbox i using unnest($1::text[], $2::bigint[]) a (owner, cursor)
    where i.owner = a.owner and i.cursor = a.cursor returning i.owner, i.cursor`,
};
const BEGIN: Statement = {
  name: 'inbox_begin',
  text: `update inboxes i set first = a.cursor + 1 from (
      select owner, max(cursor) as cursor from unnest($1::text[], $2::bigint[]) a (owner, cursor)
      group by owner) a
    where i.owner = a.owner and i.first <= a.cursor`,
};
const REMOVE_MESSAGES: Statement = {
  name: 'messages_remove',
  text: 'delete from messages where n = any ($1::bigint[])',
};
const REMOVE_UNHELD: Statement = {
  name: 'messages_remove_unheld',
  text: `delete from messages m where m.n = any ($1::bigint[])
    and not exists (select from inbox where owner = m.sender and cursor = m.sender_cursor)
    and not exists (select from inbox where owner = m.recipient and cursor = m.recipient_cursor)`,
};
// Each conversation that changes has a revision of its own.
const REVISE: Statement = {
  name: 'conversations_removed',
  text: `with changed as materialized (
      select c.owner, c.peer, row_number() over (partition by c.owner order by c.peer) as i
      from (
        select owner, peer, max(cursor) as cursor
        from unnest($1::text[], $2::text[], $3::bigint[]) a (owner, peer, cursor)
        where owner <> peer group by owner, peer
      ) a join conversations c on c.owner = a.owner and c.peer = a.peer
      where a.cursor > c.read
    ), revised as (
      update inboxes i set revision = i.revision + n.count
        from (select owner, count(*) as count from changed group by owner) n
        where i.owner = n.owner
        returning i.owner, i.revision - n.count as before
    )
    update conversations c set revision = r.before + h.i
      from changed h join revised r on r.owner = h.owner
      where c.owner = h.owner and c.peer = h.peer
      returning c.owner`,
};
