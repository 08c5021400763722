#include "services/market_data/domain/feature_history.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <span>

#include "libs/indicators/calculation.h"
#include "libs/status/status.h"
#include "services/market_data/domain/symbol.h"

namespace papertape::market {
namespace {

using indicators::Calculation;
using indicators::Feature;
using indicators::Input;
using Column = std::vector<double>;

double Plain(Price price) { return static_cast<double>(price.micros()) / static_cast<double>(kMicrosPerUnit); }

// What indicators read, a column for each kind of input.
class Columns {
 public:
  explicit Columns(const std::vector<Bar>& bars) {
    for (const Bar& bar : bars) {
      At(Input::kOpen).push_back(Plain(bar.open));
      At(Input::kHigh).push_back(Plain(bar.high));
      At(Input::kLow).push_back(Plain(bar.low));
      At(Input::kClose).push_back(Plain(bar.close));
      At(Input::kVolume).push_back(static_cast<double>(bar.volume));
      const auto day = std::chrono::floor<std::chrono::days>(bar.time);
      At(Input::kSession).push_back(static_cast<double>(day.time_since_epoch().count()));
    }
  }

  [[nodiscard]] std::span<const double> Of(Input input, Input source) const {
    return columns_[static_cast<std::size_t>(input == Input::kSource ? source : input)];
  }

 private:
  Column& At(Input input) { return columns_[static_cast<std::size_t>(input)]; }

  std::array<Column, 8> columns_;
};

std::vector<Column> OutputsOf(const Feature& feature, const Columns& columns, std::size_t count) {
  Calculation calculation(*feature.indicator, feature.parameters);
  std::vector<std::span<const double>> inputs;
  for (const Input input : feature.indicator->inputs) inputs.push_back(columns.Of(input, feature.source));
  std::vector<Column> outputs(feature.indicator->outputs.size(), Column(count));
  calculation.Batch(inputs, std::vector<std::span<double>>(outputs.begin(), outputs.end()));
  return outputs;
}

bool SameCalculation(const Feature& a, const Feature& b) {
  return a.indicator == b.indicator && a.parameters == b.parameters && a.source == b.source;
}

}  // namespace

std::vector<Column> ComputeFeatures(const std::vector<Feature>& features, const std::vector<Bar>& bars) {
  const Columns columns(bars);
  std::vector<Column> computed(features.size());
  for (std::size_t i = 0; i < features.size(); ++i) {
    if (!computed[i].empty()) continue;
    const std::vector<Column> outputs = OutputsOf(features[i], columns, bars.size());
    for (std::size_t j = i; j < features.size(); ++j) {
      if (SameCalculation(features[i], features[j])) computed[j] = outputs[features[j].output];
    }
  }
  return computed;
}

absl::StatusOr<FeaturePage> FeatureHistory::List(const FeatureQuery& query) const {
  if (!book_.Find(query.bars.symbol)) return UnknownSymbol(query.bars.symbol);
  FeaturePage page;
  PT_ASSIGN_OR_RETURN(page.rows, bars_.List(query.bars));
  if (page.rows.bars.empty()) return page;
  const std::vector<Bar>& rows = page.rows.bars;
  PT_ASSIGN_OR_RETURN(BarPage all, bars_.List({.symbol = query.bars.symbol,
                                               .interval = query.bars.interval,
                                               .until = rows.front().time - std::chrono::microseconds(1),
                                               .limit = kWarmUp,
                                               .adjusting = query.bars.adjusting,
                                               .as_of = query.bars.as_of}));
  const auto before = static_cast<std::ptrdiff_t>(all.bars.size());
  all.bars.insert(all.bars.end(), rows.begin(), rows.end());
  page.columns = ComputeFeatures(query.features, all.bars);
  for (Column& column : page.columns) column.erase(column.begin(), column.begin() + before);
  return page;
}

}  // namespace papertape::market
