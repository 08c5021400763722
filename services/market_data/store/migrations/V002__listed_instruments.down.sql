delete from simulations;
delete from instruments;
