alter index idempotency_keys_age rename to remembered_replies_age;
alter table idempotency_keys rename constraint idempotency_keys_pkey to remembered_replies_pkey;
alter table idempotency_keys alter column created_at drop default;
alter table idempotency_keys rename column answer to reply;
alter table idempotency_keys rename to remembered_replies;
