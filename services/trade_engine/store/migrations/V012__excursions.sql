-- How far a closed paper trade was down and up on its way.
create table trade_excursions (
  session bigint not null,
  user_id bigint not null,
  trade_id text not null,
  adverse numeric(20, 6) not null check (adverse <= 0),
  favorable numeric(20, 6) not null check (favorable >= 0),
  gap boolean not null,
  constraint trade_excursions_pkey primary key (session, user_id, trade_id)
);

-- The extremes of the symbols with open trades (domain/excursions), and the position in the tape that they are of.
create table price_extremes (
  session bigint not null,
  symbol text not null,
  side text not null check (side in ('high', 'low')),
  first_trade_id text not null,
  price numeric(20, 6) not null check (price > 0),
  constraint price_extremes_pkey primary key (session, symbol, side, first_trade_id)
);
create table excursion_state (
  session bigint primary key,
  tick_position text not null,
  newest_trade_id text not null,
  gap_trade_id text not null
);
