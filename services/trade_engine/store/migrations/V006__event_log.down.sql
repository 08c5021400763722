create table outbox (
  position bigint generated always as identity primary key,
  id text not null,
  type text not null,
  user_id bigint not null,
  time timestamptz not null,
  request_id text not null,
  payload bytea not null
);
insert into outbox (position, id, type, user_id, time, request_id, payload) overriding system value
select position, id, type, user_id, time, request_id, payload
from events
where position > (select coalesce(max(position), 0) from outbox_relayed);
select setval(pg_get_serial_sequence('outbox', 'position'), 1 + coalesce(greatest(
  (select max(position) from events), (select max(position) from outbox_relayed)), 0), false);
alter table accounts drop column head;
drop function event_hash(bytea, events);
drop table events;
drop function events_are_append_only();
