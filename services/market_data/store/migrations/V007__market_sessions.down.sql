drop table market_sessions;
