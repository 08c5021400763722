// The settings of market_data, read once at start.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>

#include "libs/config/settings.h"
#include "libs/pg/pool.h"
#include "services/market_data/domain/simulator.h"

namespace papertape::market {

struct Config {
  pg::PoolOptions database;
  std::string redis_url;
  std::chrono::milliseconds quote_fresh{5'000};
  std::int64_t ticks_kept = 100'000;
  std::string market_files;  // directory; empty: none
  bool replay = false;       // the replayer in place of the simulator
  std::string replay_file;   // required for replay; its name is the symbol's
  std::int64_t replay_speed = 60;
  Simulator::Options simulator;  // its interval is also the replayer's heartbeat
};

// Notes mistakes in `settings`.
Config ReadConfig(Settings& settings);

}  // namespace papertape::market
