alter table users drop constraint users_email_lower;
alter table users add constraint users_email_check check (email = lower(email));
