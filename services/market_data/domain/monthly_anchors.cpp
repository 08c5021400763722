#include "services/market_data/domain/monthly_anchors.h"

#include <cmath>
#include <optional>
#include <vector>

#include "fmt/format.h"
#include "libs/status/status.h"
#include "services/market_data/domain/csv_lines.h"

namespace papertape::market {
namespace {

constexpr std::size_t kMaxLineBytes = 256;
constexpr double kTradingDaysAMonth = 21;

Anchor AnchorOf(const std::vector<Price>& closes) {
  Anchor anchor{.last_close = closes.back()};
  if (closes.size() < 3) return anchor;
  double sum = 0;
  double squares = 0;
  for (std::size_t i = 1; i < closes.size(); ++i) {
    const double move = std::log(static_cast<double>(closes[i].micros()) / static_cast<double>(closes[i - 1].micros()));
    sum += move;
    squares += move * move;
  }
  const auto count = static_cast<double>(closes.size() - 1);
  const double variance = (squares - sum * sum / count) / (count - 1);
  anchor.daily_volatility = std::sqrt(std::max(variance, 0.0) / kTradingDaysAMonth);
  return anchor;
}

}  // namespace

absl::StatusOr<std::map<std::string, Anchor>> ParseMonthlyAnchors(std::string_view text) {
  CsvLines lines(text, kMaxLineBytes);
  PT_ASSIGN_OR_RETURN(const std::optional<CsvLine> header, lines.Next());
  if (!header || header->fields != std::vector<std::string_view>{"symbol", "date", "price"}) {
    return InvalidField("csv", "does not begin with `symbol,date,price`");
  }
  std::map<std::string, std::vector<Price>> closes;
  while (true) {
    PT_ASSIGN_OR_RETURN(const std::optional<CsvLine> line, lines.Next());
    if (!line) break;
    if (line->fields.size() != 3) return line->Wrong("it does not have three fields");
    const absl::StatusOr<std::int64_t> micros = ParseDecimal(line->fields[2]);
    if (!micros.ok() || *micros <= 0) return line->Wrong(fmt::format("`{}` is not a price", line->fields[2]));
    closes[std::string(line->fields[0])].push_back(Price::FromMicros(*micros));
  }
  std::map<std::string, Anchor> anchors;
  for (const auto& [symbol, prices] : closes) anchors.emplace(symbol, AnchorOf(prices));
  return anchors;
}

}  // namespace papertape::market
