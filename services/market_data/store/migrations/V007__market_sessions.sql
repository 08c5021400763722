-- Sessions of the market that have clocks of their own (docs/adr/0009); the live market is number 0 and has no row.
-- `clock` is the market's time up to which the tape has been told: a process that starts goes on from there. `revision`
-- grows with each command, by which processes that share the database see it.
create table market_sessions (
    number bigint primary key check (number > 0),
    kind text not null check (kind in ('replay')),
    first_day timestamptz not null,
    last_day timestamptz not null check (last_day >= first_day),
    speed bigint not null check (speed between 1 and 1000),
    state text not null check (state in ('running', 'paused', 'finished', 'ended')),
    clock timestamptz not null,
    revision bigint not null default 0,
    created_at timestamptz not null default now(),
    changed_at timestamptz not null default now()
);
-- The suite is in one session at a time.
create unique index market_sessions_one on market_sessions ((true)) where state <> 'ended';
