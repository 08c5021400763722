-- What programs sign in with. Of the secret, 256 random bits, its SHA-256 is kept.
create table api_keys (
    id text primary key,
    user_id bigint not null references users (id) on delete cascade,
    name text not null,
    scopes text not null, -- words with a space between them
    secret_digest text not null check (length(secret_digest) = 64),
    created_at timestamptz not null,
    expires_at timestamptz,
    last_used_at timestamptz,
    revoked_at timestamptz,
    tokens_until timestamptz, -- by when the last access token of a revoked key has expired
    check ((revoked_at is null) = (tokens_until is null))
);
create index api_keys_user on api_keys (user_id) where revoked_at is null;
create index api_keys_revoked on api_keys (tokens_until) where revoked_at is not null;
