-- Who did what to which account, from where. Rows are only ever added: each is chained to the one before by a keyed hash,
-- and the head, sealed under the same key, says where the chain ends.
create table audit_log (
    number bigint primary key check (number > 0),
    at timestamptz not null,
    actor text not null check (actor in ('nobody', 'user', 'operator')),
    actor_id bigint not null,
    action text not null,
    subject_id bigint not null,
    client_address text not null,
    request_id text not null,
    detail text not null,
    hash text not null
);
create index audit_log_actor on audit_log (actor_id, number);
create index audit_log_subject on audit_log (subject_id, number);

create table audit_head (
    one boolean primary key default true check (one),
    number bigint not null,
    hash text not null,
    seal text not null
);
insert into audit_head (number, hash, seal) values (0, '', '');

-- The owner of a table may grant itself anything again; the trigger also stops what is done by mistake.
create function audit_log_is_append_only() returns trigger language plpgsql as $$
begin
    raise exception 'the audit log is append-only';
end $$;
create trigger audit_log_append_only before update or delete or truncate on audit_log
    execute function audit_log_is_append_only();
create trigger audit_head_stays before delete or truncate on audit_head
    execute function audit_log_is_append_only();
revoke update, delete, truncate on audit_log from current_user;
revoke delete, truncate on audit_head from current_user;
