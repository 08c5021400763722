// The settings of signal, read once at start.
#pragma once

#include "libs/config/settings.h"
#include "libs/pg/pool.h"

namespace papertape::signal {

struct Config {
  pg::PoolOptions database;
};

// Notes mistakes in `settings`.
Config ReadConfig(Settings& settings);

}  // namespace papertape::signal
