alter table trades add constraint trades_user_id_fkey foreign key (user_id) references accounts;
alter table outbox add constraint outbox_id_key unique (id);
