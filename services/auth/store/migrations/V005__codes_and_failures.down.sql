drop table sign_in_failures;
drop table one_time_codes;
