drop table bars;
drop table simulations;
drop table instruments;
