-- One-time codes by mail. Anyone may ask for any address, so addresses are keyed hashes here: the table is no list of who
-- was asked for. `sent` counts the codes of the UTC day of `sent_at`; an empty digest: no code stands.
create table one_time_codes (
    subject text primary key,
    digest text not null default '',
    tries integer not null default 0 check (tries >= 0),
    expires_at timestamptz not null default 'epoch',
    sent_at timestamptz not null default 'epoch',
    sent integer not null default 0 check (sent >= 0)
);

-- Failed sign-ins in a row, of accounts (known or not) and of client addresses, keyed hashes both.
create table sign_in_failures (
    subject text primary key,
    failures integer not null default 0 check (failures >= 0),
    next_at timestamptz not null default 'epoch',
    last_at timestamptz not null default 'epoch'
);
