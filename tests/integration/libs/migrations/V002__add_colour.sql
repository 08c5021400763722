alter table shelf add column colour text;
