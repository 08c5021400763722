-- Two checks of what one writer already guarantees, at the cost of an index and of a look-up for every order: event ids are
-- made once and never twice, and a trade is committed with its account.
alter table outbox drop constraint outbox_id_key;
alter table trades drop constraint trades_user_id_fkey;
