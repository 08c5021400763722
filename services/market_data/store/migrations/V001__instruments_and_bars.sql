-- What can be traded or watched.
create table instruments (
    symbol text primary key,
    name text not null,
    exchange text not null,
    sector text not null default '',
    industry text not null default '',
    currency text not null,
    is_index boolean not null default false,
    active boolean not null default true
);

-- How the simulator moves an instrument that no provider quotes.
create table simulations (
    symbol text primary key references instruments (symbol),
    base_price numeric(20, 6) not null check (base_price > 0),
    tick_size numeric(20, 6) not null check (tick_size > 0),
    daily_volatility_bps integer not null check (daily_volatility_bps between 1 and 5000)
);

-- Recorded bars. The key serves both directions of reading and holds everything that a partitioning by range of time or
-- a sharding by symbol would ask for. `span` is the interval's name: '1m' ... '1d'.
create table bars (
    symbol text not null,
    span text not null,
    time timestamptz not null,
    open numeric(20, 6) not null,
    high numeric(20, 6) not null,
    low numeric(20, 6) not null,
    close numeric(20, 6) not null,
    adjusted_close numeric(20, 6) not null,
    volume bigint not null,
    source text not null,
    primary key (symbol, span, time)
);
