#include <algorithm>

#include "fmt/format.h"
#include "tests/support/market/fakes.h"

namespace papertape::testing {
namespace {

using market::Bar;
using market::CorporateAction;

// Class shares have a hyphen there.
std::string SymbolOf(std::string ticker) {
  std::replace(ticker.begin(), ticker.end(), '-', '.');
  return ticker;
}

std::string Row(const Bar& bar, const std::vector<CorporateAction>& actions) {
  std::string dividend = "0.0";
  std::string factor = "1.0";
  for (const CorporateAction& action : actions) {
    if (action.ex_date != bar.time) continue;
    if (const auto* paid = std::get_if<market::Dividend>(&action.what)) dividend = Format(paid->amount);
    if (const auto* split = std::get_if<market::Split>(&action.what)) {
      factor = fmt::format(
          "{}", static_cast<double>(split->numerator.micros()) / static_cast<double>(split->denominator.micros()));
    }
  }
  return fmt::format(R"({{"date":"{}T00:00:00.000Z","close":{},"high":{},"low":{},"open":{},"volume":{},"adjClose":{},)"
                     R"("divCash":{},"splitFactor":{}}})",
                     FormatDate(bar.time), Format(bar.close), Format(bar.high), Format(bar.low), Format(bar.open),
                     bar.volume, Format(bar.close), dividend, factor);
}

}  // namespace

HttpAnswer FakeTiingo::TellBusy() {
  return {.status = 429, .body = R"({"detail":"Error: You have run over your hourly request allocation."})"};
}

HttpAnswer FakeTiingo::TellUsedUp() {
  return {.body = "You have run over your 500 symbol look up for this month. Please upgrade.",
          .content_type = "text/plain"};
}

HttpAnswer FakeTiingo::Tell(const HttpAsk& ask) {
  if (ask.Header("authorization") != std::string("Token ") + kFakeKey) {
    return {.status = 401, .body = R"({"detail":"Invalid token."})"};
  }
  constexpr std::string_view kDaily = "/tiingo/daily/";
  constexpr std::string_view kPrices = "/prices";
  if (!ask.path.starts_with(kDaily)) return {.status = 404, .body = R"({"detail":"Not found."})"};
  std::string ticker = ask.path.substr(kDaily.size());
  const bool prices = ticker.ends_with(kPrices);
  if (prices) ticker.resize(ticker.size() - kPrices.size());
  const Listing* const listing = ticker.find('.') == std::string::npos ? tape_.Find(SymbolOf(ticker)) : nullptr;
  if (listing == nullptr) {
    return {.status = 404, .body = fmt::format(R"({{"detail":"Error: Ticker '{}' not found"}})", ticker)};
  }
  if (!prices) {
    return {.body = fmt::format(R"({{"ticker":"{}","name":"{}","exchangeCode":"NASDAQ","startDate":"{}",)"
                                R"("endDate":null,"description":"A company."}})",
                                ticker, listing->name, FormatDate(listing->bars.front().time))};
  }
  std::string rows;
  for (const Bar& bar : listing->bars) {
    const std::string day = FormatDate(bar.time);
    if (day < ask.Query("startDate") || day > ask.Query("endDate")) continue;
    rows += (rows.empty() ? "" : ",") + Row(bar, listing->actions);
  }
  return {.body = "[" + rows + "]"};
}

}  // namespace papertape::testing
