-- Corporate actions are told to the other services in the transaction that makes them known. A revision is what changes with
-- each correction; `announced` is the newest that was told.
alter table corporate_actions
  add column revision bigint not null default 1,
  add column announced bigint not null default 0,
  -- Told before, and no longer.
  add column withdrawn boolean not null default false,
  -- Announced before its ex-date began.
  add column foretold boolean not null default false;

create table outbox (
  position bigint generated always as identity primary key,
  id text not null,
  type text not null,
  user_id bigint not null,
  time timestamptz not null,
  request_id text not null,
  payload bytea not null
);
create table outbox_relayed (position bigint primary key, relayed_at timestamptz not null);
