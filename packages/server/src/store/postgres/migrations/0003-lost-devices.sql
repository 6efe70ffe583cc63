/*
 * Devices that are lost, those lost first before others: a part of what is kept as one text, in which no string can
 * hold its name with its quotes. Who has many devices makes the index before, without keeping anybody from
 * writing (docs/postgresql.md). One that was given up halfway is there, and of no use.
 */
do $$
begin
  if exists (
    select from pg_index i join pg_class c on c.oid = i.indexrelid
    where i.indrelid = 'devices'::regclass and c.relname = 'devices_lost' and not i.indisvalid
  ) then
    drop index devices_lost;
  end if;
end $$;
create index if not exists devices_lost
  on devices ((substring(rest from '"lostAt":([0-9]+)')::bigint))
  where substring(rest from '"lostAt":([0-9]+)')::bigint is not null;
