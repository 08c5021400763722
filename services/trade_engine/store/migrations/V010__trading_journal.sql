-- Trades that users write down. Ids are those of paper trades' source, so that both kinds sort by the time of writing.
create table journal_trades (
  session bigint not null,
  user_id bigint not null,
  trade_id text not null,
  symbol text not null,
  side text not null check (side in ('BUY', 'SELL')),
  quantity numeric(20, 6) not null check (quantity > 0),
  entry_price numeric(20, 6) not null check (entry_price > 0),
  stop_loss numeric(20, 6) check (stop_loss > 0),
  target_price numeric(20, 6) check (target_price > 0),
  entry_date timestamptz not null,
  exit_price numeric(20, 6) check (exit_price > 0),
  exit_date timestamptz check (exit_date >= entry_date),
  pnl numeric(20, 6),
  watch bigint not null,
  armed_at timestamptz not null,
  alerted_at timestamptz,
  constraint journal_trades_pkey primary key (session, user_id, trade_id),
  constraint journal_trades_close_whole check ((exit_date is null) = (exit_price is null) and (exit_date is null) = (pnl is null))
);
-- What is watched.
create index journal_trades_watched on journal_trades (session, trade_id)
  where exit_date is null and alerted_at is null and (stop_loss is not null or target_price is not null);

-- What users write of their trades of both kinds.
create table trade_notes (
  session bigint not null,
  user_id bigint not null,
  trade_id text not null,
  setup_id text,
  market_conditions text not null,
  emotions text not null,
  notes text not null,
  lessons_learned text not null,
  tags text[] not null,
  constraint trade_notes_pkey primary key (session, user_id, trade_id)
);
