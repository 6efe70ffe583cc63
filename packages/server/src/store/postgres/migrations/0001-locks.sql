/*
 * Who changes anything of users (their lines, calls, devices, inboxes, conversations, invitations) locks
 * their lines first, all of them and in order: then nobody else changes it meanwhile, inboxes count
 * without holes, and nobody waits in a circle. Users without a line get an empty one, which counts as none.
 */
create function lock_users(ids text[]) returns void language plpgsql
set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off set jit = off
as $$
begin
  -- All that are missing before any lock is taken: who waits here holds none of those locked below.
  insert into lines (user_id)
    select id from unnest(ids) id
    where not exists (select from lines where user_id = id)
    order by id collate "C"
    on conflict do nothing;
  perform from lines where user_id = any (ids) order by user_id for no key update;
end $$;
