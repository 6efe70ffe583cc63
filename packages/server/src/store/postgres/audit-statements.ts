import { MAX_MISSED } from '@ringline/protocol';
import { COLUMNS } from './conversations.ts';
import type { Statement } from './driver.ts';

/**
 * One moment for the whole reading. The messages by id are kept at the server as long as it lasts:
 * nothing else asks for them so, and an index of them would cost every message. Whether it is the record
 * of a call that may be forgotten is noted beside.
 */
export const BEGIN = `
  begin isolation level repeatable read;
  create temp table message_ids on commit drop as select id, n,
      id >= 'record:' and id < 'record;'
        and at < coalesce((select before from forgotten where what = 'calls'), 0) as past
    from messages;
  create index on message_ids (id, n);
  analyze message_ids;
  set transaction read only`;

/** Nothing of it is kept. */
export const END = 'rollback';

/*
 * What is read to see whether everything fits together; each page by an index, from where the last one
 * ended, and what belongs to a page with one statement for all of it.
 */

export const CALLS: Statement = {
  name: 'audit_calls',
  text: `select n, id, room_id, version, open, deadline from calls where n > $1 order by n limit $2`,
};
export const LOG: Statement = {
  name: 'audit_log',
  text: `select call as of, version, at, cause, after from call_log
    where call = any ($1::bigint[]) order by call, version`,
};
const RECORD = 'position, caller, callee, ended_at, status, body';
export const RECORDS: Statement = {
  name: 'audit_records',
  text: `select call as of, ${RECORD} from records where call = any ($1::text[])`,
};
export const MESSAGES: Statement = {
  name: 'audit_messages',
  text: `select m.id as of, i.owner, i.cursor, m.id, m.sender, m.recipient, m.at, m.body
    from message_ids r join messages m on m.n = r.n
      cross join lateral (
        select m.sender as owner, m.sender_cursor as cursor
        union select m.recipient, m.recipient_cursor) p
      join inbox i on i.owner = p.owner and i.cursor = p.cursor and i.message = m.n
    where r.id = any ($1::text[]) order by i.owner, i.cursor`,
};
export const EVENTS: Statement = {
  name: 'audit_events',
  text: `select key as of, sequence, type, at, data from events
    where key = any ($1::text[]) and sequence is not null order by key, sequence, n`,
};

export const USERS: Statement = {
  name: 'audit_users',
  text: `select user_id as user from (
      (select user_id from lines where user_id > $1 and version > 0 order by user_id limit $2)
      union (select owner from inboxes where owner > $1 order by owner limit $2)
      union (select user_id from calls_seen where user_id > $1 order by user_id limit $2)) u
    order by user_id limit $2`,
};
/** What is told of each user: its line, its inbox and what lies there, what it missed and has seen. */
export const USER: Statement = {
  name: 'audit_user',
  text: `select u.id as user, coalesce(l.calls, '{}') as line, coalesce(i.head, 0) as head,
      coalesce(i.first, 1) as first, coalesce(i.acknowledged, 0) as acknowledged,
      x.count, coalesce(x.first, 0) as first_item, coalesce(x.last, 0) as last_item,
      s.position, r.body, (select count(*) from (
        select from records where callee = u.id and missed and position > coalesce(s.position, 0)
        limit ${MAX_MISSED}) t) as missed, (
        select m.at from inbox o join messages m on m.n = o.message
        where o.owner = u.id order by o.cursor limit 1) as oldest_at
    from unnest($1::text[]) with ordinality as u (id, i)
      left join lines l on l.user_id = u.id
      left join inboxes i on i.owner = u.id
      cross join lateral (
        select count(*) as count, min(cursor) as first, max(cursor) as last
        from inbox where owner = u.id) x
      left join calls_seen s on s.user_id = u.id
      left join records r on r.position = s.position
    order by u.i`,
};
export const OPEN_CALLS: Statement = {
  name: 'audit_open_calls',
  text: `select c.id, c.caller, c.callee, g.after
    from calls c join call_log g on g.call = c.n and g.version = c.version
    where c.id = any ($1::text[]) and c.open`,
};
export const STANDING: Statement = {
  name: 'audit_standing',
  text: `select coalesce((select calls from lines where user_id = $1), '{}') as line,
      coalesce((select first from inboxes where owner = $1), 1) as first, (
        select m.at from inbox i join messages m on m.n = i.message
        where i.owner = $1 order by i.cursor limit 1) as oldest_at`,
};
export const RECORDS_TO: Statement = {
  name: 'audit_records_to',
  text: `select ${RECORD} from (
      (select * from records where callee = $1 and not missed and position > $2
        order by position limit $3)
      union all (select * from records where callee = $1 and missed and position > $2
        order by position limit $3)) r
    order by position limit $3`,
};

