// A database with market_data's tables and the instruments of its migrations.
#pragma once

#include <memory>

#include "migrations/market_data_store.h"
#include "services/market_data/rpc/market_events.h"
#include "services/market_data/store/pg_action_store.h"
#include "services/market_data/store/pg_bar_store.h"
#include "services/market_data/store/pg_instrument_store.h"
#include "tests/support/test_database.h"

namespace papertape::market::testing {

struct MarketDatabase {
  papertape::testing::TestDatabase database;
  std::unique_ptr<pg::Pool> pool = database.Migrated("market_data", market_data_store::Migrations());
  PgBarStore bars{*pool};
  PgInstrumentStore instruments{*pool};
  IdSource ids{SystemClock(), SystemRandom()};
  PgActionStore actions{*pool, ids, {MarketEventType(), EncodeMarketEvent}, [] {}};
};

}  // namespace papertape::market::testing
