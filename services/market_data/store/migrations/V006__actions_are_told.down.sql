drop table outbox_relayed;
drop table outbox;
delete from corporate_actions where withdrawn;
alter table corporate_actions drop column revision, drop column announced, drop column withdrawn, drop column foretold;
