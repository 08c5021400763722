-- Paper accounts, their trades, orders, fills and ledger. Every figure of an account is the sum of its transfers.
create table accounts (
  user_id bigint primary key,
  portfolio_id text not null unique,
  deposit numeric(20, 6) not null check (deposit > 0),
  available numeric(20, 6) not null,
  utilized numeric(20, 6) not null check (utilized >= 0),
  realized_pnl numeric(20, 6) not null,
  fee_model text not null,
  slippage_model text not null,
  total_trades bigint not null,
  closed_trades bigint not null check (closed_trades <= total_trades),
  winning_trades bigint not null,
  losing_trades bigint not null,
  last_seq bigint not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  constraint accounts_add_up check (available + utilized = deposit + realized_pnl)
);

create table trades (
  user_id bigint not null references accounts,
  trade_id text not null,
  symbol text not null,
  side text not null check (side in ('BUY', 'SELL')),
  quantity numeric(20, 6) not null check (quantity > 0),
  entry_price numeric(20, 6) not null check (entry_price > 0),
  stop_loss numeric(20, 6) check (stop_loss > 0),
  target_price numeric(20, 6) check (target_price > 0),
  status text not null check (status in ('ACTIVE', 'CLOSED', 'STOP_LOSS_HIT', 'TARGET_HIT', 'MARGIN_CLOSED')),
  margin_used numeric(20, 6) not null check (margin_used >= 0),
  fees numeric(20, 6) not null,
  quote_source text not null,
  quote_time timestamptz not null,
  exit_price numeric(20, 6),
  exit_reason text,
  pnl numeric(20, 6),
  created_at timestamptz not null,
  closed_at timestamptz,
  primary key (user_id, trade_id),
  constraint trades_close_whole check ((status = 'ACTIVE') = (closed_at is null) and (closed_at is null) = (exit_price is null)
    and (closed_at is null) = (pnl is null) and (closed_at is null) = (exit_reason is null))
);
create index trades_active on trades (trade_id) where status = 'ACTIVE';

-- One row for each executed market order: a trade has one that opens it and at most one that closes it.
create table orders (
  user_id bigint not null,
  order_id text not null,
  trade_id text not null,
  symbol text not null,
  side text not null check (side in ('BUY', 'SELL')),
  opens boolean not null,
  quantity numeric(20, 6) not null check (quantity > 0),
  status text not null,
  realized_pnl numeric(20, 6) not null,
  created_at timestamptz not null,
  primary key (user_id, order_id),
  constraint orders_once unique (user_id, trade_id, opens)
);

-- The fill of an order and the quote that made its price.
create table fills (
  user_id bigint not null,
  order_id text not null,
  price numeric(20, 6) not null check (price > 0),
  quantity numeric(20, 6) not null check (quantity > 0),
  fee numeric(20, 6) not null check (fee >= 0),
  quote_source text not null,
  quote_time timestamptz not null,
  quote_last numeric(20, 6) not null,
  quote_bid numeric(20, 6),
  quote_ask numeric(20, 6),
  primary key (user_id, order_id)
);

-- Money moved between two books of one account: balanced by construction.
create table transfers (
  user_id bigint not null,
  account_seq bigint not null,
  line smallint not null,
  from_book text not null check (from_book in ('deposit', 'cash', 'margin', 'pnl', 'fees')),
  to_book text not null check (to_book in ('deposit', 'cash', 'margin', 'pnl', 'fees')),
  amount numeric(20, 6) not null check (amount > 0),
  trade_id text not null,
  created_at timestamptz not null,
  primary key (user_id, account_seq, line),
  check (from_book <> to_book)
);

create table remembered_replies (
  user_id bigint not null,
  key text not null,
  fingerprint text not null,
  reply bytea not null,
  created_at timestamptz not null,
  primary key (user_id, key)
);
create index remembered_replies_age on remembered_replies (created_at);

-- One row: who writes (the fence of the newest take-over) and how far the ticks have been applied.
create table engine_state (
  shard int primary key,
  fence bigint not null,
  tick_position text not null,
  updated_at timestamptz not null
);
insert into engine_state values (0, 0, '', now());

create table outbox (
  position bigint generated always as identity primary key,
  id text not null unique,
  type text not null,
  user_id bigint not null,
  time timestamptz not null,
  request_id text not null,
  payload bytea not null,
  relayed_at timestamptz
);
create index outbox_waiting on outbox (position) where relayed_at is null;
