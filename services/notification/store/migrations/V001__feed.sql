-- The last number given in each user's feed. Its row is locked while an entry is added, so that numbers have no gaps.
create table feed_heads (
    user_id bigint primary key,
    last_seq bigint not null check (last_seq > 0)
);

create table notifications (
    user_id bigint not null,
    seq bigint not null check (seq > 0),
    id bigint generated always as identity unique,
    type text not null,
    title text not null,
    message text not null,
    data json not null,
    is_read boolean not null default false,
    created_at timestamptz not null default now(),
    primary key (user_id, seq)
);
create index notifications_unread on notifications (user_id, seq) where not is_read;

-- Entries on their way to the gateways, committed with them.
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

-- Trading events that have their entry.
create table consumed_events (
    stream text not null,
    event_id text not null,
    consumed_at timestamptz not null default now(),
    primary key (stream, event_id)
);
