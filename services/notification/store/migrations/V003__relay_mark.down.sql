alter table outbox add column relayed_at timestamptz;
update outbox o set relayed_at = (
  select relayed_at from outbox_relayed r where r.position >= o.position order by r.position limit 1);
create index outbox_waiting on outbox (position) where relayed_at is null;
drop table outbox_relayed;
