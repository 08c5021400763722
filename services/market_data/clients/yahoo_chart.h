// What a chart of Yahoo Finance says. Pure.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "libs/json/document.h"
#include "services/market_data/domain/bar.h"
#include "services/market_data/domain/corporate_action.h"
#include "services/market_data/domain/quote.h"

namespace papertape::market {

// Prices are kept there as 32-bit floats and printed as doubles: 175.0399932861328 is 175.04. The shortest decimal that
// is the same float, rounded to millionths; a number that is no such float is taken as it stands. Nothing for what is
// not a number.
std::optional<Price> ReadFloatPrice(json::Value value);

// One result of a chart, with the day on the exchange's own wall.
class YahooChart {
 public:
  explicit YahooChart(json::Value result);

  // Bars as they were traded, those with nulls and those that are not over yet left out. Nothing when arrays do not fit
  // each other or a number is none.
  [[nodiscard]] std::optional<std::vector<Bar>> Bars(Interval interval) const;
  // By ex-date; dividends as they were paid. Nothing when something is missing.
  [[nodiscard]] std::optional<std::vector<CorporateAction>> Actions(const std::string& symbol) const;
  // The last price, without a source. Nothing when it or its time is missing.
  [[nodiscard]] std::optional<Quote> Newest(const std::string& symbol) const;

 private:
  [[nodiscard]] Timestamp DayOf(Timestamp time) const;
  [[nodiscard]] bool IsUnfinished(Timestamp start, Interval interval) const;
  [[nodiscard]] std::optional<std::vector<CorporateAction>> Splits() const;

  json::Value result_;
  std::chrono::seconds ahead_of_utc_{0};
};

}  // namespace papertape::market
