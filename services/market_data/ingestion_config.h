// The settings of ingestion, read once at start.
#pragma once

#include "libs/config/settings.h"
#include "services/market_data/domain/ingestion_worker.h"

namespace papertape::market {

// Notes mistakes in `settings`.
IngestionWorker::Options ReadIngestionConfig(Settings& settings);

}  // namespace papertape::market
