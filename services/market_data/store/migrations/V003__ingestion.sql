-- Bars by the year in which they begin (by the decade where years are thin): a range is copied into, indexed, moved or
-- dropped by itself. The ranges have no gap and there is no default partition, so that PostgreSQL reads them one after
-- another in the order of time.
alter table bars rename to bars_in_one;
alter index bars_pkey rename to bars_in_one_pkey;
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
) partition by range (time);
create table bars_until_1999 partition of bars for values from (minvalue) to ('2000-01-01 00:00:00+00');
create table bars_2000s partition of bars for values from ('2000-01-01 00:00:00+00') to ('2010-01-01 00:00:00+00');
create table bars_2010s partition of bars for values from ('2010-01-01 00:00:00+00') to ('2020-01-01 00:00:00+00');
do $$
begin
    for year in 2020..2034 loop
        execute format('create table bars_%s partition of bars for values from (%L) to (%L)', year,
                       year || '-01-01 00:00:00+00', (year + 1) || '-01-01 00:00:00+00');
    end loop;
end $$;
create table bars_from_2035 partition of bars for values from ('2035-01-01 00:00:00+00') to (maxvalue);
insert into bars select * from bars_in_one;
drop table bars_in_one;

-- What a source said that cannot be true (domain/quarantine.h). The same thing said again is counted, not kept twice.
create table quarantine (
    id bigint generated always as identity primary key,
    symbol text not null,
    span text not null,
    source text not null,
    time timestamptz not null,
    reason text not null,
    detail text not null,
    content text not null,
    times bigint not null default 1,
    first_at timestamptz not null default now(),
    last_at timestamptz not null default now(),
    constraint quarantine_once unique (symbol, span, time, source, reason)
);
create index quarantine_by_age on quarantine (last_at);

-- What was asked to be ingested. Its state is that of its tasks.
create table ingestion_jobs (
    id bigint generated always as identity primary key,
    cause text not null check (cause in ('request', 'schedule')),
    first_day timestamptz not null,
    last_day timestamptz not null,
    -- Bars from here on are asked for although they are known, and overwritten where they have been corrected.
    correct_from timestamptz,
    provider text not null,
    requested_by bigint not null,
    created_at timestamptz not null default now(),
    canceled_at timestamptz
);

-- One symbol of a job. Whoever works on it holds it until `lease_until` and writes under `fence`, which grows with each
-- lease: a worker that was thought dead writes nothing.
create table ingestion_tasks (
    job_id bigint not null references ingestion_jobs (id) on delete cascade,
    number integer not null,
    symbol text not null,
    state text not null default 'waiting' check (state in ('waiting', 'running', 'done', 'failed', 'canceled')),
    fence bigint not null default 0,
    lease_until timestamptz not null default '-infinity',
    attempts integer not null default 0,
    -- Every session until here has been asked for.
    asked_until timestamptz,
    sessions bigint not null default 0,
    sessions_asked bigint not null default 0,
    added bigint not null default 0,
    corrected bigint not null default 0,
    quarantined bigint not null default 0,
    missing bigint not null default 0,
    source text not null default '',
    error_code text not null default '',
    error text not null default '',
    started_at timestamptz,
    finished_at timestamptz,
    primary key (job_id, symbol)
);
create index ingestion_tasks_open on ingestion_tasks (job_id, number) where state in ('waiting', 'running');

-- Answers kept for repeated requests (libs/idempotency).
create table idempotency_keys (
    user_id bigint not null,
    key text not null,
    fingerprint text not null,
    answer bytea not null,
    created_at timestamptz not null default now(),
    constraint idempotency_keys_pkey primary key (user_id, key)
);
create index idempotency_keys_age on idempotency_keys (created_at);
