#include "services/market_data/clients/yahoo_provider.h"

#include <optional>
#include <utility>

#include "fmt/format.h"
#include "libs/status/status.h"
#include "services/market_data/clients/provider_answer.h"
#include "services/market_data/clients/yahoo_chart.h"
#include "services/market_data/domain/provider_errors.h"

namespace papertape::market {
namespace {

// As the catalogue's, but for the class of a share; .NS and .BO tell Indian ones on both sides.
std::string TickerOf(std::string_view symbol) {
  if (symbol.starts_with('^') || symbol.ends_with(".NS") || symbol.ends_with(".BO")) return std::string(symbol);
  return WithClassAfter('-', symbol);
}

std::string_view IntervalThere(Interval interval) {
  switch (interval) {
    case Interval::kHour:
      return "60m";
    case Interval::kWeek:
      return "";
    default:
      return IntervalName(interval);
  }
}

}  // namespace

bool YahooProvider::Can(Ability ability, const Instrument& instrument) const {
  const bool known_place = IsAmerican(instrument) || instrument.exchange == "XNSE" || instrument.exchange == "XBOM";
  switch (ability) {
    case Ability::kDailyBars:
    case Ability::kMinuteBars:
      return known_place;
    case Ability::kCorporateActions:
      return known_place && !instrument.is_index;
    // A quarter of an hour old, as exchanges want it: for indices that hardly anybody else tells.
    case Ability::kQuote:
      return instrument.is_index && (instrument.exchange == "XNSE" || instrument.exchange == "XBOM");
    default:
      return false;
  }
}

absl::StatusOr<json::Document> YahooProvider::Chart(const std::string& symbol, std::string_view interval,
                                                    Timestamp from, Instant deadline) {
  const auto seconds = [](Timestamp time) { return std::to_string(MicrosSinceEpoch(time) / 1'000'000); };
  PT_ASSIGN_OR_RETURN(http::Response response,
                      client_.Get({.path = "/v8/finance/chart/" + http::Encode(TickerOf(symbol)),
                                   .parameters = {{"period1", seconds(from)},
                                                  {"period2", seconds(clock_.Now())},
                                                  {"interval", std::string(interval)},
                                                  {"includePrePost", "false"},
                                                  {"events", "div,splits"}}},
                                  deadline));
  absl::StatusOr<json::Document> document = ReadAnswer(name(), std::move(response.body));
  if (!document.ok() && response.status < 400) return document.status();
  const json::Value chart = document.ok() ? document->root()["chart"] : json::Value();
  const json::Value error = chart["error"];
  if (response.status >= 400 || !error.IsEmpty()) {
    const int status = error["code"].String() == "Not Found" ? 404 : std::max(response.status, 400);
    return Refusal(name(), symbol, status, error["description"].String().value_or(""), "");
  }
  if (chart["result"].Elements().size() != 1) return ProviderMalformed(name(), "gives no chart");
  return document;
}

absl::StatusOr<ProvidedBars> YahooProvider::Bars(const BarRequest& request, Instant deadline) {
  const std::string_view interval = IntervalThere(request.interval);
  if (interval.empty()) return Provider::Bars(request, deadline);
  PT_ASSIGN_OR_RETURN(const json::Document document, Chart(request.symbol, interval, request.from, deadline));
  auto bars = YahooChart(document.root()["chart"]["result"].Elements().front()).Bars(request.interval);
  if (!bars) return ProviderMalformed(name(), "gives a chart whose columns do not fit each other");
  std::erase_if(*bars, [&](const Bar& bar) { return bar.time < request.from || bar.time > request.until; });
  return ProvidedBars{.bars = *std::move(bars)};
}

absl::StatusOr<std::vector<Quote>> YahooProvider::Quotes(const std::vector<std::string>& symbols, Instant deadline) {
  std::vector<Quote> quotes;
  absl::Status unknown;
  for (const std::string& symbol : symbols) {
    const auto today = std::chrono::floor<std::chrono::days>(clock_.Now());
    const absl::StatusOr<json::Document> document = Chart(symbol, "1d", today, deadline);
    if (ReasonOf(document.status()) == Reason::kUNKNOWN_SYMBOL) {
      unknown = document.status();
      continue;
    }
    PT_RETURN_IF_ERROR(document.status());
    std::optional<Quote> quote = YahooChart(document->root()["chart"]["result"].Elements().front()).Newest(symbol);
    if (!quote) return ProviderMalformed(name(), "gives a chart without its last price");
    quote->source = name();
    quotes.push_back(*std::move(quote));
  }
  if (quotes.empty() && !unknown.ok()) return unknown;
  return quotes;
}

absl::StatusOr<std::vector<CorporateAction>> YahooProvider::Actions(const std::string& symbol, Timestamp from,
                                                                    Timestamp until, Instant deadline) {
  PT_ASSIGN_OR_RETURN(const json::Document document, Chart(symbol, "1d", from, deadline));
  auto actions = YahooChart(document.root()["chart"]["result"].Elements().front()).Actions(symbol);
  if (!actions) return ProviderMalformed(name(), "gives an event without what belongs in it");
  std::erase_if(*actions,
                [&](const CorporateAction& action) { return action.ex_date < from || action.ex_date > until; });
  return *std::move(actions);
}

}  // namespace papertape::market
