create table signals (
    id bigint generated always as identity primary key,
    symbol text not null,
    action text not null check (action in ('BUY', 'SELL', 'HOLD')),
    confidence double precision not null check (confidence between 0 and 1),
    entry_price numeric(20, 6) not null check (entry_price > 0),
    target_price numeric(20, 6) check (target_price > 0),
    stop_loss numeric(20, 6) check (stop_loss > 0),
    source text not null check (source in ('ml', 'formula')),
    generated_at timestamptz not null default now()
);
create index signals_newest on signals (generated_at desc, id desc);
create index signals_of_symbol on signals (symbol, generated_at desc, id desc);

create table formulas (
    id bigint generated always as identity primary key,
    author_id bigint not null,
    name text not null,
    description text,
    formula_code text not null,
    category text,
    tags text[] not null default '{}',
    is_public boolean not null default true,
    created_at timestamptz not null default now()
);
create index formulas_newest on formulas (created_at desc, id desc);
create index formulas_of_author on formulas (author_id);
