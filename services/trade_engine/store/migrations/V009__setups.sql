-- A user's library of setups, the same in every session of the market. A deleted one stays for the trades that refer to it.
create table setups (
  setup_id text primary key,
  user_id bigint not null,
  name text not null check (name <> ''),
  notes text not null,
  description text not null,
  rules text not null,
  timeframe text not null,
  tags text[] not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  deleted_at timestamptz
);
create index setups_of_user on setups (user_id, setup_id);

-- Answers to requests that carried an idempotency key, of setups and of the journal (libs/idempotency).
create table journal_keys (
  user_id bigint not null,
  key text not null,
  fingerprint text not null,
  answer bytea not null,
  created_at timestamptz not null default now(),
  constraint journal_keys_pkey primary key (user_id, key)
);
create index journal_keys_age on journal_keys (created_at);
