-- One sign-in on one device, and the refresh tokens that it has had. A token is kept as its SHA-256 alone, until it
-- expires: one that comes again after it was used ends the session.
create table sessions (
    id text primary key,
    user_id bigint not null references users (id) on delete cascade,
    client_address text not null,
    created_at timestamptz not null,
    refreshed_at timestamptz not null,
    expires_at timestamptz not null,
    ended_at timestamptz,
    ended_for text check (ended_for in ('logout', 'reuse', 'password', 'administrator')),
    tokens_until timestamptz, -- by when the last access token has expired
    check ((ended_at is null) = (ended_for is null) and (ended_at is null) = (tokens_until is null))
);
create index sessions_user on sessions (user_id) where ended_at is null;
create index sessions_expiry on sessions (expires_at);
create index sessions_ended on sessions (tokens_until) where ended_at is not null;

create table refresh_tokens (
    digest text primary key check (length(digest) = 64),
    session_id text not null references sessions (id) on delete cascade,
    expires_at timestamptz not null,
    used_at timestamptz
);
create index refresh_tokens_session on refresh_tokens (session_id);
create index refresh_tokens_expiry on refresh_tokens (expires_at);

-- Events on their way to the stream `events.auth`.
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
