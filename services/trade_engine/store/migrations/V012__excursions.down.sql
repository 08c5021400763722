drop table excursion_state;
drop table price_extremes;
drop table trade_excursions;
