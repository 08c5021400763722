-- Mails on their way. Address, subject and text are sealed together, and gone as soon as the mail was sent or given up; what
-- stays tells that there was one and how it ended, and keeps its id from being used again.
create table mails (
    id text primary key,
    state text not null default 'queued' check (state in ('queued', 'sent', 'failed')),
    sealed bytea,
    attempts integer not null default 0,
    next_try_at timestamptz not null,
    expires_at timestamptz not null,
    last_error text,
    created_at timestamptz not null,
    done_at timestamptz,
    constraint mails_sealed_while_queued check ((state = 'queued') = (sealed is not null)),
    constraint mails_done_when_over check ((state = 'queued') = (done_at is null))
);
create index mails_waiting on mails (next_try_at) where state = 'queued';
create index mails_done on mails (done_at) where state <> 'queued';
