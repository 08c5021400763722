-- One role and one schema for each service: no service can read another's tables. Run by psql as a user that may create
-- roles, any number of times; the passwords come from the environment.
\set service auth
\getenv password DB_PASSWORD_AUTH
\ir role.sql
\set service market_data
\getenv password DB_PASSWORD_MARKET_DATA
\ir role.sql
\set service trade_engine
\getenv password DB_PASSWORD_TRADE_ENGINE
\ir role.sql
\set service portfolio
\getenv password DB_PASSWORD_PORTFOLIO
\ir role.sql
\set service signal
\getenv password DB_PASSWORD_SIGNAL
\ir role.sql
\set service notification
\getenv password DB_PASSWORD_NOTIFICATION
\ir role.sql
