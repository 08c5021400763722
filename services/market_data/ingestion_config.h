// The settings of ingestion, read once at start.
#pragma once

#include "libs/config/settings.h"
#include "services/market_data/domain/ingestion_worker.h"

namespace papertape::market {

struct IngestionConfig {
  IngestionWorker::Options worker;
  int workers = 2;  // symbols that are worked on at once
};

// Notes mistakes in `settings`.
IngestionConfig ReadIngestionConfig(Settings& settings);

}  // namespace papertape::market
