// `papertape ingest`: asks market_data for bars, from providers or from a file.
#pragma once

#include <string>
#include <vector>

#include "cli/market_client.h"

namespace papertape::cli {

struct IngestOptions {
  std::vector<std::string> symbols;
  std::string start, end, provider;
  std::string csv;  // a file; empty: providers are asked
  std::string symbol, interval, time_zone;
  bool dry_run = false;
  bool overwrite = false;
  bool detach = false;  // does not wait for the job
};

// The process's exit code: 0, or 1 when something was refused or failed.
int Ingest(MarketClient& market, const IngestOptions& options);

}  // namespace papertape::cli
