create table registration_keys (
    key text constraint registration_keys_pkey primary key,
    fingerprint text not null,
    user_id bigint not null references users (id) on delete cascade,
    created_at timestamptz not null default now()
);
create index registration_keys_user on registration_keys (user_id);
drop table idempotency_keys;
