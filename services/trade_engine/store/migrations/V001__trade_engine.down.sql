drop table outbox;
drop table engine_state;
drop table remembered_replies;
drop table transfers;
drop table fills;
drop table orders;
drop table trades;
drop table accounts;
