-- What runs by itself (libs/scheduler): up to when everything due has been seen to, and who holds it.
create table schedules (
    name text primary key,
    fence bigint not null default 0,
    lease_until timestamptz not null default '-infinity',
    failures bigint not null default 0,
    done_until timestamptz not null
);
create table schedule_runs (
    id bigint generated always as identity primary key,
    name text not null references schedules (name),
    due timestamptz not null,
    by_hand boolean not null,
    requested_by bigint not null,
    fence bigint not null,
    missed bigint not null,
    state text not null check (state in ('running', 'done', 'failed', 'abandoned')),
    detail text not null default '',
    started_at timestamptz not null default now(),
    finished_at timestamptz
);
create index schedule_runs_newest on schedule_runs (name, id desc);
