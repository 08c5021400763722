// Recorded bars as a reader wants them: as they were traded, or adjusted as of a day, in time for nothing that was not
// known then. Weeks that an action falls into are made of their adjusted days. Thread-safe.
#pragma once

#include "services/market_data/domain/ports.h"
#include "services/market_data/domain/price_adjustment.h"

namespace papertape::market {

class AdjustedBars : public BarReader {
 public:
  AdjustedBars(BarStore& bars, ActionStore& actions, const Clock& clock)
      : bars_(bars), actions_(actions), clock_(clock) {}
  absl::StatusOr<BarPage> List(const BarQuery& query) override;

 private:
  absl::StatusOr<Bar> Week(const BarQuery& query, const Bar& week, const Adjuster& adjuster);

  BarStore& bars_;
  ActionStore& actions_;
  const Clock& clock_;
};

}  // namespace papertape::market
