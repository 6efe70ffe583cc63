import type { InboxItem, UserId } from '@ringline/protocol';
import type { InboxStanding } from '../store.ts';
import type { Statement } from './driver.ts';
import { GroupRead } from './group-read.ts';
import type { Lanes } from './lanes.ts';
import type { MessageRow } from './message-row.ts';
import { itemOf } from './message-row.ts';
import { held } from './text.ts';

/** How far the inbox of a user without a row goes. */
const EMPTY: InboxStanding = { head: 0, first: 1, acknowledged: 0, revision: 0 };

/** Every user's inbox, as it is read: items with cursors 1, 2, 3 …. */
export class PostgresInboxes {
  readonly #lanes: Lanes;
  readonly #standings: GroupRead<InboxStanding>;

  constructor(lanes: Lanes) {
    this.#lanes = lanes;
    // Devices ask with every heartbeat.
    this.#standings = new GroupRead(lanes, STANDINGS, (row) => {
      const { head, first, acknowledged, revision } = row as unknown as InboxStanding;
      return { head, first, acknowledged, revision };
    });
  }

  standing(user: UserId): Promise<InboxStanding> {
    return this.#standings.read(user, EMPTY);
  }

  /** Mostly nothing is new, which the standing tells for many at once. */
  async after(user: UserId, cursor: number, limit: number): Promise<readonly InboxItem[]> {
    const { head } = await this.standing(user);
    if (head <= cursor) return [];
    const rows = await this.#lanes.read<MessageRow>(AFTER, [held(user), cursor, limit]);
    return rows.map(itemOf);
  }

  async history(
    user: UserId,
    peer: UserId,
    before: number,
    limit: number,
  ): Promise<readonly InboxItem[]> {
    const values = [held(user), held(peer), before, limit];
    return (await this.#lanes.read<MessageRow>(HISTORY, values)).map(itemOf);
  }
}

const STANDINGS: Statement = {
  name: 'inbox_standings',
  text: `select a.i, head, first, acknowledged, revision
    from unnest($1::text[], $2::bigint[]) with ordinality as a (owner, after, i)
    join inboxes using (owner)`,
};
const AFTER: Statement = {
  name: 'inbox_after',
  text: `select i.cursor, m.id, m.sender, m.recipient, m.at, m.body
    from inbox i join messages m on m.n = i.message
    where i.owner = $1 and i.cursor > $2 order by i.cursor limit $3`,
};
const CURSOR = 'case when m.sender = $1 then m.sender_cursor else m.recipient_cursor end';
// Within one inbox the order of cursors is the order of messages: both are taken under the lock of the
// owner. What was removed from this inbox may still lie in the peer's; what never came here has no place.
const HISTORY: Statement = {
  name: 'inbox_history',
  text: `select ${CURSOR} as cursor, m.id, m.sender, m.recipient, m.at, m.body
    from messages m
    where m.user_a = least($1::text collate "C", $2::text collate "C")
      and m.user_b = greatest($1::text collate "C", $2::text collate "C")
      and ${CURSOR} > 0
      and m.n >= (select message from inbox where owner = $1 order by cursor limit 1)
      and m.n < coalesce(
        (select message from inbox where owner = $1 and cursor >= $3 order by cursor limit 1),
        ${Number.MAX_SAFE_INTEGER})
    order by m.n desc limit $4`,
};
