-- How far the relay has come is one row a minute, not a mark on every event: an event is written once and never again.
create table outbox_relayed (position bigint primary key, relayed_at timestamptz not null);
insert into outbox_relayed
select max(position), max(relayed_at)
from outbox
where position < (select coalesce(min(position), 9223372036854775807) from outbox where relayed_at is null)
group by date_trunc('minute', relayed_at);
-- Marks grow with time: one that is older than a mark before it says no more than that one.
delete from outbox_relayed a using outbox_relayed b where b.position > a.position and b.relayed_at < a.relayed_at;
alter table outbox drop column relayed_at;
