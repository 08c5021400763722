-- The event log. An account's events are numbered 1, 2, 3, ... and each is chained to the one before it; the hash of the newest
-- stands with the account. What is hashed stands in domain/event_log.h; event_hash says the same for whoever has psql alone.
create table events (
  position bigint generated always as identity primary key,
  session bigint not null,
  user_id bigint not null,
  account_seq bigint not null,
  time timestamptz not null,
  id text not null,
  type text not null,
  request_id text not null,
  cause text not null,
  payload bytea not null,
  hash bytea not null,
  constraint events_in_sequence unique (session, user_id, account_seq)
);

create function event_hash(previous bytea, e events) returns bytea language sql stable as $$
  select sha256(coalesce(previous, '') || convert_to(
    format(E'papertape event 1\n%s %s %s %s\n', e.session, e.user_id, e.account_seq, (extract(epoch from e.time) * 1000000)::bigint)
    || octet_length(e.id) || ':' || e.id || octet_length(e.type) || ':' || e.type
    || octet_length(e.request_id) || ':' || e.request_id || octet_length(e.cause) || ':' || e.cause
    || octet_length(e.payload) || ':', 'UTF8') || e.payload)
$$;

-- What waits to be relayed goes on from here, chained; `outbox_relayed` keeps saying how far the relay has come.
do $$
declare
  waiting events;
begin
  for waiting in
    select o.position, 0, o.user_id, a.last_seq + 1 - row_number() over (partition by o.user_id order by o.position desc),
           o.time, o.id, o.type, o.request_id, 'before the log', o.payload, ''
    from outbox o join accounts a on a.session = 0 and a.user_id = o.user_id
    where o.position > (select coalesce(max(position), 0) from outbox_relayed)
    order by o.position
  loop
    waiting.hash := event_hash(
      (select hash from events e where e.user_id = waiting.user_id order by account_seq desc limit 1), waiting);
    insert into events overriding system value values (waiting.*);
  end loop;
  perform setval(pg_get_serial_sequence('events', 'position'), 1 + coalesce(greatest(
    (select max(position) from outbox), (select max(position) from outbox_relayed)), 0), false);
end $$;
drop table outbox;

-- Null: the account is older than the log. The engine gives it its first event when it starts.
alter table accounts add column head bytea;
create index accounts_without_head on accounts (session, user_id) where head is null;

-- The owner of a table may grant itself anything again; the trigger also stops what is done by mistake.
create function events_are_append_only() returns trigger language plpgsql as $$
begin
  raise exception 'the event log is append-only';
end $$;
create trigger events_append_only before update or delete or truncate on events execute function events_are_append_only();
revoke update, delete, truncate on events from current_user;
