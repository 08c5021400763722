drop table formulas;
drop table signals;
