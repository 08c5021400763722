#include "services/market_data/clients/yahoo_chart.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <string>
#include <utility>

#include "libs/status/status.h"
#include "services/market_data/clients/provider_answer.h"
#include "services/market_data/clients/wire_amount.h"

namespace papertape::market {
namespace {

// `value` on the terms of a day before `splits`: times the new shares, over the old ones. Zero when it does not fit.
std::int64_t BeforeSplits(std::int64_t value, Timestamp day, const std::vector<CorporateAction>& splits, bool shares) {
  for (const CorporateAction& action : splits) {
    if (action.ex_date <= day) continue;
    const Split& split = std::get<Split>(action.what);
    const std::int64_t up = (shares ? split.denominator : split.numerator).micros();
    const std::int64_t down = (shares ? split.numerator : split.denominator).micros();
    value = MulDiv(value, up, down, Rounding::kHalfEven).value_or(0);
  }
  return value;
}

constexpr std::size_t kVolume = 4;
using Columns = std::array<std::vector<json::Value>, 5>;

// Open, high, low, close and volume, each as long as there are times.
std::optional<Columns> ReadColumns(json::Value quotes, std::size_t count) {
  constexpr std::array<std::string_view, 5> kNames{"open", "high", "low", "close", "volume"};
  const std::vector<json::Value> all = quotes.Elements();
  const json::Value quote = all.empty() ? json::Value() : all.front();
  Columns columns;
  for (std::size_t i = 0; i < columns.size(); ++i) {
    columns[i] = quote[kNames[i]].Elements();
    if (columns[i].size() != count) return std::nullopt;
  }
  return columns;
}

struct Row {
  std::array<std::int64_t, 5> values{};  // micros, the volume in shares
  bool has_null = false;
  bool is_wrong = false;
};

Row ReadRow(const Columns& columns, std::size_t index) {
  Row row;
  for (std::size_t column = 0; column < columns.size(); ++column) {
    const json::Value cell = columns[column][index];
    if (cell.IsEmpty()) {
      row.has_null = true;
    } else if (column == kVolume) {
      const auto shares = ReadShares(cell);
      row.is_wrong = row.is_wrong || !shares;
      row.values[column] = shares.value_or(0);
    } else {
      const auto price = ReadFloatPrice(cell);
      row.is_wrong = row.is_wrong || !price;
      row.values[column] = price.value_or(Price()).micros();
    }
  }
  return row;
}

}  // namespace

std::optional<Price> ReadFloatPrice(json::Value value) {
  const auto text = value.Number();
  if (!text) return std::nullopt;
  double printed = 0;
  std::from_chars(text->data(), text->data() + text->size(), printed);
  const auto kept = static_cast<float>(printed);
  constexpr double kPrintingError = 1e-13;
  std::array<char, 32> shortest{};
  std::string_view meant = *text;
  if (std::abs(static_cast<double>(kept) - printed) <= std::abs(printed) * kPrintingError) {
    const auto [end, error] = std::to_chars(shortest.data(), shortest.data() + shortest.size(), kept);
    if (error == std::errc()) meant = {shortest.data(), static_cast<std::size_t>(end - shortest.data())};
  }
  const auto micros = NearestMicros(meant);
  return micros ? std::optional(Price::FromMicros(*micros)) : std::nullopt;
}

YahooChart::YahooChart(json::Value result)
    : result_(result), ahead_of_utc_(result["meta"]["gmtoffset"].Integer().value_or(0)) {}

Timestamp YahooChart::DayOf(Timestamp time) const {
  return std::chrono::floor<std::chrono::days>(time + ahead_of_utc_);
}

std::optional<std::vector<Bar>> YahooChart::Bars(Interval interval) const {
  const auto splits = Splits();
  const std::vector<json::Value> times = result_["timestamp"].Elements();
  const auto columns = ReadColumns(result_["indicators"]["quote"], times.size());
  if (!splits || !columns) return std::nullopt;

  std::vector<Bar> bars;
  std::optional<Timestamp> previous;
  for (std::size_t i = 0; i < times.size(); ++i) {
    const auto start = ReadUnixSeconds(times[i]);
    if (!start) return std::nullopt;
    const Timestamp day = DayOf(*start);
    // The row with the last price is sometimes put behind the last interval, which holds it already.
    const bool repeats =
        previous && (IsDated(interval) ? day == DayOf(*previous) : *start - *previous < LengthOf(interval));
    if (IsUnfinished(*start, interval) || (repeats && i + 1 == times.size())) continue;
    previous = start;
    const Row row = ReadRow(*columns, i);
    if (row.is_wrong) return std::nullopt;
    if (row.has_null) continue;
    const auto price = [&](std::size_t column) {
      return Price::FromMicros(BeforeSplits(row.values[column], day, *splits, false));
    };
    bars.push_back({.time = IsDated(interval) ? day : *start,
                    .open = price(0),
                    .high = price(1),
                    .low = price(2),
                    .close = price(3),
                    .volume = BeforeSplits(row.values[kVolume], day, *splits, true),
                    .adjusted_close = price(3)});
  }
  return bars;
}

std::optional<Quote> YahooChart::Newest(const std::string& symbol) const {
  const json::Value meta = result_["meta"];
  const auto price = ReadFloatPrice(meta["regularMarketPrice"]);
  const auto time = ReadUnixSeconds(meta["regularMarketTime"]);
  if (!price || !time) return std::nullopt;
  // In charts of days the close before the first of them.
  const json::Value before = meta["previousClose"].IsEmpty() ? meta["chartPreviousClose"] : meta["previousClose"];
  Quote quote;
  quote.symbol = symbol;
  quote.price = *price;
  quote.time = *time;
  quote.previous_close = ReadFloatPrice(before).value_or(Price());
  quote.day_low = ReadFloatPrice(meta["regularMarketDayLow"]).value_or(Price());
  quote.day_high = ReadFloatPrice(meta["regularMarketDayHigh"]).value_or(Price());
  return quote;
}

bool YahooChart::IsUnfinished(Timestamp start, Interval interval) const {
  const auto now = ReadUnixSeconds(result_["meta"]["regularMarketTime"]);
  const auto close = ReadUnixSeconds(result_["meta"]["currentTradingPeriod"]["regular"]["end"]);
  if (!now || !close || *now >= *close) return false;
  return IsDated(interval) ? DayOf(start) == DayOf(*now) : start + LengthOf(interval) > *now;
}

std::optional<std::vector<CorporateAction>> YahooChart::Splits() const {
  std::vector<CorporateAction> splits;
  for (const auto& [key, event] : result_["events"]["splits"].Members()) {
    const auto time = ReadUnixSeconds(event["date"]);
    const auto numerator = ReadPrice(event["numerator"]);
    const auto denominator = ReadPrice(event["denominator"]);
    if (!time || !numerator || !denominator || numerator->micros() <= 0 || denominator->micros() <= 0) {
      return std::nullopt;
    }
    splits.push_back({.ex_date = DayOf(*time),
                      .what = Split{.numerator = Quantity::FromMicros(numerator->micros()),
                                    .denominator = Quantity::FromMicros(denominator->micros())}});
  }
  return splits;
}

std::optional<std::vector<CorporateAction>> YahooChart::Actions(const std::string& symbol) const {
  const auto splits = Splits();
  if (!splits) return std::nullopt;
  std::vector<CorporateAction> actions = *splits;
  for (const auto& [key, event] : result_["events"]["dividends"].Members()) {
    const auto time = ReadUnixSeconds(event["date"]);
    const auto amount = ReadFloatPrice(event["amount"]);
    if (!time || !amount) return std::nullopt;
    const Timestamp day = DayOf(*time);
    const Price paid = Price::FromMicros(BeforeSplits(amount->micros(), day, *splits, false));
    if (paid.micros() > 0) actions.push_back({.ex_date = day, .what = Dividend{paid}});
  }
  for (CorporateAction& action : actions) action.symbol = symbol;
  return OneOfAKindADay(std::move(actions));
}

}  // namespace papertape::market
