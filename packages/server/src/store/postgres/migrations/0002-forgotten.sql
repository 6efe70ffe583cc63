-- Up to where what is over was removed, in the order of records, and the latest moment before which.
create table forgotten (
  what text collate "C" primary key,
  position bigint not null,
  before bigint not null
);
