-- What actions paid stays paid: it becomes plain profit.
update transfers set from_book = 'pnl' where from_book = 'dividends';
update transfers set to_book = 'pnl' where to_book = 'dividends';
alter table transfers drop constraint transfers_from_book_check, drop constraint transfers_to_book_check;
alter table transfers
  add constraint transfers_from_book_check check (from_book in ('deposit', 'cash', 'margin', 'pnl', 'fees')),
  add constraint transfers_to_book_check check (to_book in ('deposit', 'cash', 'margin', 'pnl', 'fees'));
drop index trades_closed;
alter table trades drop column income;
drop table adjustments;
drop table consumed_events;
drop table corporate_actions;
