#include "services/market_data/ingestion_config.h"

namespace papertape::market {

IngestionConfig ReadIngestionConfig(Settings& settings) {
  IngestionConfig config;
  IngestionWorker::Options& options = config.worker;
  config.workers = static_cast<int>(settings.Integer("PAPERTAPE_INGESTION_WORKERS", 2, 1, 64));
  options.largest_jump_pct = static_cast<int>(settings.Integer("PAPERTAPE_BAR_JUMP_PERCENT", 40, 1, 1'000'000));
  options.lease = settings.Millis("PAPERTAPE_INGESTION_LEASE_MS", 60'000, 100, 3'600'000);
  // A request that takes longer than that would end after another has the task.
  options.fetch_timeout = options.lease / 2;
  options.gaps.most_sessions =
      static_cast<std::size_t>(settings.Integer("PAPERTAPE_INGESTION_SESSIONS", 5'000, 1, 10'000));
  return config;
}

}  // namespace papertape::market
