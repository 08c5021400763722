drop table registration_keys;
drop table users;
