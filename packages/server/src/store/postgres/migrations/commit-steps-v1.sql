/*
 * Commits steps that arrived together: all that is here is one transaction. Steps of one wave touch no
 * user and no channel in common, so that each statement writes for all of them; a wave sees what those
 * before it wrote. A step of which a guard does not hold writes nothing.
 *
 * users, channels: all that the steps touch; ack_users, ack_cursors: what is acknowledged, whose senders
 * are told. Says which steps lost ('lost'), the cursors of items ('item') and whose conversations were
 * revised ('revised').
 */
create function commit_steps_v1(
  users text[], channels text[], ack_users text[], ack_cursors bigint[],
  receipt_span bigint, kept_invitations integer, waves json
) returns table (kind text, step integer, item integer, owner text, place bigint) language plpgsql
-- Everything is found by an index, whatever the tables were like when this was planned.
set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off set jit = off
set plan_cache_mode = force_generic_plan
as $$
#variable_conflict use_column
declare
  wave json;
  x record;
  r record;
  told record;
  lost integer[];
  before_ack bigint;
  place_of_sender bigint;
  place_of_recipient bigint;
  new_revision bigint;
  first_left bigint;
  message bigint;
begin
  if cardinality(ack_users) > 0 then
    -- Those who wrote what is acknowledged learn it: their rows change as well.
    users := users || array(
      select distinct m.sender from unnest(ack_users, ack_cursors) as a (who, upto)
        left join inboxes i on i.owner = a.who
        join inbox x on x.owner = a.who and x.cursor <= a.upto
          and x.cursor > greatest(coalesce(i.acknowledged, 0), a.upto - receipt_span)
        join messages m on m.n = x.message);
  end if;
  if cardinality(users) > 0 then
    perform lock_users(users);
  end if;
  if cardinality(channels) > 0 then
    -- So few buckets that the locks of any number of batches find room.
    perform pg_advisory_xact_lock(hashtext('ringline channels'), bucket) from (
      select distinct hashtext(channel) & 63 as bucket from unnest(channels) channel order by 1
    ) b;
  end if;

  for wave in select value from json_array_elements(waves) loop
    select * into x from json_to_record(wave) as x (
      guards json, calls json, lines json, devices json, advanced json, bound json, unbound json,
      seen_users json, lost_users json, logins json, logouts json, joined json, "left" json,
      acks json, records json, quality json, seen json, events json, deliveries json, inbox json,
      reads json, invitations json, attributes json);

    lost := array[]::integer[];
    if x.guards is not null then
      lost := array(
        select distinct g.s
        from json_to_recordset(x.guards) as g (s integer, of text, a text, b text, v bigint)
        where g.v <> case g.of
          when 'line' then coalesce((select version from lines where user_id = g.a), 0)
          when 'call' then coalesce((select version from calls where id = g.a), 0)
          when 'device' then
            coalesce((select version from devices where user_id = g.a and device = g.b), 0)
          when 'key' then (select count(*) from messages where sender = g.a and key = g.b)
          when 'invitation' then coalesce((select version from invitations where id = g.a), 0)
          when 'attributes' then
            coalesce((select n from attributes where kind = g.a and name = g.b), 0)
          when 'user' then
            (select count(*) from (select from logins where user_id = g.a limit 1) t)
        end);
      return query select 'lost', s, null::integer, null::text, null::bigint from unnest(lost) s;
    end if;

    if x.calls is not null then
      with r as materialized (
        select * from json_to_recordset(x.calls) as r (
          s integer, id text, room bigint, version bigint, open boolean, deadline bigint,
          caller text, callee text, at bigint, cause text, after text)
        where r.s <> all (lost)
      ), made as (
        insert into calls (id, room_id, version, open, deadline, caller, callee)
          select id, room, version, open, deadline, caller, callee from r where version = 1
          returning id, n
      ), moved as (
        update calls c set version = r.version, open = r.open, deadline = r.deadline,
            claimed_until = 0
          from r where r.version > 1 and c.id = r.id
          returning c.id, c.n
      )
      insert into call_log (call, version, at, cause, after)
        select t.n, r.version, r.at, r.cause, r.after
        from (select * from made union all select * from moved) t join r on r.id = t.id;
    end if;

    if x.lines is not null then
      -- Each user of a step has a row, which is locked.
      update lines l set version = r.version, announced = r.announced, records = r.records,
          calls = array(select json_array_elements_text(r.calls))
        from json_to_recordset(x.lines) as r (
          s integer, who text, version bigint, calls json, announced boolean, records boolean)
        where l.user_id = r.who and r.s <> all (lost);
    end if;

    if x.advanced is not null then
      update devices d set version = r.version, last_seq = r.last_seq,
          acknowledged = r.acknowledged, results = r.results
        from json_to_recordset(x.advanced) as r (
          s integer, who text, device text, version bigint, last_seq bigint, acknowledged bigint,
          results text)
        where d.user_id = r.who and d.device = r.device and r.s <> all (lost);
    end if;
    if x.devices is not null then
      insert into devices (user_id, device, version, last_seq, acknowledged, results, rest)
        select who, device, version, last_seq, acknowledged, results, rest
        from json_to_recordset(x.devices) as r (
          s integer, who text, device text, version bigint, last_seq bigint, acknowledged bigint,
          results text, rest text)
        where r.s <> all (lost)
      on conflict (user_id, device) do update set version = excluded.version,
        last_seq = excluded.last_seq, acknowledged = excluded.acknowledged,
        results = excluded.results, rest = excluded.rest;
    end if;
    if x.bound is not null then
      insert into bindings (user_id, device, incarnation)
        select who, device, incarnation
        from json_to_recordset(x.bound) as r (s integer, who text, device text, incarnation text)
        where r.s <> all (lost)
      on conflict (user_id, device) do update set incarnation = excluded.incarnation;
      -- An incarnation that never held a lease counts as over, so that its devices become orphans.
      insert into leases (incarnation, until)
        select distinct r.incarnation, 0
        from json_to_recordset(x.bound) as r (s integer, incarnation text)
        where r.s <> all (lost)
          and not exists (select from leases l where l.incarnation = r.incarnation)
        order by 1
      on conflict do nothing;
    end if;
    if x.unbound is not null then
      delete from bindings b
        using json_to_recordset(x.unbound) as r (s integer, who text, device text)
        where b.user_id = r.who and b.device = r.device and r.s <> all (lost);
    end if;
    if x.seen_users is not null then
      insert into users as u (user_id, profile, seen_at, has_left, move)
        select who, profile, at, has_left, pg_current_xact_id()::text::bigint
        from json_to_recordset(x.seen_users) as r (
          s integer, who text, profile text, at bigint, has_left boolean)
        where r.s <> all (lost)
      on conflict (user_id) do update set profile = excluded.profile,
        seen_at = greatest(u.seen_at, excluded.seen_at), has_left = excluded.has_left,
        move = excluded.move;
    end if;
    if x.lost_users is not null then
      update users u set seen_at = greatest(u.seen_at, r.at), has_left = r.has_left,
          move = pg_current_xact_id()::text::bigint
        from json_to_recordset(x.lost_users) as r (
          s integer, who text, at bigint, has_left boolean)
        where u.user_id = r.who and r.s <> all (lost);
    end if;
    if x.logins is not null then
      insert into logins as l (user_id, device, ends_at)
        select who, device, ends_at
        from json_to_recordset(x.logins) as r (s integer, who text, device text, ends_at bigint)
        where r.s <> all (lost)
      on conflict (user_id, device) do update set ends_at = excluded.ends_at,
        claimed_until = case
          when l.ends_at is not distinct from excluded.ends_at then l.claimed_until else 0 end;
    end if;
    if x.joined is not null then
      insert into members (channel, user_id, device)
        select channel, who, device
        from json_to_recordset(x.joined) as r (s integer, channel text, who text, device text)
        where r.s <> all (lost);
      update attributes a set empty_since = null
        from json_to_recordset(x.joined) as r (s integer, channel text)
        where a.kind = 'channel' and a.name = r.channel and a.empty_since is not null
          and r.s <> all (lost);
    end if;
    if x."left" is not null then
      delete from members m
        using json_to_recordset(x."left") as r (s integer, channel text, who text, device text)
        where m.channel = r.channel and m.user_id = r.who and m.device = r.device
          and r.s <> all (lost);
      -- The attributes of a channel go with its last member.
      delete from attributes a
        using (
          select distinct channel
          from json_to_recordset(x."left") as r (s integer, channel text) where r.s <> all (lost)
        ) r
        where a.kind = 'channel' and a.name = r.channel
          and not exists (select from members m where m.channel = r.channel);
    end if;
    if x.logouts is not null then
      delete from logins l
        using json_to_recordset(x.logouts) as r (s integer, who text, device text)
        where l.user_id = r.who and l.device = r.device and r.s <> all (lost);
      -- Those of a user go with its last login.
      delete from attributes a
        using (
          select distinct who
          from json_to_recordset(x.logouts) as r (s integer, who text) where r.s <> all (lost)
        ) r
        where a.kind = 'user' and a.name = r.who
          and not exists (select from logins l where l.user_id = r.who);
    end if;

    if x.acks is not null then
      for r in
        select * from json_to_recordset(x.acks) as r (s integer, who text, upto bigint)
        where r.s <> all (lost) order by r.s, r.upto
      loop
        before_ack := coalesce((select acknowledged from inboxes where owner = r.who), 0);
        continue when r.upto <= before_ack;
        insert into inboxes (owner, acknowledged) values (r.who, r.upto)
          on conflict (owner) do update set acknowledged = excluded.acknowledged;
        for told in
          select c.owner, m.sent from (
            select m.sender, max(m.sender_cursor) as sent
            from inbox x join messages m on m.n = x.message
            where x.owner = r.who and x.cursor > greatest(before_ack, r.upto - receipt_span)
              and x.cursor <= r.upto and m.sender <> r.who and m.sender = any (users)
            group by m.sender
          ) m join conversations c on c.owner = m.sender and c.peer = r.who
          where m.sent > c.delivered
        loop
          update inboxes i set revision = i.revision + 1 where i.owner = told.owner
            returning i.revision into new_revision;
          update conversations c set delivered = told.sent, revision = new_revision
            where c.owner = told.owner and c.peer = r.who;
          return query select 'revised', r.s, null::integer, told.owner, null::bigint;
        end loop;
      end loop;
    end if;

    if x.records is not null then
      insert into records (call, caller, callee, ended_at, status, body)
        select call, caller, callee, ended_at, status, body
        from json_to_recordset(x.records) as r (
          s integer, call text, caller text, callee text, ended_at bigint, status smallint,
          body text)
        where r.s <> all (lost);
    end if;
    if x.quality is not null then
      insert into call_quality (call, user_id, body)
        select call, who, body
        from json_to_recordset(x.quality) as r (s integer, call text, who text, body text)
        where r.s <> all (lost)
      on conflict (call, user_id) do update set body = excluded.body;
    end if;
    if x.seen is not null then
      insert into calls_seen as c (user_id, position)
        select r.who, max(t.position)
        from json_to_recordset(x.seen) as r (s integer, who text, call text)
          join records t on t.call = r.call
        where r.s <> all (lost) group by r.who
      on conflict (user_id) do update set position = greatest(c.position, excluded.position);
    end if;

    if x.events is not null then
      insert into events (id, type, key, sequence, at, data)
        select id, type, key, sequence, at,
          case when sequence is null then data
            when data = '{}' then '{"sequence":' || sequence || '}'
            else left(data, -1) || ',"sequence":' || sequence || '}' end
        from (
          select r.*, r.body as data, case when r.numbered then
            coalesce((select max(e.sequence) from events e where e.key = r.key), 0)
              + row_number() over (partition by r.key, r.numbered order by r.i) end as sequence
          from rows from (json_to_recordset(x.events) as (
            s integer, id text, type text, key text, numbered boolean, at bigint, body text)
          ) with ordinality as r (s, id, type, key, numbered, at, body, i)
          where r.s <> all (lost)
        ) r
        order by i;
    end if;
    if x.deliveries is not null then
      for r in
        select * from rows from (json_to_recordset(x.deliveries) as (
          s integer, event text, endpoint text, lane text, form text, at bigint)
        ) with ordinality as r (s, event, endpoint, lane, form, at, i)
        where r.s <> all (lost) order by r.i
      loop
        -- Who settles the first of a lane makes due what waits behind it: not while this is written.
        loop
          perform from deliveries d
            where d.endpoint = r.endpoint and d.lane = r.lane and d.state = 'waiting'
            order by d.n limit 1 for update;
          exit when found or not exists (
            select from deliveries d
            where d.endpoint = r.endpoint and d.lane = r.lane and d.state = 'waiting');
        end loop;
        insert into deliveries (endpoint, event, at, lane, form, state, due_at)
          select r.endpoint, e.n, r.at, r.lane, r.form, 'waiting', case when not exists (
            select from deliveries d
            where d.endpoint = r.endpoint and d.lane = r.lane and d.state = 'waiting') then r.at end
          from events e where e.id = r.event;
      end loop;
    end if;

    if x.inbox is not null then
      for r in
        select * from rows from (json_to_recordset(x.inbox) as (
          s integer, i integer, id text, sender text, recipient text, at_sender boolean,
          at_recipient boolean, at bigint, body text, key text)
        ) with ordinality as r (
          s, i, id, sender, recipient, at_sender, at_recipient, at, body, key, place)
        where r.s <> all (lost) order by r.place
      loop
        place_of_sender := 0;
        place_of_recipient := 0;
        if r.at_sender then
          insert into inboxes as b (owner, head) values (r.sender, 1)
            on conflict (owner) do update set head = b.head + 1
            returning head into place_of_sender;
          insert into conversations (owner, peer, last, revision)
            values (r.sender, r.recipient, place_of_sender, 0)
            on conflict (owner, peer) do update set last = excluded.last;
        end if;
        if r.sender = r.recipient then
          place_of_recipient := place_of_sender;
        elsif r.at_recipient then
          insert into inboxes as b (owner, head, revision) values (r.recipient, 1, 1)
            on conflict (owner) do update set head = b.head + 1, revision = b.revision + 1
            returning head, revision into place_of_recipient, new_revision;
          insert into conversations (owner, peer, last, revision)
            values (r.recipient, r.sender, place_of_recipient, new_revision)
            on conflict (owner, peer) do update
              set last = excluded.last, revision = excluded.revision;
          return query select 'revised', r.s, null::integer, r.recipient, null::bigint;
        end if;
        insert into messages (id, sender, recipient, sender_cursor, recipient_cursor, user_a,
            user_b, at, body, key)
          values (r.id, r.sender, r.recipient, place_of_sender, place_of_recipient,
            least(r.sender collate "C", r.recipient collate "C"),
            greatest(r.sender collate "C", r.recipient collate "C"), r.at, r.body, r.key)
          returning n into message;
        if r.at_sender then
          insert into inbox (owner, cursor, message) values (r.sender, place_of_sender, message);
          return query select 'item', r.s, r.i, r.sender, place_of_sender;
        end if;
        if r.at_recipient and r.recipient <> r.sender then
          insert into inbox (owner, cursor, message)
            values (r.recipient, place_of_recipient, message);
          return query select 'item', r.s, r.i, r.recipient, place_of_recipient;
        end if;
      end loop;
    end if;

    if x.reads is not null then
      for r in
        select * from rows from (json_to_recordset(x.reads) as (
          s integer, who text, peer text, upto bigint, told boolean)
        ) with ordinality as r (s, who, peer, upto, told, i)
        where r.s <> all (lost) order by r.i
      loop
        update conversations c set read = r.upto
          where c.owner = r.who and c.peer = r.peer and c.read < r.upto;
        continue when not found;
        update inboxes i set revision = i.revision + 1 where i.owner = r.who
          returning i.revision, i.first into new_revision, first_left;
        update conversations c set revision = new_revision
          where c.owner = r.who and c.peer = r.peer;
        return query select 'revised', r.s, null::integer, r.who, null::bigint;
        continue when not r.told or r.peer = r.who;
        -- A record that came to one of the two only has no place at the other.
        select m.sender_cursor into place_of_sender from messages m
          where m.recipient = r.who and m.sender = r.peer
            and m.recipient_cursor between first_left and r.upto and m.sender_cursor > 0
          order by m.recipient_cursor desc limit 1;
        continue when not found;
        update conversations c set peer_read = place_of_sender,
            delivered = greatest(c.delivered, place_of_sender)
          where c.owner = r.peer and c.peer = r.who and c.peer_read < place_of_sender;
        continue when not found;
        update inboxes i set revision = i.revision + 1 where i.owner = r.peer
          returning i.revision into new_revision;
        update conversations c set revision = new_revision
          where c.owner = r.peer and c.peer = r.who;
        return query select 'revised', r.s, null::integer, r.peer, null::bigint;
      end loop;
    end if;

    if x.invitations is not null then
      with r as materialized (
        select * from json_to_recordset(x.invitations) as r (
          s integer, id text, version bigint, caller text, callee text, deadline bigint,
          over_at bigint, body text)
        where r.s <> all (lost)
      ), made as (
        insert into invitations (id, version, caller, callee, deadline, over_at, body)
          select id, version, caller, callee, deadline, over_at, body
          from r where version = 1
      )
      update invitations i set version = r.version, deadline = r.deadline, over_at = r.over_at,
          body = r.body, claimed_until = 0
        from r where r.version > 1 and i.id = r.id;
      for r in
        select distinct caller
        from json_to_recordset(x.invitations) as r (s integer, caller text, over_at bigint)
        where r.s <> all (lost) and over_at is not null
      loop
        delete from invitations where n in (
          select n from invitations where caller = r.caller and over_at is not null
          order by over_at desc, n desc offset kept_invitations);
      end loop;
    end if;
    if x.attributes is not null then
      insert into attributes (kind, name, body, empty_since)
        select kind, name, body, case when kind = 'channel'
          and not exists (select from members m where m.channel = r.name) then at end
        from json_to_recordset(x.attributes) as r (
          s integer, kind text, name text, body text, at bigint)
        where r.s <> all (lost)
      -- A number of its own, also where it takes the place of another.
      on conflict (kind, name) do update set n = excluded.n, body = excluded.body,
        empty_since = excluded.empty_since;
    end if;
  end loop;
end $$;
