-- One order as a backend writes it: a transaction, a statement for each row, all of them prepared; account and transfer in one,
-- which the database wants to see together. The same rows as the trade engine's journal writes for CreateTrade. :base makes ids of different runs differ.
\set n :n + 1
\set id :base + :n * 64 + :client_id
\set user_id random(1, :users)
\set symbol random(0, 19)
begin;
with account as (update accounts set available = available - 20, utilized = utilized + 20, total_trades = total_trades + 1, last_seq = last_seq + 1, updated_at = now(), head = sha256(:id::text::bytea) where session = 0 and user_id = :user_id and available >= 20 returning user_id, last_seq), transfer as (insert into transfers (user_id, account_seq, line, from_book, to_book, amount, trade_id, created_at) select user_id, last_seq, 1, 'cash', 'margin', 20, lpad(:id::text, 26, '0'), now() from account) select last_seq from account \gset
insert into trades (user_id, trade_id, symbol, side, quantity, entry_price, stop_loss, target_price, status, margin_used, fees, quote_source, quote_time, created_at) values (:user_id, lpad(:id::text, 26, '0'), 'BENCH' || :symbol, 'BUY', 1, 100, 50, 150, 'ACTIVE', 20, 0, 'bench', now(), now());
insert into orders (user_id, order_id, trade_id, symbol, side, opens, quantity, status, realized_pnl, created_at) values (:user_id, lpad(:id::text, 26, '0'), lpad(:id::text, 26, '0'), 'BENCH' || :symbol, 'BUY', true, 1, 'EXECUTED', 0, now());
insert into fills (user_id, order_id, price, quantity, fee, quote_source, quote_time, quote_last) values (:user_id, lpad(:id::text, 26, '0'), 100, 1, 0, 'bench', now(), 100);
insert into events (session, user_id, account_seq, time, id, type, request_id, cause, payload, hash) values (0, :user_id, :last_seq, now(), lpad(:id::text, 26, '0'), 'papertape.trade_engine.v1.TradingEvent', lpad(:id::text, 32, '0'), 'request', repeat('x', 340)::bytea, sha256(:id::text::bytea));
commit;
