// A bar store that also answers for lengths which are not recorded: 5m to 1h are made of the recorded minutes, where
// there are none of the length itself. Thread-safe.
#pragma once

#include "services/market_data/domain/ports.h"

namespace papertape::market {

// Bars of `interval`, below a day, made of shorter ones that are ascending; cut by the clock in UTC. Where there is no
// shorter bar there is no longer one.
std::vector<Bar> Aggregate(const std::vector<Bar>& bars, Interval interval);

class DerivedBars final : public BarStore {
 public:
  explicit DerivedBars(BarStore& recorded) : recorded_(recorded) {}
  absl::StatusOr<BarPage> List(const BarQuery& query) override;
  absl::StatusOr<std::int64_t> AddMissing(const std::string& symbol, Interval interval, const std::vector<Bar>& bars,
                                          const std::string& source) override {
    return recorded_.AddMissing(symbol, interval, bars, source);
  }

 private:
  absl::StatusOr<BarPage> FromMinutes(const BarQuery& query);

  BarStore& recorded_;
};

}  // namespace papertape::market
