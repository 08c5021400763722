// The settings of trade_engine, read once at start.
#pragma once

#include "libs/config/settings.h"
#include "libs/pg/pool.h"
#include "libs/redis/redis.h"
#include "libs/rpc/channel.h"
#include "services/trade_engine/domain/book.h"

namespace papertape::trade_engine {

struct Config {
  pg::PoolOptions database;
  redis::ClientOptions redis;
  rpc::PeerOptions market_data;
  BookOptions book;
  std::chrono::milliseconds ask_quote_after{2'500};  // age at which a quote is asked of market_data
};

// Notes mistakes in `settings`.
Config ReadConfig(Settings& settings);

}  // namespace papertape::trade_engine
