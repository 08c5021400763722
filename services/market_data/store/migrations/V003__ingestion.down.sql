drop table idempotency_keys;
drop table ingestion_tasks;
drop table ingestion_jobs;
drop table quarantine;
alter table bars rename to bars_by_year;
alter index bars_pkey rename to bars_by_year_pkey;
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
insert into bars select * from bars_by_year;
drop table bars_by_year;
