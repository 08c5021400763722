-- The service lowers ASCII letters, and so does this check now: in the locale of some databases É has a lower case too.
alter table users drop constraint users_email_check;
alter table users add constraint users_email_lower check (email = lower(email collate "C"));
