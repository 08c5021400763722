drop table trade_notes;
drop table journal_trades;
