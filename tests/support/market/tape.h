// A small market of the past, which the fake providers tell in their own words: shares that trade on every weekday.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "services/market_data/domain/bar.h"
#include "services/market_data/domain/corporate_action.h"

namespace papertape::testing {

struct Listing {
  std::string name;
  std::vector<market::Bar> bars;  // daily, as they were traded, ascending
  std::vector<market::CorporateAction> actions;
};

struct Tape {
  std::map<std::string, Listing> listings;  // by symbol

  [[nodiscard]] const Listing* Find(const std::string& symbol) const;
};

// AAPL, MSFT, IBM and BRK.B on the weekdays from `first` to `last`. AAPL splits 4 for 1 on the hundredth of them, IBM
// and AAPL pay dividends. The same days give the same prices.
Tape MakeTape(Timestamp first, Timestamp last);

}  // namespace papertape::testing
