import type { Statement } from './driver.ts';

/** A row of anything that was loaded; `kind` says of what, and which columns it has. */
export interface LoadedRow {
  readonly kind: string;
  readonly a: string;
  readonly b: string | null;
  readonly c: string;
  readonly d: string;
  readonly n: number;
  readonly m: number;
  readonly k: number;
  readonly x: boolean;
  readonly y: boolean;
  readonly list: readonly string[];
}

/*
 * $1 users, $2 calls, $3 and $4 acting devices, $5 users whose reachable devices are wanted, $6 and $7
 * senders and keys of messages. A call brings its two users, a line its open calls, and these the lines
 * of all their parties.
 */
const CALLS = `
  named as materialized (select id, caller, callee from calls where id = any ($2)),
  asked as materialized (
    select unnest($1::text[]) collate "C" as user_id
    union select caller from named union select callee from named),
  own as materialized (select l.* from asked join lines l using (user_id)),
  wanted as (select id from named union select unnest(calls) collate "C" from own),
  loaded as materialized (
    select c.n, c.id, c.version, c.caller, c.callee, g.after
    from wanted w join calls c on c.id = w.id
      join call_log g on g.call = c.n and g.version = c.version),
  others as (
    select caller as user_id from loaded union select callee from loaded
    except select user_id from asked)`;

const BASE = `
  select 'line' as kind, user_id as a, null::text as b, null::text as c, null::text as d,
    version as n, null::bigint as m, null::bigint as k, announced as x, records as y, calls as list
  from (select * from own union all select l.* from others join lines l using (user_id)) l
  union all select 'call', id, null, after, null, version, n, null, null, null, null from loaded
  union all select 'device', d.user_id, d.device, d.results, d.rest, d.version, d.last_seq,
    d.acknowledged, null, null, null
  from (
    select user_id, device from unnest($3::text[], $4::text[]) as a (user_id, device)
    union select user_id, device from reachable) a join devices d using (user_id, device)
  union all select 'bound', user_id, device, null, null, null, null, null, null, null, null
  from reachable
  union all select 'sent', m.sender, m.key, m.id, m.recipient, m.at, null, null, null, null, null
  from unnest($6::text[], $7::text[]) as s (sender, key)
    join messages m on m.sender = s.sender and m.key = s.key`;

/** One moment's rows of scopes without RTM. */
export const LOAD: Statement = {
  name: 'load',
  text: `with ${CALLS},
    reachable as materialized (
      select user_id, device from bindings where user_id = any ($5::text[]))
    ${BASE}`,
};

/*
 * $8 invitations, $9 and $10 callers and callees whose open invitations are counted, $11 and $12 those
 * of one to the other, $13 users whose logins are wanted, $14 and $15 kinds and names of attributes.
 */
const RTM = `
  union all select 'invitation', id, null, body, null, version, null, null, null, null, null
  from invited
  union all select 'by', p.id, null, null, null, (
      select count(*) from invitations where caller = p.id and deadline is not null),
    null, null, null, null, null
  from unnest($9::text[]) as p (id)
  union all select 'to', p.id, null, null, null, (
      select count(*) from invitations where callee = p.id and deadline is not null),
    null, null, null, null, null
  from unnest($10::text[]) as p (id)
  union all select 'between', p.caller, p.callee, null, null, (
      select count(*) from invitations i
      where i.caller = p.caller and i.callee = p.callee and i.deadline is not null),
    null, null, null, null, null
  from unnest($11::text[], $12::text[]) as p (caller, callee)
  union all select 'login', user_id, device, null, null, ends_at, null, null, null, null, null
  from logins where user_id = any ($13::text[])
  union all select 'attributes', t.kind, t.name, t.body, null, t.n, null, null, null, null, null
  from unnest($14::text[], $15::text[]) as o (kind, name)
    join attributes t on t.kind = o.kind and t.name = o.name`;

/** One moment's rows of scopes of which some have RTM. */
export const LOAD_RTM: Statement = {
  name: 'load_rtm',
  text: `with ${CALLS},
    invited as materialized (select id, callee, version, body from invitations where id = any ($8)),
    reachable as materialized (
      select user_id, device from bindings where user_id = any ($5::text[] || $10::text[])
      union select b.user_id, b.device from invited i join bindings b on b.user_id = i.callee)
    ${BASE}${RTM}`,
};