// A message that is gone has no other party: what is joined to it is null as well.
const OTHER = 'case when m.sender = i.owner then m.recipient else m.sender end';
export const ITEMS: Statement = {
  name: 'audit_items',
  text: `select i.owner, i.cursor, m.n, m.id, m.sender, m.recipient, m.sender_cursor,
      m.recipient_cursor, m.user_a, m.user_b, o.message as other_message, b.first as other_first,
      c.last
    from (select * from inbox where (owner, cursor) > ($1, $2) order by owner, cursor limit $3) i
      left join messages m on m.n = i.message
      left join inbox o on o.owner = ${OTHER}
        and o.cursor = case when m.sender = i.owner then m.recipient_cursor else m.sender_cursor end
      left join inboxes b on b.owner = ${OTHER}
      left join conversations c on c.owner = i.owner and c.peer = ${OTHER}
    order by i.owner, i.cursor`,
};
export const CONVERSATIONS: Statement = {
  name: 'audit_conversations',
  text: `select ${COLUMNS}, c.owner, c.last, i.head, i.first, i.revision as newest,
      coalesce(p.acknowledged, 0) as peer_acknowledged, coalesce(p.first, 1) as peer_first,
      coalesce(r.read, 0) as peer_has_read
    from (
      select * from conversations where (owner, peer) > ($1, $2) order by owner, peer limit $3) c
      left join inboxes i on i.owner = c.owner
      left join inboxes p on p.owner = c.peer
      left join conversations r on r.owner = c.peer and r.peer = c.owner
    order by c.owner, c.peer`,
};
export const ITEMS_OF: Statement = {
  name: 'audit_items_of',
  text: `select m.n, i.cursor, m.sender = $1 as "isOwn",
      case when m.sender = $1 then m.recipient_cursor else m.sender_cursor end as theirs
    from messages m join inbox i on i.owner = $1 and i.message = m.n
      and i.cursor = case when m.sender = $1 then m.sender_cursor else m.recipient_cursor end
    where m.user_a = least($1::text collate "C", $2::text collate "C")
      and m.user_b = greatest($1::text collate "C", $2::text collate "C") and m.n > $3
    order by m.n limit $4`,
};
export const MESSAGE_EVENTS: Statement = {
  name: 'audit_message_events',
  text: `select n, key, data from events where type = 'message.sent' and n > $1 order by n limit $2`,
};
export const MESSAGES_BY_ID: Statement = {
  name: 'audit_messages_by_id',
  text: `select m.id, m.sender, m.recipient, m.at, m.body
    from unnest($1::text[]) a (id) join messages m on m.n = (
      select n from message_ids where id = a.id order by n limit 1)`,
};

export const STRAY_RECORDS: Statement = {
  name: 'audit_stray_records',
  text: `select call from records r where not exists (select from calls where id = r.call) limit $1`,
};
export const STRAY_RECORD_MESSAGES: Statement = {
  name: 'audit_stray_record_messages',
  text: `select distinct substr(id, 8) as call from message_ids
    where id >= 'record:' and id < 'record;' and not past
      and not exists (select from records where call = substr(id, 8)) limit $1`,
};
export const STRAY_MESSAGES: Statement = {
  name: 'audit_stray_messages',
  text: `select id from messages m
    where not exists (
        select from inbox where owner = m.sender and cursor = m.sender_cursor and message = m.n)
      and not exists (select from inbox
        where owner = m.recipient and cursor = m.recipient_cursor and message = m.n)
    limit $1`,
};
export const DOUBLED: Statement = {
  name: 'audit_doubled',
  text: `select id, count(*) as count from message_ids where not past
    group by id having count(*) > 1 limit $1`,
};
export const FORGOTTEN: Statement = {
  name: 'audit_forgotten',
  text: 'select what, position, before from forgotten',
};
export const INVITATIONS: Statement = {
  name: 'audit_invitations',
  text: `select n, caller, callee, deadline, body from invitations
    where n > $1 order by n limit $2`,
};

export const STRAY_EVENTS: Statement = {
  name: 'audit_stray_events',
  text: `select id, key as call from events e where type <> 'message.sent'
    and not starts_with(type, 'invitation.')
    and not exists (select from calls where id = e.key) order by n limit $1`,
};
export const STRAY_DELIVERIES: Statement = {
  name: 'audit_stray_deliveries',
  text: `select n, endpoint, lane, event from deliveries d
    where not exists (select from events where n = d.event) order by n limit $1`,
};
export const STUCK: Statement = {
  name: 'audit_stuck',
  text: `select n, endpoint, lane from deliveries d where state = 'waiting' and due_at is null
    and not exists (
      select from deliveries e where e.endpoint = d.endpoint and e.lane = d.lane
        and e.state = 'waiting' and e.n < d.n)
    limit $1`,
};
