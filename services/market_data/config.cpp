#include "services/market_data/config.h"

namespace papertape::market {

Config ReadConfig(Settings& settings) {
  Config config;
  config.database.dsn = settings.Required("DATABASE_URL");
  config.database.schema = "market_data";
  config.database.connections =
      static_cast<std::size_t>(settings.Integer("PAPERTAPE_DATABASE_CONNECTIONS", 8, 1, 1'000));
  config.redis_url = settings.Required("REDIS_URL");
  config.quote_fresh = settings.Millis("PAPERTAPE_QUOTE_FRESH_MS", 5'000, 100, 3'600'000);
  config.ticks_kept = settings.Integer("PAPERTAPE_TICKS_KEPT", 100'000, 100, 100'000'000);
  config.market_files = settings.Text("PAPERTAPE_MARKET_FILES", "");
  config.replay = settings.OneOf("PAPERTAPE_MARKET_SOURCE", "simulator", {"simulator", "replay"}) == "replay";
  config.replay_file = settings.Text("PAPERTAPE_REPLAY_FILE", "");
  config.replay_speed = settings.Integer("PAPERTAPE_REPLAY_SPEED", 60, 1, 1'000);
  if (config.replay && config.replay_file.empty()) {
    settings.Mistake("PAPERTAPE_REPLAY_FILE", "must be set when PAPERTAPE_MARKET_SOURCE is replay");
  }
  config.simulator.seed = static_cast<std::uint64_t>(settings.Integer("PAPERTAPE_SIMULATOR_SEED", 1, 0, INT64_MAX));
  config.simulator.interval = settings.Millis("PAPERTAPE_SIMULATOR_INTERVAL_MS", 250, 10, 60'000);
  config.simulator.volatility =
      static_cast<double>(settings.Integer("PAPERTAPE_SIMULATOR_VOLATILITY", 100, 1, 10'000)) / 100;
  config.simulator.jumps_per_day = static_cast<int>(settings.Integer("PAPERTAPE_SIMULATOR_JUMPS_PER_DAY", 2, 0, 1'000));
  if (config.simulator.interval >= config.quote_fresh) {
    settings.Mistake("PAPERTAPE_SIMULATOR_INTERVAL_MS", "must be less than PAPERTAPE_QUOTE_FRESH_MS");
  }
  return config;
}

}  // namespace papertape::market
