// Prices of the past on the terms of a later day: divided by the splits since, lessened by the dividends since. Factors
// are kept to fifteen places, prices rounded once, to the nearest millionth, ties to even. Values only, pure.
//
// The factor of a dividend is 1 - amount / close, with the last close before its ex-date as it was traded (the method
// of CRSP, which Tiingo and Yahoo use).
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "absl/status/statusor.h"
#include "services/market_data/domain/bar.h"
#include "services/market_data/domain/corporate_action.h"

namespace papertape::market {

struct KnownAction {
  CorporateAction action;
  std::optional<Price> close_before;  // the last daily close before the ex-date, as it was traded
};

class Adjuster {
 public:
  // `actions` are of one symbol and by ex-date. Those after the day of `as_of` are not known yet. A dividend without a
  // close before it, or of no less than that close, changes nothing.
  Adjuster(const std::vector<KnownAction>& actions, Timestamp as_of);

  // `bar` as it was traded, on the terms of `as_of`: prices and volume for splits, or prices for dividends as well. The
  // adjusted close is always for both; where no action of the symbol is known it is the one that was recorded, and with
  // kAll its ratio to the close moves the other prices too. AMOUNT_OUT_OF_RANGE when a price does not fit.
  [[nodiscard]] absl::StatusOr<Bar> Adjust(const Bar& bar, Adjusting adjusting) const;
  // Whether an action falls after the day `first`, up to and including the day `last`.
  [[nodiscard]] bool AnyBetween(Timestamp first, Timestamp last) const;

 private:
  // What holds for bars before `ex_date` and not before the step before.
  struct Step {
    Timestamp ex_date;
    std::int64_t splits = 0;  // of prices; units of 1e-15
    std::int64_t all = 0;
  };
  bool knows_actions_ = false;
  std::vector<Step> steps_;  // by ex-date
};

}  // namespace papertape::market
