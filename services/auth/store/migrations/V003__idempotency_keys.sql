-- The table that every service with creating methods has (libs/idempotency), in place of one for registrations alone.
create table idempotency_keys (
    user_id bigint not null,
    key text not null,
    fingerprint text not null,
    answer bytea not null,
    created_at timestamptz not null default now(),
    constraint idempotency_keys_pkey primary key (user_id, key)
);
create index idempotency_keys_age on idempotency_keys (created_at);
drop table registration_keys;
