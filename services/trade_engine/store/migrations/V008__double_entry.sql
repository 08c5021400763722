-- Double entry, held by the database. A transfer takes from one book what it gives to another: two entries that sum to zero.
create view entries as
select session, user_id, account_seq, line, from_book as book, -amount as amount, trade_id, created_at from transfers
union all
select session, user_id, account_seq, line, to_book, amount, trade_id, created_at from transfers;

-- What an account's figures must be.
create view figures as
select session, user_id,
  coalesce(-sum(amount) filter (where book = 'deposit'), 0) as deposit,
  coalesce(sum(amount) filter (where book = 'cash'), 0) as available,
  coalesce(sum(amount) filter (where book = 'margin'), 0) as utilized,
  coalesce(-sum(amount) filter (where book in ('pnl', 'fees', 'dividends')), 0) as realized_pnl
from entries
group by session, user_id;

-- Figures move by the transfers of the events that an update adds, and by nothing else. One check a statement: what it costs is
-- shared by all accounts of a batch. The account's last_seq says which transfers are meant, so none is summed twice.
create function accounts_move_by_transfers() returns trigger language plpgsql
  set enable_seqscan = off set search_path from current as $$
declare
  wrong record;
begin
  select n.session, n.user_id into wrong
  from accounts_now n left join accounts_before b using (session, user_id)
  cross join lateral (
    select coalesce(sum(case 'deposit' when from_book then amount when to_book then -amount end), 0) as deposit,
      coalesce(sum(case 'cash' when to_book then amount when from_book then -amount end), 0) as available,
      coalesce(sum(case 'margin' when to_book then amount when from_book then -amount end), 0) as utilized,
      coalesce(sum(case when from_book in ('pnl', 'fees', 'dividends') then amount when to_book in ('pnl', 'fees', 'dividends') then -amount end), 0)
        as realized_pnl
    from transfers t
    where t.session = n.session and t.user_id = n.user_id and t.account_seq > b.last_seq and t.account_seq <= n.last_seq) moved
  where n.last_seq < b.last_seq or (n.deposit - b.deposit, n.available - b.available, n.utilized - b.utilized, n.realized_pnl - b.realized_pnl)
    is distinct from (moved.deposit, moved.available, moved.utilized, moved.realized_pnl)
  limit 1;
  if found then
    raise exception 'the figures of account % of session % are not the sums of its transfers', wrong.user_id, wrong.session
      using errcode = 'check_violation', constraint = 'accounts_move_by_transfers', table = 'accounts';
  end if;
  return null;
end $$;
create trigger accounts_move_by_transfers after update on accounts
  referencing old table as accounts_before new table as accounts_now execute function accounts_move_by_transfers();

create function accounts_begin_with_transfers() returns trigger language plpgsql
  set enable_seqscan = off set search_path from current as $$
declare
  wrong record;
begin
  select n.session, n.user_id into wrong
  from accounts_now n
  left join lateral (select * from figures f where f.session = n.session and f.user_id = n.user_id) f on true
  where (n.deposit, n.available, n.utilized, n.realized_pnl)
    is distinct from (f.deposit, f.available, f.utilized, f.realized_pnl)
  limit 1;
  if found then
    raise exception 'account % of session % begins with figures that no transfer gave it', wrong.user_id, wrong.session
      using errcode = 'check_violation', constraint = 'accounts_move_by_transfers', table = 'accounts';
  end if;
  return null;
end $$;
create trigger accounts_begin_with_transfers after insert on accounts
  referencing new table as accounts_now execute function accounts_begin_with_transfers();

-- A transfer belongs to an event that its account is about to count: none is slipped in behind.
create function transfers_are_counted() returns trigger language plpgsql
  set enable_seqscan = off set search_path from current as $$
declare
  wrong record;
begin
  select t.session, t.user_id into wrong
  from transfers_now t join accounts a using (session, user_id)
  where t.account_seq <= a.last_seq and a.xmin <> pg_current_xact_id()::xid
  limit 1;
  if found then
    raise exception 'a transfer of account % of session % comes too late to be counted', wrong.user_id, wrong.session
      using errcode = 'check_violation', constraint = 'transfers_are_counted', table = 'transfers';
  end if;
  return null;
end $$;
create trigger transfers_are_counted after insert on transfers
  referencing new table as transfers_now execute function transfers_are_counted();

create function transfers_are_append_only() returns trigger language plpgsql as $$
begin
  raise exception 'the ledger is append-only';
end $$;
create trigger transfers_append_only before update or delete or truncate on transfers
  execute function transfers_are_append_only();
revoke update, delete, truncate on transfers from current_user;
