// Daily and shorter bars into the table `bars`, inside a transaction of the caller's.
#pragma once

#include <string_view>
#include <vector>

#include "libs/pg/pool.h"
#include "services/market_data/domain/bar.h"
#include "services/market_data/domain/ingestion_ports.h"

namespace papertape::market {

// Bars of one symbol, ascending in time, each time once.
struct BarRows {
  std::string_view symbol;
  Interval interval = Interval::kDay;
  const std::vector<Bar>& bars;
  std::string_view source;
};

// Into `bars` itself, by COPY: fails, and the transaction with it, when one of them is there already.
void CopyNew(pg::Transaction& transaction, const BarRows& rows);
// Adds those that are not there. Those that are stay as they are, except from `correct_from` on, where they become what
// they are now said to be.
Written Merge(pg::Transaction& transaction, const BarRows& rows, std::optional<Timestamp> correct_from);

}  // namespace papertape::market
