// Indicators of recorded bars. Thread-safe.
#pragma once

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "libs/indicators/feature.h"
#include "services/market_data/domain/bar.h"
#include "services/market_data/domain/ports.h"
#include "services/market_data/domain/quote_book.h"

namespace papertape::market {

struct FeatureQuery {
  BarQuery bars;  // the rows; its `adjusting` is what indicators see
  std::vector<indicators::Feature> features;
};

struct FeaturePage {
  BarPage rows;
  std::vector<std::vector<double>> columns;  // for each feature a value a row; NaN where there is none
};

class FeatureHistory {
 public:
  // How many bars before the first row are read, if as many are recorded.
  static constexpr std::int64_t kWarmUp = 20'000;

  FeatureHistory(BarReader& bars, const QuoteBook& book) : bars_(bars), book_(book) {}
  // UNKNOWN_SYMBOL when there is no such instrument; an empty page when nothing is recorded.
  absl::StatusOr<FeaturePage> List(const FeatureQuery& query) const;

 private:
  BarReader& bars_;
  const QuoteBook& book_;
};

// The features of all `bars`, a column each; pure. Outputs of one indicator with the same parameters are computed once.
std::vector<std::vector<double>> ComputeFeatures(const std::vector<indicators::Feature>& features,
                                                 const std::vector<Bar>& bars);

}  // namespace papertape::market
