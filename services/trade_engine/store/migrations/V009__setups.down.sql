drop table journal_keys;
drop table setups;
