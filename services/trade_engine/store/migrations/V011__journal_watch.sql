-- One row: who watches written trades (the fence of the newest take-over), and how far the tape has been followed for them: the
-- entry, the session of the market and what its clock showed.
create table journal_watch (
  fence bigint not null,
  tick_position text not null,
  session bigint not null,
  clock_micros bigint not null
);
insert into journal_watch values (0, '', 0, 0);

-- What was told of written trades, for good, and how far it has been relayed (libs/events).
create table journal_alerts (
  position bigint generated always as identity primary key,
  id text not null,
  type text not null,
  user_id bigint not null,
  time timestamptz not null,
  request_id text not null,
  payload bytea not null
);
create table journal_alerts_relayed (position bigint primary key, relayed_at timestamptz not null);
