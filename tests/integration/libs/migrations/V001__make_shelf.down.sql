drop table box;
drop table shelf;
