-- Users and their passwords. The constraints' names are part of the store's code.
create table users (
    id bigint generated always as identity primary key,
    email text not null constraint users_email_key unique check (email = lower(email)),
    username text not null,
    name text,
    phone text,
    password_hash text not null,
    role text not null default 'user' check (role in ('user', 'author', 'admin')),
    is_active boolean not null default true,
    is_verified boolean not null default false,
    created_at timestamptz not null default now()
);
create unique index users_username_key on users (lower(username));

-- Registrations that may be repeated: the same Idempotency-Key answers the same user. The fingerprint is keyed with
-- the suite's secret, for the request holds a password.
create table registration_keys (
    key text constraint registration_keys_pkey primary key,
    fingerprint text not null,
    user_id bigint not null references users (id) on delete cascade,
    created_at timestamptz not null default now()
);
create index registration_keys_user on registration_keys (user_id);
