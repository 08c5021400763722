-- Splits and dividends as market_data told them. Once one is applied its terms stay as they were applied; a `revision` above
-- `applied_revision` says that it was told otherwise afterwards.
create table corporate_actions (
  session bigint not null,
  action_id text not null,
  symbol text not null,
  exchange text not null,
  ex_date timestamptz not null,
  -- When the ex-date begins on the exchange's clock.
  begins_at timestamptz not null,
  kind text not null check (kind in ('split', 'dividend')),
  -- New shares for old ones.
  numerator numeric(20, 6) check (numerator > 0),
  denominator numeric(20, 6) check (denominator > 0),
  -- Cash for a share.
  amount numeric(20, 6) check (amount > 0),
  revision bigint not null,
  withdrawn boolean not null,
  foretold boolean not null,
  source text not null,
  told_at timestamptz not null default now(),
  applied_at timestamptz,
  applied_revision bigint,
  -- Nothing is owed any more to trades that were closed between `begins_at` and `applied_at`.
  settled_at timestamptz,
  primary key (session, action_id),
  check ((kind = 'split') = (numerator is not null and denominator is not null)),
  check ((kind = 'dividend') = (amount is not null)),
  check ((applied_at is null) = (applied_revision is null)),
  check (settled_at is null or applied_at is not null)
);
create index corporate_actions_open on corporate_actions (session) where settled_at is null;

create table consumed_events (
  stream text not null,
  event_id text not null,
  consumed_at timestamptz not null default now(),
  primary key (stream, event_id)
);

-- What an action did to a trade: once, whatever the engine believes.
create table adjustments (
  session bigint not null,
  user_id bigint not null,
  trade_id text not null,
  action_id text not null,
  account_seq bigint not null,
  kind text not null check (kind in ('split', 'dividend')),
  numerator numeric(20, 6),
  denominator numeric(20, 6),
  per_share numeric(20, 6),
  revision bigint not null,
  ex_date timestamptz not null,
  source text not null,
  quantity_before numeric(20, 6) not null,
  quantity_after numeric(20, 6) not null check (quantity_after > 0),
  entry_before numeric(20, 6) not null,
  entry_after numeric(20, 6) not null check (entry_after > 0),
  stop_before numeric(20, 6),
  stop_after numeric(20, 6),
  target_before numeric(20, 6),
  target_after numeric(20, 6),
  -- Credited to the account, negative: debited.
  amount numeric(20, 6) not null,
  late boolean not null,
  after_close boolean not null,
  applied_at timestamptz not null,
  constraint adjustments_once primary key (session, trade_id, action_id)
);

-- What corporate actions paid a trade (negative: took from it): part of its profit, in the account since it was paid.
alter table trades add column income numeric(20, 6) not null default 0;
create index trades_closed on trades (session, symbol, closed_at) where closed_at is not null;

alter table transfers drop constraint transfers_from_book_check, drop constraint transfers_to_book_check;
alter table transfers
  add constraint transfers_from_book_check
    check (from_book in ('deposit', 'cash', 'margin', 'pnl', 'fees', 'dividends')),
  add constraint transfers_to_book_check
    check (to_book in ('deposit', 'cash', 'margin', 'pnl', 'fees', 'dividends'));
