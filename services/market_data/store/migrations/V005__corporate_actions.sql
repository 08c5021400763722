-- What companies did to their shares: at most one split and one dividend of a symbol on a day. Bars stay as they were
-- traded; adjusting happens on reading, as of a day.
create table corporate_actions (
    symbol text not null,
    ex_date timestamptz not null,
    kind text not null check (kind in ('split', 'dividend')),
    -- New shares for old ones.
    numerator numeric(20, 6) check (numerator > 0),
    denominator numeric(20, 6) check (denominator > 0),
    -- Cash for a share.
    amount numeric(20, 6) check (amount > 0),
    source text not null,
    recorded_at timestamptz not null default now(),
    primary key (symbol, ex_date, kind),
    check ((kind = 'split') = (numerator is not null and denominator is not null)),
    check ((kind = 'dividend') = (amount is not null))
);

-- When the providers were last asked for a symbol's.
create table corporate_actions_asked (
    symbol text primary key,
    asked_at timestamptz not null
);
