-- Each session of the market has books of its own: accounts, trades, orders, ledger and remembered replies. 0 is the live market.
-- The session comes first in each key, so that the rows of one lie together and are appended where they were before. A fill is
-- of its order, whose id is unique in all sessions.
alter table accounts add column session bigint not null default 0;
alter table accounts drop constraint accounts_pkey, add primary key (session, user_id);
alter table trades add column session bigint not null default 0;
alter table trades drop constraint trades_pkey, add primary key (session, user_id, trade_id);
drop index trades_active;
create index trades_active on trades (session, trade_id) where status = 'ACTIVE';
alter table orders add column session bigint not null default 0;
alter table orders drop constraint orders_pkey, add primary key (session, user_id, order_id);
alter table transfers add column session bigint not null default 0;
alter table transfers drop constraint transfers_pkey, add primary key (session, user_id, account_seq, line);
alter table idempotency_keys add column session bigint not null default 0;
alter table idempotency_keys drop constraint idempotency_keys_pkey, add primary key (session, user_id, key);

-- The session that the books are open for, and what its clock showed at the tick position: microseconds since 1970, 0 in the
-- live market.
alter table engine_state add column session bigint not null default 0, add column clock_micros bigint not null default 0;
