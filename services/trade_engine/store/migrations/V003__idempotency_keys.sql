-- The table that every service with creating methods has (libs/idempotency), under its name there.
alter table remembered_replies rename to idempotency_keys;
alter table idempotency_keys rename column reply to answer;
alter table idempotency_keys alter column created_at set default now();
alter table idempotency_keys rename constraint remembered_replies_pkey to idempotency_keys_pkey;
alter index remembered_replies_age rename to idempotency_keys_age;
