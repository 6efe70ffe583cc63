import type { Conversation, UserId } from '@ringline/protocol';
import { MAX_UNREAD } from '@ringline/protocol';
import type { ConversationQuery, ListedConversation } from '../store.ts';
import type { Statement } from './driver.ts';
import type { PostgresInboxes } from './inbox.ts';
import type { Lanes } from './lanes.ts';
import type { MessageRow } from './message-row.ts';
import { itemOf } from './message-row.ts';
import { given, held } from './text.ts';

/** Where each user stands with each peer, as it is read. */
export class PostgresConversations {
  readonly #lanes: Lanes;
  readonly #inboxes: PostgresInboxes;

  constructor(lanes: Lanes, inboxes: PostgresInboxes) {
    this.#lanes = lanes;
    this.#inboxes = inboxes;
  }

  async find(query: ConversationQuery): Promise<readonly ListedConversation[]> {
    const { user, peer, before = Number.MAX_SAFE_INTEGER, limit } = query;
    const found =
      peer === undefined
        ? this.#lanes.read<Conversation & MessageRow>(LIST, [held(user), before, limit])
        : this.#lanes.read<Conversation & MessageRow>(ONE, [held(user), before, limit, held(peer)]);
    return (await found).map((row) => ({ ...conversationOf(row), last: itemOf(row) }));
  }

  /** Mostly nothing is new, which the standing tells for many at once. */
  async since(user: UserId, revision: number, limit: number): Promise<readonly Conversation[]> {
    const standing = await this.#inboxes.standing(user);
    if (standing.revision <= revision) return [];
    const rows = await this.#lanes.read<Conversation>(SINCE, [held(user), revision, limit]);
    return rows.map(conversationOf);
  }
}

export function conversationOf(row: Conversation): Conversation {
  const { revision, unread, readUpTo, deliveredUpTo, peerReadUpTo } = row;
  return { peer: given(row.peer), revision, unread, readUpTo, deliveredUpTo, peerReadUpTo };
}

/** What a conversation `c` with the inbox `i` of its owner is told as; counted by one index, so many rows at most. */
export const COLUMNS = `c.peer, c.revision, c.read as "readUpTo", c.delivered as "deliveredUpTo",
  c.peer_read as "peerReadUpTo", case when c.peer = c.owner then 0 else (select count(*) from (
    select from messages u where u.recipient = c.owner and u.sender = c.peer
      and u.recipient_cursor > greatest(c.read, i.first - 1) limit ${MAX_UNREAD}) t) end as unread`;

/** A list, or one conversation by another index. */
function finder(name: string, which: string): Statement {
  return {
    name,
    text: `select ${COLUMNS}, c.last as cursor, m.id, m.sender, m.recipient, m.at, m.body
      from inboxes i join conversations c on c.owner = i.owner
        join inbox x on x.owner = c.owner and x.cursor = c.last
        join messages m on m.n = x.message
      where i.owner = $1 and c.last >= i.first and c.last < $2 ${which}
      order by c.last desc limit $3`,
  };
}

const LIST = finder('conversations', '');
const ONE = finder('conversation', 'and c.peer = $4');
const SINCE: Statement = {
  name: 'conversations_since',
  text: `select ${COLUMNS} from inboxes i join conversations c on c.owner = i.owner
    where i.owner = $1 and c.revision > $2 and c.revision > 0 order by c.revision limit $3`,
};
