-- Two statements in one file, and quotes that a careless embedding would trip over: "x" 'y' \ ;
create table shelf (id bigint primary key, title text not null default 'a;b\c "d"');
create table box (id bigint primary key references shelf, note text);
